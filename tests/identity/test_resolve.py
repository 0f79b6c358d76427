"""`resolve` on cases of identifiers that the scenarios leave out, by exact result."""

from dataclasses import replace

from graph_cdp.identity.model import EvidenceRecord, Holding, Reason, Resolution
from graph_cdp.identity.policy import KINDS, Policy
from graph_cdp.identity.resolve import resolve
from graph_cdp.ids import RecordKey
from graph_cdp.source.model import IdentifierKey
from tests.identity.shorthand import DAY_MS, people, reasons, record


def test_no_records_are_no_people() -> None:
    assert resolve([]) == Resolution(clusters=())


def test_a_join_that_adds_no_value_is_no_breach_of_a_limit() -> None:
    seven = [f"email:{number}" for number in range(7)]
    records = [record("a", "user_id:u1", *seven), record("b", "email:3")]
    assert people(resolve(records)) == ["ab"]


def test_the_sixth_email_is_one_too_many() -> None:
    five = [record(f"{number}", "phone:p", f"email:{number}") for number in range(5)]
    assert people(resolve(five)) == ["01234"]
    assert people(resolve([*five, record("5", "phone:p", "email:5")])) == list("012345")


def test_a_phone_of_six_people_told_apart_is_held_by_too_many() -> None:
    holders = [record(f"{number}", "phone:p", f"email:{number}") for number in range(6)]
    resolution = resolve(holders)
    assert reasons(resolution) == ["HELD_BY_TOO_MANY"]
    assert resolution.contested == {IdentifierKey(kind="phone", value="p")}
    assert not resolution.refusals[0].asks_human


def test_an_email_joins_five_people_whom_phones_tell_apart_and_not_six() -> None:
    holders = [record(f"{number}", "email:e", f"phone:{number}") for number in range(6)]
    assert people(resolve(holders[:5])) == ["01234"]
    assert people(resolve([*holders[:5], record("r", "email:e")])) == ["01234r"]
    assert people(resolve(holders)) == list("012345")
    assert reasons(resolve(holders)) == ["HELD_BY_TOO_MANY"]


def test_an_email_restrains_itself() -> None:
    four, fifth = [f"email:{number}" for number in range(4)], "email:4"
    assert people(resolve([record("a", *four, fifth), record("b", fifth)])) == ["ab"]
    resolution = resolve([record("a", *four, fifth), record("b", fifth, "email:5")])
    assert people(resolution) == ["a", "b"]
    assert reasons(resolution) == ["LIMIT_EXCEEDED/email"]


def test_holders_who_share_all_they_have_are_not_told_apart() -> None:
    family = [record(f"{number}", "email:e", "phone:p") for number in range(6)]
    contest = [record("x", "email:e", "user_id:u1"), record("y", "email:e", "user_id:u2")]
    assert people(resolve([*family, *contest])) == ["012345", "x", "y"]


def test_one_name_in_common_is_enough_to_agree() -> None:
    records = [
        record("a", "user_id:u1", "email:1", first_name="Anne"),
        record("b", "user_id:u1", first_name="Paul"),
        record("c", "email:1", first_name="Paul"),
    ]
    assert people(resolve(records)) == ["abc"]


def test_values_differ_where_each_side_has_one_of_its_own() -> None:
    known = record("a", "anonymous_id:x", "user_id:u1", "email:1", "email:2")
    contest = record("c", "user_id:u2", "email:1")
    assert people(resolve([known, record("b", "anonymous_id:x", "email:1"), contest])) == ["ab", "c"]
    other = record("b", "anonymous_id:x", "email:1", "email:3")
    assert people(resolve([known, other, contest])) == ["a", "b", "c"]


def test_many_devices_do_not_tell_people_apart() -> None:
    holders = [record(f"{number}", "email:e", f"anonymous_id:{number}") for number in range(8)]
    assert people(resolve(holders)) == ["01234567"]


def test_stronger_evidence_joins_what_a_contested_identifier_does_not() -> None:
    records = [
        record("a", "user_id:u1", "email:1"),
        record("b", "user_id:u2", "email:1"),
        record("c", "email:1", "loyalty_card:7"),
        record("d", "user_id:u1", "loyalty_card:7"),
    ]
    assert people(resolve(records)) == ["acd", "b"]


def test_weaker_evidence_never_takes_apart_what_a_stronger_joined() -> None:
    records = [
        record("a", "user_id:u1", "phone:1", first_name="Anne"),
        record("b", "user_id:u1", "phone:1", first_name="Paul"),
    ]
    assert people(resolve(records)) == ["ab"]


def test_an_identifier_off_the_path_still_joins() -> None:
    records = [
        record("a", "user_id:u1", "email:1"),
        record("b", "email:1", "email:2", "email:3"),
        record("c", "user_id:u2", "email:2"),
        record("d", "email:3"),
    ]
    resolution = resolve(records)
    assert people(resolution) == ["a", "bd", "c"]
    assert reasons(resolution) == ["LIMIT_EXCEEDED/user_id", "LIMIT_EXCEEDED/user_id"]


