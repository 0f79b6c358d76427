"""Who is who: the pure decision at the heart of the graph.

    verdicts ──> user id ──> row keys ──> … ──> devices ──> matches
    (people)     rank 1      rank 2             rank 8      by weight

Evidence is judged from the strongest to the weakest. Whatever joins records at one rank stands when the next
begins; weaker evidence can add to it and never takes it apart. The result depends on what is given, not on the
order in which it is given or in which it arrived.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence

from graph_cdp.identity.claims import Claim, claims_by_rank
from graph_cdp.identity.facts import values_max
from graph_cdp.identity.judgement import Contest, Judgement, Piece, judge
from graph_cdp.identity.matches import join_matches
from graph_cdp.identity.model import (
    Alarm,
    Cluster,
    EvidenceRecord,
    Join,
    MatchEdge,
    Possible,
    Reason,
    Refusal,
    Resolution,
    SameVerdict,
    SharedIdentifier,
    Verdict,
)
from graph_cdp.identity.partition import Partition
from graph_cdp.identity.policy import DEFAULT_POLICY, RANK_WEAKEST, Policy
from graph_cdp.identity.verdicts import Settled, settle
from graph_cdp.ids import RecordKey
from graph_cdp.source.model import IdentifierKey

NO_QUESTION = frozenset({"VETO", "HELD_BY_TOO_MANY", "DIFFERENT_VALUES"})
"""Reasons that raise no question for a human: one has spoken, or the value is nobody's own."""


def resolve(
    records: Iterable[EvidenceRecord],
    verdicts: Iterable[Verdict] = (),
    edges: Iterable[MatchEdge] = (),
    policy: Policy = DEFAULT_POLICY,
    *,
    capped: Collection[IdentifierKey] = (),
) -> Resolution:
    """The people behind these records, by the evidence given, with what joined them and what was refused.

    `records` have different keys and are whole components: everything that their identifiers, verdicts and
    edges connect; several components at once are judged apart from each other. Verdicts and edges about other
    records are left out. `capped` identifiers, of which too many people were found before, join nobody.
    """
    ordered = sorted(records, key=lambda record: record.key)
    index = {record.key: number for number, record in enumerate(ordered)}
    settled = settle(verdicts, index)
    partition = Partition(ordered, settled.parted, policy)
    joins: list[Join] = []
    contests: list[Contest] = []
    _apply(judge(_said_same(settled, ordered), partition, policy), partition, joins, contests)
    for claims in claims_by_rank(ordered, policy, capped):
        pieces = (_piece(claim, partition) for claim in claims)
        _apply(judge(pieces, partition, policy), partition, joins, contests)
    weakest = edges if policy.rank_max >= RANK_WEAKEST else ()
    matched = join_matches(weakest, index, partition, policy)
    return _conclude(
        partition, [*joins, *matched.joins], [*contests, *matched.contested], matched.undecided, policy
    )


def _said_same(settled: Settled, records: Sequence[EvidenceRecord]) -> list[Piece]:
    pieces: list[Piece] = []
    for left, right in sorted(settled.same):
        holders = frozenset((records[left].key, records[right].key))
        said = SameVerdict(verdict_id=settled.same[left, right], holders=holders)
        pieces.append(Piece(evidence=said, rule=None, clusters=(left, right)))
    return pieces


def _piece(claim: Claim, partition: Partition) -> Piece:
    keys = frozenset(partition.records[number].key for number in claim.holders)
    evidence = SharedIdentifier(identifier=claim.identifier, holders=keys)
    refused = Reason(code="REFUSED_BOTH_KNOWN") if claim.names_user else None
    clusters = partition.touched(claim.holders)
    return Piece(evidence=evidence, rule=claim.rule, clusters=clusters, refused=refused)


def _apply(judgement: Judgement, partition: Partition, joins: list[Join], contests: list[Contest]) -> None:
    for piece in judgement.joining:
        parts = tuple(partition.records[cluster].key for cluster in piece.clusters)
        joins.append(Join(evidence=piece.evidence, parts=parts))
    contests.extend(judgement.contested)
    for clusters in judgement.components:
        partition.unite(clusters)


def _conclude(
    partition: Partition,
    joins: Sequence[Join],
    contests: Sequence[Contest],
    undecided: Sequence[MatchEdge],
    policy: Policy,
) -> Resolution:
    roots = sorted(set(partition.cluster_of))
    number_of = {root: number for number, root in enumerate(roots)}
    people = {
        record.key: number_of[root]
        for record, root in zip(partition.records, partition.cluster_of, strict=True)
    }
    return Resolution(
        clusters=tuple(_cluster(root, partition, policy) for root in roots),
        joins=tuple(joins),
        refusals=tuple(_refusals(contests, people, partition)),
        possible=tuple(_possible(undecided, people, partition)),
        alarms=tuple(alarm for root in roots for alarm in _alarms(root, number_of[root], partition, policy)),
    )


def _cluster(root: int, partition: Partition, policy: Policy) -> Cluster:
    members = partition.members(root)
    by_strength = min(
        (not _is_known(partition.records[number], policy), partition.records[number].key)
        for number in members
    )
    return Cluster(
        records=frozenset(partition.records[number].key for number in members),
        known=not by_strength[0],
        founder=by_strength[1],
    )


def _is_known(record: EvidenceRecord, policy: Policy) -> bool:
    return any(policy.rule(holding.identifier.kind).makes_known for holding in record.holdings)


def _refusals(
    contests: Iterable[Contest], people: Mapping[RecordKey, int], partition: Partition
) -> Iterable[Refusal]:
    """What is still refused when all is judged: evidence whose holders became one person is settled."""
    for contest in contests:
        touched = sorted({people[key] for key in contest.piece.evidence.holders})
        if len(touched) > 1:
            rule = contest.piece.rule
            yield Refusal(
                evidence=contest.piece.evidence,
                reason=contest.reason,
                between=(
                    partition.records[contest.between[0]].key,
                    partition.records[contest.between[1]].key,
                ),
                clusters=tuple(touched),
                asks_human=contest.reason.code not in NO_QUESTION and not (rule and rule.is_device),
            )


def _possible(
    undecided: Iterable[MatchEdge], people: Mapping[RecordKey, int], partition: Partition
) -> Iterable[Possible]:
    index = {record.key: number for number, record in enumerate(partition.records)} if undecided else {}
    for edge in undecided:
        left, right = sorted((people[edge.left], people[edge.right]))
        if left != right and not _parted(partition, index[edge.left], index[edge.right]):
            yield Possible(edge=edge, clusters=(left, right))


def _parted(partition: Partition, left: int, right: int) -> bool:
    """Whether a human said that the clusters of two records are not one person."""
    other = partition.cluster_of[right]
    vetoed = partition.facts(partition.cluster_of[left]).vetoed
    return any(partition.cluster_of[record] == other for record in vetoed)


def _alarms(root: int, number: int, partition: Partition, policy: Policy) -> Iterable[Alarm]:
    if not _repeats_a_kind(partition.records[member] for member in partition.members(root)):
        return
    for limit, values in sorted(partition.facts(root).values.items()):
        if len(values) > values_max(limit, policy):
            yield Alarm(
                cluster=number, kind=str(limit), values=len(values), values_max=values_max(limit, policy)
            )


def _repeats_a_kind(records: Iterable[EvidenceRecord]) -> bool:
    """Whether they hold two identifiers of one kind: less exceeds no limit, and most clusters are that small."""
    kinds = [holding.identifier.kind for record in records for holding in record.holdings]
    return len(set(kinds)) < len(kinds)
