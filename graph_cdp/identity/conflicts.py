"""What speaks against two clusters being one person, one ground at a time.

A *ground* sorts clusters into classes (who holds the same user ids, who has the same names) and says which
classes cannot be one person. Comparing classes rather than clusters keeps a phone that five hundred records
share as cheap as the few names they have.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TypeVar

from graph_cdp.identity.facts import ALIAS, Facts, FoldedName, Limit, values_max
from graph_cdp.identity.model import Reason, ReasonCode
from graph_cdp.identity.policy import KindRule, Policy
from graph_cdp.matching.dates import birth_dates_differ
from graph_cdp.matching.identifiers import may_be_mistyped
from graph_cdp.matching.names import folded_names_differ

T = TypeVar("T")

ClusterFacts = Mapping[int, Facts]
"""The facts of clusters by the number of the cluster."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """A ground on which some of these clusters cannot be one person.

    `class_of` gives the class of each cluster that the ground knows anything about; `opposed` says whether two
    classes speak against each other. It is symmetric, and no class opposes itself.
    """

    reason: Reason
    class_of: Mapping[int, int]
    opposed: Callable[[int, int], bool]

    def first(self) -> tuple[int, int] | None:
        """The first two clusters, in order of their numbers, that oppose each other."""
        first_of: dict[int, int] = {}
        for cluster in sorted(self.class_of):
            first_of.setdefault(self.class_of[cluster], cluster)
        for left, right in combinations(first_of, 2):
            if self.opposed(left, right):
                return first_of[left], first_of[right]
        return None

    def opposing(self) -> list[int]:
        """For each class the classes that oppose it, as the bits of a number."""
        count = len(set(self.class_of.values()))
        masks = [0] * count
        for left, right in combinations(range(count), 2):
            if self.opposed(left, right):
                masks[left] |= 1 << right
                masks[right] |= 1 << left
        return masks


def grounds(clusters: ClusterFacts, rule: KindRule | None, policy: Policy) -> Iterator[Ground]:
    """Every ground against joining all of these clusters by evidence of a rule, the gravest first.

    `rule` is None for match edges: weaker than every identifier, so restrained by everything, but not by numbers that may
    be one number mistyped: who compared the records has weighed that. Two known users of a device, and the two sides of an alias, may not hold different values of a kind that tells people apart.
    """
    if rule is not None and rule.is_device:
        yield from _different(clusters, policy, "DIFFERENT_VALUES")
    if rule is not None and rule.kind == ALIAS:
        yield from _different(clusters, policy, "REFUSED_BOTH_KNOWN")
    yield from _limits(clusters, rule, policy)
    if rule is None or rule.shared_by_people:
        yield from _names(clusters)
        yield from _birth_dates(clusters)


def vetoes(clusters: ClusterFacts, cluster_of: Sequence[int]) -> Iterator[Ground]:
    """The ground of human verdicts. `cluster_of` gives the cluster of each record."""
    parted: dict[int, frozenset[int]] = {}
    for number, facts in clusters.items():
        others = frozenset(cluster_of[record] for record in facts.vetoed) & clusters.keys()
        if others - {number}:
            parted[number] = frozenset(others)
    if parted:
        numbers = sorted(parted)
        yield Ground(
            reason=Reason(code="VETO"),
            class_of={number: place for place, number in enumerate(numbers)},
            opposed=lambda left, right: numbers[right] in parted[numbers[left]],
        )


def told_apart(clusters: ClusterFacts, kind: str, policy: Policy) -> int:
    """How many of these clusters something other than `kind` tells apart from the rest.

    A cluster is told apart by a value that no other of them holds, of a limited kind of which another holds one
    too (devices do not tell people apart), or by a name that clearly differs from those counted before.
    """
    apart: set[int] = set()
    for limit, held in _held_by_limit(clusters).items():
        if limit.kind != kind and not policy.rule(limit.kind).is_device:
            apart |= _with_own_value(held)
    return max(len(apart), _people_by_name(clusters))


def _with_own_value(held: Mapping[int, frozenset[str]]) -> set[int]:
    holders: dict[str, int] = {}
    for values in held.values():
        for value in values:
            holders[value] = holders.get(value, 0) + 1
    return {number for number, values in held.items() if any(holders[value] == 1 for value in values)}


def _people_by_name(clusters: ClusterFacts) -> int:
    people: list[frozenset[FoldedName]] = []
    for names in sorted({facts.names for facts in clusters.values() if facts.names}, key=sorted):
        if all(_all_names_differ(names, others) for others in people):
            people.append(names)
    return len(people)


def _limits(clusters: ClusterFacts, rule: KindRule | None, policy: Policy) -> Iterator[Ground]:
    """One ground for each limit, of the rule's own or a stronger kind, that the whole would newly exceed."""
    held = _held_by_limit(clusters)
    for limit in sorted(held, key=lambda limit: (policy.rule(limit.kind).rank, limit)):
        if rule is not None and policy.rule(limit.kind).rank > rule.rank:
            return
        sets = held[limit]
        together = len(frozenset[str]().union(*sets.values()))
        if together > max(values_max(limit, policy), *map(len, sets.values())):
            is_typed = rule is None and limit.kind not in policy.kinds
            differ = _numbers_clearly_differ if is_typed else _each_has_its_own
            yield from _ground(Reason(code="LIMIT_EXCEEDED", kind=str(limit)), sets, differ)


