"""Probabilistic matches: the weakest evidence, judged one by one, the strongest first."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from itertools import chain

from graph_cdp.identity.conflicts import grounds, vetoes
from graph_cdp.identity.judgement import Contest, Piece
from graph_cdp.identity.model import Join, MatchEdge, RecordMatch
from graph_cdp.identity.partition import Partition
from graph_cdp.identity.policy import Policy
from graph_cdp.ids import RecordKey


@dataclass(frozen=True, slots=True, kw_only=True)
class Matched:
    """What the match edges did: joins, refusals, and edges between the two thresholds."""

    joins: list[Join] = field(default_factory=list[Join])
    contested: list[Contest] = field(default_factory=list[Contest])
    undecided: list[MatchEdge] = field(default_factory=list[MatchEdge])


def join_matches(
    edges: Iterable[MatchEdge], index: Mapping[RecordKey, int], partition: Partition, policy: Policy
) -> Matched:
    """Join along match edges by falling weight, ties by record keys; never across a veto, limit or conflict.

    Of several edges of one pair the strongest counts. Edges to records that are not in `index` are left out. Changes the partition.
    """
    matched = Matched()
    for edge in _strongest_first(edges):
        if edge.left not in index or edge.right not in index:
            continue
        clusters = partition.touched((index[edge.left], index[edge.right]))
        if len(clusters) == 1 or edge.probability < policy.match_probability_review:
            continue
        if edge.probability < policy.match_probability_join:
            matched.undecided.append(edge)
            continue
        piece = Piece(evidence=RecordMatch(edge=edge), rule=None, clusters=clusters)
        contest = _contest(piece, partition, policy)
        if contest:
            matched.contested.append(contest)
        else:
            parts = tuple(partition.records[cluster].key for cluster in clusters)
            matched.joins.append(Join(evidence=piece.evidence, parts=parts))
            partition.unite(clusters)
    return matched


def _contest(piece: Piece, partition: Partition, policy: Policy) -> Contest | None:
    facts = partition.facts_by_cluster(piece.clusters)
    for ground in chain(vetoes(facts, partition.cluster_of), grounds(facts, None, policy)):
        pair = ground.first()
        if pair:
            return Contest(piece=piece, reason=ground.reason, between=pair)
    return None


def _strongest_first(edges: Iterable[MatchEdge]) -> list[MatchEdge]:
    """The strongest edge of each pair, lower key left, by falling weight, ties by keys."""
    of_pair: dict[tuple[RecordKey, RecordKey], MatchEdge] = {}
    for edge in edges:
        left, right = sorted((edge.left, edge.right))
        known = of_pair.get((left, right))
        if known is None or (edge.weight, edge.probability) > (known.weight, known.probability):
            of_pair[left, right] = replace(edge, left=left, right=right)
    return sorted(of_pair.values(), key=lambda one: (-one.weight, one.left, one.right))
