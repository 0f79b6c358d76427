"""`resolve` once more, by brute force and for small cases only: every pair compared, every simple path walked.

It shares the policy's data and the comparison of two names, dates or numbers with the code under test, nothing else.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from graph_cdp.identity.model import (
    EvidenceRecord,
    MatchEdge,
    Resolution,
    SameVerdict,
    SharedIdentifier,
    Verdict,
)
from graph_cdp.identity.policy import KindRule, Policy
from graph_cdp.matching.dates import birth_dates_differ
from graph_cdp.matching.identifiers import may_be_mistyped
from graph_cdp.matching.names import given_names_differ
from tests.identity.strategies import DAY_MS, Case

Keys = frozenset[str]
Parts = list[Keys]


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is on trial: a name for it, the records it touches, its rule (None: a verdict)."""

    name: tuple[str, ...]
    holders: Keys
    rule: KindRule | None
    refused: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """Who is who, and which evidence is refused: names with holders, only where they touch several people."""

    people: frozenset[Keys]
    refused: frozenset[tuple[tuple[str, ...], Keys]]


def answer_of(resolution: Resolution) -> Answer:
    """What `resolve` said, in the terms of this file."""
    refused: set[tuple[tuple[str, ...], Keys]] = set()
    for refusal in resolution.refusals:
        match refusal.evidence:
            case SharedIdentifier(identifier=key, holders=holders):
                refused.add(((key.kind, key.value), frozenset(holders)))
            case SameVerdict(holders=holders):
                refused.add((("same",), frozenset(holders)))
            case matched:
                refused.add((("match",), frozenset(matched.holders)))
    return Answer(frozenset(frozenset(one.records) for one in resolution.clusters), frozenset(refused))


class Reference:
    """One case, worked through rank by rank."""

    def __init__(self, case: Case) -> None:
        self.policy = case.policy
        self.records = {str(record.key): record for record in case.records}
        self.parts: Parts = [frozenset({key}) for key in self.records]
        self.refused: list[Evidence] = []
        self.same, self.parted = _settle(case.verdicts)
        self._judge([Evidence(("same",), pair, None) for pair in self.same])
        by_rank: dict[int, list[Evidence]] = {}
        for one in _claims(case.records, case.policy):
            by_rank.setdefault(one.rule.rank if one.rule else 0, []).append(one)
        for rank in sorted(by_rank):
            if rank <= case.policy.rank_max:
                self._judge(by_rank[rank])
        if case.policy.rank_max > 8:
            self._match(case.edges)

    def answer(self) -> Answer:
        """The people, and what is still refused."""
        refused = {(one.name, one.holders) for one in self.refused if len(self._touched(one)) > 1}
        return Answer(frozenset(self.parts), frozenset(refused))

    def _touched(self, one: Evidence) -> Parts:
        return [part for part in self.parts if part & one.holders]

    def _judge(self, evidence: list[Evidence]) -> None:
        live = [one for one in evidence if len(self._touched(one)) > 1]
        alone = [
            one
            for one in live
            if one.refused or self._too_many(one) or self._conflicts(self._touched(one), one)
        ]
        self.refused += alone
        live = [one for one in live if one not in alone]
        while out := [one for one in live if self._on_a_path(one, live)]:
            self.refused += out
            live = [one for one in live if one not in out]
        for one in live:
            self._unite(self._touched(one))

    def _unite(self, parts: Parts) -> None:
        self.parts = [part for part in self.parts if part not in parts] + [frozenset().union(*parts)]

    def _on_a_path(self, one: Evidence, live: list[Evidence]) -> bool:
        parts = self._connected(one, live)
        together = [other for other in live if self._touched(other)[0] in parts]
        for left, right in self._conflicts(parts, one):
            if any(one in path for path in self._paths(left, right, together, [])):
                return True
        return False

    def _connected(self, one: Evidence, live: list[Evidence]) -> Parts:
        parts = self._touched(one)
        while True:
            more = [
                part
                for other in live
                if any(part in parts for part in self._touched(other))
                for part in self._touched(other)
                if part not in parts
            ]
            if not more:
                return parts
            parts.append(more[0])

    def _paths(
        self, start: Keys, end: Keys, live: list[Evidence], walked: list[Evidence | Keys]
    ) -> Iterator[list[Evidence | Keys]]:
        if start == end:
            yield walked
            return
        for step in live:
            if step in walked or not step.holders & start:
                continue
            for part in self._touched(step):
                if part != start and part not in walked:
                    yield from self._paths(part, end, live, [*walked, start, step])

    def _conflicts(self, parts: Parts, one: Evidence) -> list[tuple[Keys, Keys]]:
        """The pairs of these clusters that may not be one, by evidence such as this."""
        pairs = list(combinations(parts, 2))
        found = [pair for pair in pairs if self._vetoed(*pair)]
        if one.rule is None and one.name != ("match",):
            return found
        for limit in self._limits():
            rule = self.policy.rule(limit[0])
            if one.rule is None or rule.rank <= one.rule.rank:
                sizes = [len(self._values(part, limit)) for part in parts]
                maximum = 1 if limit[1] else rule.values_per_person or 1
                if len(self._values(frozenset[str]().union(*parts), limit)) > max(maximum, *sizes):
                    is_typed = one.rule is None and limit[0] not in self.policy.kinds
                    differ = self._numbers_differ if is_typed else self._each_has_its_own
                    found += [pair for pair in pairs if differ(*pair, limit)]
        if one.rule and (one.rule.is_device or one.rule.kind == "alias"):
            for kind in self.policy.tells_apart:
                found += [pair for pair in pairs if self._each_has_its_own(*pair, (kind, ""))]
        if one.rule is None or one.rule.shared_by_people:
            found += [pair for pair in pairs if self._names_differ(*pair) or self._dates_differ(*pair)]
        return found

    def _too_many(self, one: Evidence) -> bool:
        rule, parts = one.rule, self._touched(one)
        if rule is None or not rule.shared_by_people or rule.people_per_value is None:
            return False
        apart: set[Keys] = set()
        for limit in self._limits():
            if limit[0] == rule.kind or self.policy.rule(limit[0]).is_device:
                continue
            holding = [part for part in parts if self._values(part, limit)]
            for part in holding:
                others = frozenset[str]().union(
                    *(self._values(other, limit) for other in holding if other != part)
                )
                if len(holding) > 1 and self._values(part, limit) - others:
                    apart.add(part)
        return len(apart) > rule.people_per_value

    def _limits(self) -> set[tuple[str, str]]:
        limits: set[tuple[str, str]] = set()
        for record in self.records.values():
            for holding in record.holdings:
                kind = holding.identifier.kind
                source = holding.identifier.value.partition(":")[0]
                if kind == "customer_id":
                    if source in self.policy.duplicate_free_sources:
                        limits.add((kind, source))
                elif kind != "alias":
                    limits.add((kind, ""))
        return limits

    def _values(self, part: Keys, limit: tuple[str, str]) -> Keys:
        kind, source = limit
        return frozenset(
            holding.identifier.value
            for key in part
            for holding in self.records[key].holdings
            if holding.identifier.kind == kind and holding.identifier.value.startswith(source)
        )

    def _each_has_its_own(self, left: Keys, right: Keys, limit: tuple[str, str]) -> bool:
        one, other = self._values(left, limit), self._values(right, limit)
        return bool(one - other) and bool(other - one)

    def _numbers_differ(self, left: Keys, right: Keys, limit: tuple[str, str]) -> bool:
        """Decision 8: to a match, numbers that may be one number mistyped do not differ."""
        one, other = self._values(left, limit), self._values(right, limit)
        return bool(one and other) and not any(may_be_mistyped(a, b) for a in one for b in other)

    def _vetoed(self, left: Keys, right: Keys) -> bool:
        return any(frozenset({one, other}) in self.parted for one in left for other in right)

    def _names_differ(self, left: Keys, right: Keys) -> bool:
        one, other = self._people_named(left), self._people_named(right)
        return bool(one and other) and all(
            given_names_differ(a, b, left_surname=a_surname, right_surname=b_surname)
            for a, a_surname in one
            for b, b_surname in other
        )

    def _people_named(self, part: Keys) -> list[tuple[str, str | None]]:
        return [(name, self.records[key].surname) for key in part for name in self.records[key].given_names]

    def _dates_differ(self, left: Keys, right: Keys) -> bool:
        one = [date for key in left if (date := self.records[key].birth_date)]
        other = [date for key in right if (date := self.records[key].birth_date)]
        return bool(one and other) and all(birth_dates_differ(a, b) for a in one for b in other)

    def _match(self, edges: Sequence[MatchEdge]) -> None:
        best: dict[Keys, MatchEdge] = {}
        for edge in sorted(edges, key=lambda one: (one.weight, one.probability)):
            best[frozenset({str(edge.left), str(edge.right)})] = edge
        strong = [edge for edge in best.values() if edge.probability >= self.policy.match_probability_join]
        for edge in sorted(strong, key=lambda one: (-one.weight, *sorted((one.left, one.right)))):
            one = Evidence(("match",), frozenset({str(edge.left), str(edge.right)}), None)
            parts = self._touched(one)
            if len(parts) > 1 and self._conflicts(parts, one):
                self.refused.append(one)
            elif len(parts) > 1:
                self._unite(parts)