def _different(clusters: ClusterFacts, policy: Policy, code: ReasonCode) -> Iterator[Ground]:
    for kind in policy.tells_apart:
        yield from _ground(Reason(code=code, kind=kind), _held(clusters, Limit(kind)), _each_has_its_own)


def _names(clusters: ClusterFacts) -> Iterator[Ground]:
    named = {number: facts.names for number, facts in clusters.items() if facts.names}
    yield from _ground(Reason(code="GIVEN_NAMES_DIFFER"), named, _all_names_differ)


def _birth_dates(clusters: ClusterFacts) -> Iterator[Ground]:
    dated = {number: facts.birth_dates for number, facts in clusters.items() if facts.birth_dates}
    yield from _ground(Reason(code="BIRTH_DATES_DIFFER"), dated, _all_birth_dates_differ)


def _ground(
    reason: Reason, held: Mapping[int, frozenset[T]], differ: Callable[[frozenset[T], frozenset[T]], bool]
) -> Iterator[Ground]:
    """The ground on which clusters that hold sets oppose each other; none where all hold the same."""
    classes: dict[frozenset[T], int] = {}
    class_of = {number: classes.setdefault(held[number], len(classes)) for number in sorted(held)}
    if len(classes) > 1:
        sets = tuple(classes)
        yield Ground(
            reason=reason, class_of=class_of, opposed=lambda left, right: differ(sets[left], sets[right])
        )


def _held_by_limit(clusters: ClusterFacts) -> dict[Limit, dict[int, frozenset[str]]]:
    """What the clusters hold of each limit that two of them or more hold something of."""
    held: dict[Limit, dict[int, frozenset[str]]] = {}
    for number, facts in clusters.items():
        for limit, values in facts.values.items():
            held.setdefault(limit, {})[number] = values
    return {limit: sets for limit, sets in held.items() if len(sets) > 1}


def _held(clusters: ClusterFacts, limit: Limit) -> dict[int, frozenset[str]]:
    return {number: facts.values[limit] for number, facts in clusters.items() if limit in facts.values}


def _each_has_its_own(left: frozenset[str], right: frozenset[str]) -> bool:
    return not left <= right and not right <= left


def _numbers_clearly_differ(left: frozenset[str], right: frozenset[str]) -> bool:
    return all(not may_be_mistyped(a, b) for a in left for b in right)


def _all_names_differ(left: frozenset[FoldedName], right: frozenset[FoldedName]) -> bool:
    return all(folded_names_differ(a, b) for a in left for b in right)


def _all_birth_dates_differ(left: frozenset[str], right: frozenset[str]) -> bool:
    return all(birth_dates_differ(a, b) for a in left for b in right)
