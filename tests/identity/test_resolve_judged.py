"""What humans and matches say, by exact result."""

from dataclasses import replace

from graph_cdp.identity.model import RecordMatch
from graph_cdp.identity.policy import DEFAULT_POLICY, KINDS, Policy
from graph_cdp.identity.resolve import resolve
from tests.identity.shorthand import edge, people, reasons, record, verdict


def test_the_newest_verdict_on_a_pair_wins() -> None:
    records = [record("a"), record("b")]
    said = [verdict("same", "a", "b", at=1), verdict("not_same", "a", "b", at=2)]
    assert people(resolve(records, said)) == ["a", "b"]
    assert people(resolve(records, [*said, verdict("same", "b", "a", at=3)])) == ["ab"]


def test_of_two_verdicts_at_one_time_not_same_wins() -> None:
    said = [verdict("same", "a", "b", at=1), verdict("not_same", "a", "b", at=1)]
    assert people(resolve([record("a"), record("b")], said)) == ["a", "b"]


def test_not_same_beats_a_chain_of_same() -> None:
    records = [record("a"), record("b"), record("c"), record("d")]
    said = [
        verdict("same", "a", "b"),
        verdict("same", "b", "c"),
        verdict("not_same", "a", "c"),
        verdict("same", "c", "d"),
    ]
    resolution = resolve(records, said)
    assert people(resolution) == ["a", "b", "cd"]
    assert reasons(resolution) == ["VETO", "VETO"]


def test_a_veto_is_stronger_than_a_user_id() -> None:
    records = [record("a", "user_id:u1"), record("b", "user_id:u1")]
    resolution = resolve(records, [verdict("not_same", "a", "b")])
    assert people(resolution) == ["a", "b"]
    assert [(str(one.reason), one.asks_human) for one in resolution.refusals] == [("VETO", False)]


def test_a_veto_holds_along_a_chain_of_evidence() -> None:
    records = [record("a", "email:1"), record("b", "email:1", "email:2"), record("c", "email:2")]
    assert people(resolve(records)) == ["abc"]
    assert people(resolve(records, [verdict("not_same", "a", "c")])) == ["a", "b", "c"]


def test_a_verdict_joins_two_accounts_and_the_limit_rings_without_parting_them() -> None:
    records = [record("a", "user_id:u1", "email:1"), record("b", "user_id:u2", "email:1")]
    resolution = resolve(records, [verdict("same", "a", "b")])
    assert people(resolution) == ["ab"]
    assert resolution.refusals == ()
    assert [(alarm.kind, alarm.values, alarm.values_max) for alarm in resolution.alarms] == [
        ("user_id", 2, 1)
    ]


def test_an_alias_to_a_user_id_is_settled_by_a_human() -> None:
    records = [record("a", "user_id:u1"), record("b", "user_id:u2", "alias:u1")]
    assert reasons(resolve(records)) == ["REFUSED_BOTH_KNOWN"]
    assert resolve(records, [verdict("same", "a", "b")]).refusals == ()


def test_of_two_matches_that_exclude_each_other_the_stronger_joins() -> None:
    records = [record("a", "user_id:u1"), record("b"), record("c", "user_id:u2")]
    resolution = resolve(records, edges=[edge("a", "b", 5), edge("b", "c", 6)])
    assert people(resolution) == ["a", "bc"]
    assert reasons(resolution) == ["LIMIT_EXCEEDED/user_id"]
    assert resolution.refusals[0].asks_human


def test_of_two_equal_matches_the_one_with_lower_keys_joins() -> None:
    records = [record("a", "user_id:u1"), record("b"), record("c", "user_id:u2")]
    assert people(resolve(records, edges=[edge("c", "b", 5), edge("b", "a", 5)])) == ["ab", "c"]


def test_of_several_matches_of_one_pair_the_strongest_counts() -> None:
    records = [record("a"), record("b")]
    weak, strong, stronger = edge("a", "b", 3, 0.7), edge("b", "a", 3, 0.95), edge("a", "b", 3, 0.99)
    for edges in ([weak, strong, stronger], [stronger, strong, weak], [strong, stronger, weak]):
        (join,) = resolve(records, edges=edges).joins
        assert join.evidence == RecordMatch(edge=stronger)


def test_a_refusal_that_weaker_evidence_settles_is_no_longer_told() -> None:
    policy = Policy(kinds={**KINDS, "email": replace(KINDS["email"], people_per_value=1)})
    records = [record("a", "email:e", "phone:1"), record("b", "email:e", "phone:2")]
    assert reasons(resolve(records, policy=policy)) == ["HELD_BY_TOO_MANY"]
    settled = resolve(records, edges=[edge("a", "b", 9)], policy=policy)
    assert (people(settled), settled.refusals, settled.contested) == (["ab"], (), frozenset())


def test_ties_of_matches_are_broken_by_the_lower_key_first() -> None:
    records = [
        record("a", "user_id:u1"),
        record("b", "user_id:u2"),
        record("c", "email:1"),
        record("d", "email:1"),
    ]
    assert people(resolve(records, edges=[edge("b", "c", 5), edge("a", "d", 5)])) == ["acd", "b"]


def test_a_match_between_the_thresholds_is_left_to_a_human() -> None:
    records = [record("a"), record("b"), record("c")]
    edges = [edge("a", "b", 3, 0.7), edge("b", "c", 1, 0.49)]
    resolution = resolve(records, edges=edges)
    assert people(resolution) == ["a", "b", "c"]
    assert [(one.edge, one.clusters) for one in resolution.possible] == [(edges[0], (0, 1))]
    assert resolve(records, [verdict("not_same", "a", "b")], edges).possible == ()


def test_a_match_never_joins_across_names_that_clearly_differ() -> None:
    records = [record("a", first_name="Anne"), record("b", first_name="Paul")]
    assert reasons(resolve(records, edges=[edge("a", "b", 9)])) == ["GIVEN_NAMES_DIFFER"]


def test_while_a_job_waits_records_join_by_verdict_and_user_id_only() -> None:
    records = [
        record("a", "user_id:u1", "email:1"),
        record("b", "email:1"),
        record("c", "user_id:u1"),
        record("d"),
    ]
    waiting = replace(DEFAULT_POLICY, rank_max=1)
    said = [verdict("same", "b", "d")]
    assert people(resolve(records, said, [edge("a", "b", 9)], waiting)) == ["ac", "bd"]
