"""One rank of evidence, judged: what joins, what is contested and by what.

Every piece is tested alone, then those that passed are tested together; all against the clusters as they stood
when the rank began, so that the order within a rank does not exist.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from graph_cdp.identity.conflicts import Ground, grounds, told_apart, vetoes
from graph_cdp.identity.model import Evidence, Reason
from graph_cdp.identity.partition import Partition
from graph_cdp.identity.paths import between, block_tree
from graph_cdp.identity.policy import KindRule, Policy


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """Evidence on trial: the clusters that it touches, and the reason why it is refused whatever they are.

    `rule` is None for a human's verdict, which only another verdict restrains.
    """

    evidence: Evidence
    rule: KindRule | None
    clusters: tuple[int, ...]
    refused: Reason | None = None

    @property
    def first_two(self) -> tuple[int, int]:
        """Two of the clusters, where no conflict singles any out."""
        return self.clusters[0], self.clusters[1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Contest:
    """A piece that joins nobody, for a reason, and the two clusters between which it stands."""

    piece: Piece
    reason: Reason
    between: tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """The pieces that join, the clusters that they make one, and the pieces that are contested."""

    joining: list[Piece]
    components: list[list[int]]
    contested: list[Contest]


def judge(pieces: Iterable[Piece], partition: Partition, policy: Policy) -> Judgement:
    """Judge the pieces of one rank. Nothing is changed; apply the components to do so."""
    passed: list[Piece] = []
    contested: list[Contest] = []
    for piece in pieces:
        if len(piece.clusters) > 1:
            contest = _alone(piece, partition, policy)
            if contest:
                contested.append(contest)
            else:
                passed.append(piece)
    while True:
        conflicts = list(_together(passed, partition, policy))
        if not conflicts:
            components = [clusters for clusters, _ in _components(passed)]
            return Judgement(joining=passed, components=components, contested=contested)
        contested.extend(conflicts)
        out = {id(contest.piece) for contest in conflicts}
        passed = [piece for piece in passed if id(piece) not in out]


def _alone(piece: Piece, partition: Partition, policy: Policy) -> Contest | None:
    if piece.refused:
        return Contest(piece=piece, reason=piece.refused, between=piece.first_two)
    pair, reason = None, None
    for ground in _grounds(piece.clusters, [piece.rule], partition, policy):
        pair = ground.first()
        if pair:
            reason = ground.reason
            break
    named_by_conflict = reason and (reason.code == "VETO" or (piece.rule and piece.rule.is_device))
    if not named_by_conflict and _held_by_too_many(piece, partition, policy):
        reason = Reason(code="HELD_BY_TOO_MANY")
    return Contest(piece=piece, reason=reason, between=pair or piece.first_two) if reason else None


def _held_by_too_many(piece: Piece, partition: Partition, policy: Policy) -> bool:
    rule = piece.rule
    if rule is None or not rule.shared_by_people or rule.people_per_value is None:
        return False
    if len(piece.clusters) <= rule.people_per_value:
        return False
    return told_apart(partition.facts_by_cluster(piece.clusters), rule.kind, policy) > rule.people_per_value


def _together(pieces: Sequence[Piece], partition: Partition, policy: Policy) -> Iterator[Contest]:
    """The pieces that lie between clusters which all of them together would join, and which may not be one."""
    for clusters, component in _components(pieces):
        if len(component) == 1:
            continue  # tested alone
        rules = list({id(piece.rule): piece.rule for piece in component}.values())
        found: dict[int, Contest] = {}
        tree = None
        for ground in _grounds(clusters, rules, partition, policy):
            if ground.first() is None:
                continue
            place = {cluster: vertex for vertex, cluster in enumerate(clusters)}
            tree = tree or block_tree(_bipartite(place, component))
            class_of = {place[cluster]: number for cluster, number in ground.class_of.items()}
            for vertex, (left, right) in between(tree, class_of, ground.opposing()).items():
                if vertex >= len(clusters):
                    piece = component[vertex - len(clusters)]
                    sides = clusters[left], clusters[right]
                    found.setdefault(vertex, Contest(piece=piece, reason=ground.reason, between=sides))
        yield from (found[vertex] for vertex in sorted(found))


def _grounds(
    clusters: Iterable[int], rules: Iterable[KindRule | None], partition: Partition, policy: Policy
) -> Iterator[Ground]:
    facts = partition.facts_by_cluster(clusters)
    yield from vetoes(facts, partition.cluster_of)
    for rule in rules:
        if rule is not None:
            yield from grounds(facts, rule, policy)


def _bipartite(place: Mapping[int, int], pieces: Sequence[Piece]) -> list[list[int]]:
    """The graph of clusters (by place) and pieces (numbered after them)."""
    graph: list[list[int]] = [[] for _ in range(len(place) + len(pieces))]
    for vertex, piece in enumerate(pieces, start=len(place)):
        for cluster in piece.clusters:
            graph[vertex].append(place[cluster])
            graph[place[cluster]].append(vertex)
    return graph


def _components(pieces: Sequence[Piece]) -> Iterator[tuple[list[int], list[Piece]]]:
    """Clusters that pieces connect, with these pieces; in the order of their lowest cluster."""
    if len(pieces) == 1:
        yield list(pieces[0].clusters), list(pieces)
        return
    pieces_of: dict[int, list[int]] = {}
    for number, piece in enumerate(pieces):
        for cluster in piece.clusters:
            pieces_of.setdefault(cluster, []).append(number)
    seen: set[int] = set()
    for start in sorted(pieces_of):
        if start in seen:
            continue
        seen.add(start)
        clusters, numbers = [start], set[int]()
        for cluster in clusters:
            fresh = [number for number in pieces_of[cluster] if number not in numbers]
            numbers.update(fresh)
            new = {other for number in fresh for other in pieces[number].clusters} - seen
            seen |= new
            clusters.extend(new)
        yield sorted(clusters), [pieces[number] for number in sorted(numbers)]