def _settle(verdicts: Iterable[Verdict]) -> tuple[set[Keys], set[Keys]]:
    said: dict[Keys, str] = {}
    for verdict in sorted(verdicts, key=lambda one: (one.at, one.kind == "not_same")):
        for left in verdict.left:
            for right in verdict.right - {left}:
                said[frozenset({str(left), str(right)})] = verdict.kind
    return (
        {pair for pair, kind in said.items() if kind == "same"},
        {pair for pair, kind in said.items() if kind == "not_same"},
    )


def _claims(records: Sequence[EvidenceRecord], policy: Policy) -> Iterator[Evidence]:
    spans: dict[tuple[str, str], list[tuple[int, int, str]]] = {}
    for record in records:
        for holding in record.holdings:
            name = holding.identifier.kind, holding.identifier.value
            spans.setdefault(name, []).append((holding.first_seen_at, holding.last_seen_at, str(record.key)))
    for (kind, value), held in spans.items():
        rule = policy.rule(kind)
        users = spans.get(("user_id", value), []) if kind == "alias" else []
        if kind == "alias":
            held = held + (users or spans.get(("anonymous_id", value), []))  # noqa: PLW2901
        for group in _groups(held, rule.window_days):
            yield Evidence((kind, value), group, rule, refused=bool(users))


def _groups(held: list[tuple[int, int, str]], window_days: int | None) -> list[Keys]:
    if window_days is None:
        return [frozenset(key for *_, key in held)]
    groups = [[one] for one in held]
    near = window_days * DAY_MS
    while True:
        for left, right in combinations(groups, 2):
            if any(a[0] - b[1] <= near and b[0] - a[1] <= near for a in left for b in right):
                groups.remove(right)
                left.extend(right)
                break
        else:
            return [frozenset(key for *_, key in group) for group in groups]