def test_a_national_number_with_two_user_ids_is_contested() -> None:
    records = [record("a", "user_id:u1", "national_id:n"), record("b", "user_id:u2", "national_id:n")]
    assert reasons(resolve(records)) == ["LIMIT_EXCEEDED/user_id"]


def test_national_numbers_join_whatever_the_names() -> None:
    records = [record("a", "soc_sec_id:n", first_name="Anne"), record("b", "soc_sec_id:n", first_name="Paul")]
    assert people(resolve(records)) == ["ab"]


def test_two_rows_of_a_source_without_duplicates_are_two_people() -> None:
    records = [record("a", "customer_id:crm:1", "email:1"), record("b", "customer_id:crm:2", "email:1")]
    assert people(resolve(records)) == ["ab"]
    resolution = resolve(records, policy=Policy(duplicate_free_sources=frozenset({"crm"})))
    assert people(resolution) == ["a", "b"]
    assert reasons(resolution) == ["LIMIT_EXCEEDED/customer_id:crm"]


def test_a_device_joins_a_newsletter_to_an_account_unless_their_emails_differ() -> None:
    newsletter = record("a", "anonymous_id:x", "email:1")
    assert people(resolve([newsletter, record("b", "anonymous_id:x", "user_id:u1")])) == ["ab"]
    resolution = resolve([newsletter, record("b", "anonymous_id:x", "user_id:u1", "email:2")])
    assert people(resolution) == ["a", "b"]
    assert [(str(one.reason), one.asks_human) for one in resolution.refusals] == [
        ("DIFFERENT_VALUES/email", False)
    ]


def test_an_alias_never_joins_two_known_people_who_differ() -> None:
    records = [record("a", "anonymous_id:x", "email:1"), record("b", "alias:x", "user_id:u1", "email:2")]
    resolution = resolve(records)
    assert people(resolution) == ["a", "b"]
    assert [(str(one.reason), one.asks_human) for one in resolution.refusals] == [
        ("REFUSED_BOTH_KNOWN/email", True)
    ]


def test_two_users_who_claim_one_anonymous_id_both_lose_it() -> None:
    records = [
        record("a", "anonymous_id:x"),
        record("b", "alias:x", "user_id:u1"),
        record("c", "alias:x", "user_id:u2"),
    ]
    assert people(resolve(records)) == ["a", "b", "c"]


def test_an_alias_of_ones_own_user_id_is_settled() -> None:
    records = [record("a", "user_id:u1", "alias:u1"), record("b", "user_id:u1")]
    resolution = resolve(records)
    assert people(resolution) == ["ab"]
    assert resolution.refusals == ()


def test_a_window_parts_holdings_that_lie_further_apart() -> None:
    policy = Policy(kinds={**KINDS, "phone": replace(KINDS["phone"], window_days=30)})
    early, late = record("a", "phone:1", day=0), record("c", "phone:1", day=31)
    assert people(resolve([early, late], policy=policy)) == ["a", "c"]
    assert people(resolve([early, record("c", "phone:1", day=30)], policy=policy)) == ["ac"]
    assert people(resolve([early, record("b", "phone:1", day=20), late], policy=policy)) == ["abc"]


def test_a_window_counts_from_the_end_of_the_longest_holding() -> None:
    policy = Policy(kinds={**KINDS, "phone": replace(KINDS["phone"], window_days=30)})
    phone = IdentifierKey(kind="phone", value="1")
    long = EvidenceRecord(
        key=RecordKey("a"), holdings=(Holding(identifier=phone, first_seen_at=0, last_seen_at=40 * DAY_MS),)
    )
    records = [long, record("b", "phone:1", day=5), record("c", "phone:1", day=70)]
    assert people(resolve(records, policy=policy)) == ["abc"]


def test_a_join_tells_what_it_joined() -> None:
    resolution = resolve([record("a", "email:1"), record("b", "email:1"), record("c", "email:1")])
    (join,) = resolution.joins
    assert join.parts == ("a", "b", "c")
    assert join.evidence.holders == {"a", "b", "c"}


def test_a_refusal_tells_who_stands_on_each_side() -> None:
    records = [record("a", "email:1", first_name="Anne"), record("b", "email:1", first_name="Paul")]
    (refusal,) = resolve(records).refusals
    assert (refusal.reason, refusal.between, refusal.clusters) == (
        Reason(code="GIVEN_NAMES_DIFFER"),
        ("a", "b"),
        (0, 1),
    )


def test_a_new_person_is_founded_by_a_known_record() -> None:
    (cluster,) = resolve([record("a", "anonymous_id:x"), record("b", "user_id:u", "anonymous_id:x")]).clusters
    assert (cluster.founder, cluster.known) == ("b", True)
