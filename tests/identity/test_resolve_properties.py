"""What holds of `resolve` for all evidence; the reference is brute force."""

import random
from dataclasses import replace
from itertools import combinations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graph_cdp.identity.model import Alarm, Cluster, MatchEdge, Resolution
from graph_cdp.identity.resolve import resolve
from graph_cdp.matching.identifiers import may_be_mistyped
from tests.identity.reference import Reference, answer_of
from tests.identity.strategies import Case, cases

FAST = settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
SOAK = settings(max_examples=10_000, deadline=None, suppress_health_check=[HealthCheck.too_slow])

SEEDS = st.integers(0, 2**32)


def _resolve(case: Case) -> Resolution:
    return resolve(case.records, case.verdicts, case.edges, case.policy)


def _rearranged(case: Case, seed: int) -> Case:
    """The same evidence in another order, edges turned round, all that can be said twice said twice."""
    chance = random.Random(seed)
    records = [
        replace(one, holdings=tuple(chance.sample(one.holdings, len(one.holdings)))) for one in case.records
    ]
    turned = tuple(
        MatchEdge(left=one.right, right=one.left, weight=one.weight, probability=one.probability)
        for one in case.edges
    )
    return replace(
        case,
        records=tuple(chance.sample(records, len(records))),
        verdicts=tuple(chance.sample(case.verdicts * 2, len(case.verdicts) * 2)),
        edges=tuple(chance.sample(case.edges + turned, len(case.edges) * 2)),
    )


def _check_order(case: Case, seed: int) -> None:
    first, again = _resolve(case), _resolve(_rearranged(case, seed))
    assert again == first


@FAST
@given(cases(), SEEDS)
def test_order_and_repetition_change_nothing(case: Case, seed: int) -> None:
    _check_order(case, seed)


@pytest.mark.soak
@pytest.mark.timeout(3600)
@SOAK
@given(cases(), SEEDS)
def test_order_and_repetition_change_nothing_at_length(case: Case, seed: int) -> None:
    _check_order(case, seed)


@FAST
@given(cases())
def test_brute_force_finds_the_same_people_and_refusals(case: Case) -> None:
    assert answer_of(_resolve(case)) == Reference(case).answer()


@pytest.mark.soak
@pytest.mark.timeout(3600)
@SOAK
@given(cases())
def test_brute_force_finds_the_same_people_and_refusals_at_length(case: Case) -> None:
    assert answer_of(_resolve(case)) == Reference(case).answer()


@FAST
@given(cases())
def test_clusters_partition_the_records(case: Case) -> None:
    held = [key for cluster in _resolve(case).clusters for key in cluster.records]
    assert sorted(held) == sorted(record.key for record in case.records)


@FAST
@given(cases())
def test_no_veto_is_broken(case: Case) -> None:
    parted = Reference(case).parted
    people = [cluster.records for cluster in _resolve(case).clusters]
    assert [pair for pair in parted for records in people if pair <= records] == []


@FAST
@given(cases())
def test_a_limit_is_exceeded_only_by_what_a_stronger_kind_or_a_human_joined(case: Case) -> None:
    resolution = _resolve(case)
    for alarm in resolution.alarms:
        before = _values_by_stronger_evidence(case, alarm, resolution.clusters[alarm.cluster])
        assert before == alarm.values or _holds_what_may_be_mistyped(case, resolution, alarm)


@FAST
@given(cases())
def test_without_matches_no_number_is_taken_for_mistyped(case: Case) -> None:
    resolution = _resolve(replace(case, edges=()))
    for alarm in resolution.alarms:
        before = _values_by_stronger_evidence(case, alarm, resolution.clusters[alarm.cluster])
        assert before == alarm.values


def _values_by_stronger_evidence(case: Case, alarm: Alarm, cluster: Cluster) -> int:
    """How many values of its kind stronger kinds and humans alone have brought into this cluster."""
    rank = case.policy.rule(alarm.kind.partition(":")[0]).rank
    stronger = _resolve(replace(case, edges=(), policy=replace(case.policy, rank_max=rank - 1)))
    of_kind = (one for one in stronger.alarms if one.kind == alarm.kind)
    within = (one.values for one in of_kind if stronger.clusters[one.cluster].records <= cluster.records)
    return max(within, default=0)


def _holds_what_may_be_mistyped(case: Case, resolution: Resolution, alarm: Alarm) -> bool:
    """Whether the person holds two values, of a kind without a rule, that may be one number mistyped (decision 8)."""
    if alarm.kind.partition(":")[0] in case.policy.kinds:
        return False
    person = resolution.clusters[alarm.cluster].records
    held = {one.identifier for record in case.records if record.key in person for one in record.holdings}
    values = sorted(one.value for one in held if one.kind == alarm.kind)
    return any(may_be_mistyped(left, right) for left, right in combinations(values, 2))


@FAST
@given(cases())
def test_every_person_is_held_together_by_its_joins(case: Case) -> None:
    resolution = _resolve(case)
    part = {record.key: record.key for record in case.records}
    for join in resolution.joins:
        first, *others = {part[key] for key in join.evidence.holders}
        part = {key: first if root in others else root for key, root in part.items()}
    for cluster in resolution.clusters:
        assert len({part[key] for key in cluster.records}) == 1


@FAST
@given(cases())
def test_a_refusal_names_people_whom_it_keeps_apart(case: Case) -> None:
    resolution = _resolve(case)
    of = {key: number for number, cluster in enumerate(resolution.clusters) for key in cluster.records}
    for refusal in resolution.refusals:
        assert refusal.clusters == tuple(sorted({of[key] for key in refusal.evidence.holders}))
        assert len(refusal.clusters) > 1
        assert refusal.between[0] != refusal.between[1]
