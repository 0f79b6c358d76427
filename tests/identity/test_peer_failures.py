"""What other systems got wrong about who is who, each by the number of its report: here it goes right."""

import pytest
from neo4j import AsyncDriver
from neo4j.exceptions import ClientError

from graph_cdp.flows.give_verdict import GiveVerdict, NewVerdict
from graph_cdp.graph.transactions import Graph
from graph_cdp.identity.policy import DEFAULT_POLICY
from graph_cdp.ids import RecordId
from tests.faults.faulty import Plan
from tests.identity.canonical import canonical
from tests.identity.scenario import Json
from tests.identity.teller import LATER, Teller
from tests.identity.through_graph import RECEIVED_AT
from tests.integration.querying import query

pytestmark = pytest.mark.neo4j

ROUNDS = 8
"""How often a race is run."""


@pytest.fixture
def teller(graph: Graph, driver: AsyncDriver) -> Teller:
    return Teller(graph=graph, driver=driver)


async def test_posthog_11873_an_alias_of_two_known_people_merges_nobody(teller: Teller) -> None:
    """An alias silently merged two people who both had an account."""
    await teller.tell_apart(
        teller.make(type="identify", userId="u1", traits={"email": "anne@x.fr"}),
        teller.make(type="identify", userId="u2", traits={"email": "paul@x.fr"}),
        teller.make(type="alias", previousId="u1", userId="u2"),
    )
    assert await teller.people() == [["web:user:u1"], ["web:user:u2"]]
    assert await teller.golden("web:user:u1") == {"email": "anne@x.fr"}
    assert await teller.golden("web:user:u2") == {"email": "paul@x.fr"}
    assert await teller.reviews() == [["alias", "REFUSED_BOTH_KNOWN"]]


async def test_rudder_transformer_1180_a_shared_device_merges_nobody(teller: Teller) -> None:
    """A second login on one device aliased its user to the first."""
    await teller.tell_apart(
        teller.make(type="page", anonymousId="tablet", name="Home"),
        teller.make(type="identify", anonymousId="tablet", userId="u1"),
        teller.make(type="identify", anonymousId="tablet", userId="u2"),
    )
    assert await teller.people() == [["web:anonymous:tablet"], ["web:user:u1"], ["web:user:u2"]]
    assert await teller.timeline("web:anonymous:tablet") == ["m1"]


async def test_posthog_3190_an_identifier_that_arrives_during_a_merge_stays(teller: Teller) -> None:
    """An identifier was added to a person while a merge deleted that person: it was lost."""
    for n in range(ROUNDS):
        await teller.tell_apart(
            teller.make(type="identify", anonymousId=f"d{n}"), teller.make(type="identify", userId=f"u{n}")
        )
        await teller.tell_at_once(
            teller.make(type="identify", anonymousId=f"d{n}", userId=f"u{n}"),
            teller.make(type="identify", anonymousId=f"d{n}", traits={"email": f"p{n}@x.fr"}),
        )
        assert await teller.identifiers(f"web:user:u{n}") == [
            f"anonymous_id:d{n}", f"email:p{n}@x.fr", f"user_id:u{n}",
        ]  # fmt: skip


async def test_posthog_3218_a_merge_that_crashes_half_way_changes_nothing(teller: Teller) -> None:
    """A merge of several transactions ended after the first: events had moved, identifiers had not."""
    await teller.tell_apart(teller.row("1", email="a@x.fr"), teller.row("2", phone="0611111111"))
    before = await canonical(teller.driver)
    merging = teller.row("3", email="a@x.fr", phone="0611111111")
    failed = 0
    while True:
        try:
            assert await teller.tell_badly(Plan(fault="broken", at=failed + 1), merging) == ["accepted"]
            break
        except ClientError:
            assert await canonical(teller.driver) == before
            failed += 1
    assert failed > 12
    assert await teller.people() == [["crm:row:1", "crm:row:2", "crm:row:3"]]
    assert await teller.journal() == ["attach", "attach", "attach", "merge"]


async def test_posthog_34839_a_batch_that_knew_an_absorbed_person_follows_it(teller: Teller) -> None:
    """A batch had read a person's id before a merge, and wrote to the dead one after it."""
    for n in range(ROUNDS):
        one, two = teller.row(f"{n}a", email=f"a{n}@x.fr"), teller.row(f"{n}b", email=f"b{n}@x.fr")
        await teller.tell(one, two)
        merging = teller.row(f"{n}c", email=f"a{n}@x.fr", email_2=f"b{n}@x.fr")
        named = teller.row(f"{n}b", LATER, email=f"b{n}@x.fr", first_name="Léa")
        assert await teller.tell_at_once(merging, named) == ["accepted", "accepted"]
        assert (await teller.golden(f"crm:row:{n}a"))["first_name"] == "Léa"
        ids = sorted(message["messageId"] for message in (one, two, merging, named))
        assert await teller.timeline(f"crm:row:{n}a") == ids


async def test_posthog_34972_two_merges_at_once_make_one_person(teller: Teller) -> None:
    """Two merges of one person at once: the loser of the race logged a warning and gave up."""
    for n in range(ROUNDS):
        keys = [f"crm:row:{n}{letter}" for letter in "abcde"]
        await teller.tell(*(teller.row(f"{n}{letter}", email=f"{letter}{n}@x.fr") for letter in "abc"))
        said = await teller.tell_at_once(
            teller.row(f"{n}d", email=f"a{n}@x.fr", email_2=f"b{n}@x.fr"),
            teller.row(f"{n}e", email=f"b{n}@x.fr", email_2=f"c{n}@x.fr"),
        )
        assert said == ["accepted", "accepted"]
        assert keys in await teller.people()
    assert len(await teller.people()) == ROUNDS
    assert (await teller.journal()).count("merge") == 2 * ROUNDS


async def test_posthog_104939_a_split_splits_and_blanks_nobody(teller: Teller) -> None:
    """A split answered 201, split nothing, and emptied the person's properties."""
    await teller.tell_apart(
        teller.row("1", email="roux@x.fr", first_name="Anne", city="Lyon"),
        teller.row("2", email="roux@x.fr", phone="0611111111"),
    )
    founder = await teller.person_id("crm:row:1")
    await teller.tell(teller.row("2", LATER, email="martin@x.fr", phone="0611111111"))
    assert await teller.people() == [["crm:row:1"], ["crm:row:2"]]
    assert await teller.person_id("crm:row:1") == founder
    assert await teller.golden("crm:row:1") == {"email": "roux@x.fr", "first_name": "Anne", "city": "Lyon"}
    assert await teller.golden("crm:row:2") == {"email": "martin@x.fr", "phone": "+33611111111"}
    assert await teller.journal() == ["attach", "attach", "split"]


@pytest.mark.parametrize("junk", ["None", "[object Object]", "undefined", "null", "not_authenticated"])
async def test_posthog_12008_a_value_that_means_nobody_joins_nobody(teller: Teller, junk: str) -> None:
    """Thousands of visitors became one person, whose id was the text of a missing value."""
    await teller.tell_apart(
        teller.make(type="identify", anonymousId="a1", userId=junk, traits={"email": junk}),
        teller.make(type="identify", anonymousId="a2", userId=junk, traits={"email": junk}),
    )
    assert await teller.people() == [["web:anonymous:a1"], ["web:anonymous:a2"]]


async def test_tracardi_892_a_merge_keeps_what_either_knew(teller: Teller) -> None:
    """Properties and personal data of the absorbed profile were gone after a merge."""
    await teller.tell_apart(
        teller.row("1", email="a@x.fr", first_name="Anne", city="Lyon"),
        teller.row("2", phone="0611111111", last_name="Roux", birth_date="1980-02-03"),
        teller.row("3", email="a@x.fr", phone="0611111111"),
    )
    assert await teller.golden("crm:row:1") == {
        "email": "a@x.fr", "first_name": "Anne", "city": "Lyon", "phone": "+33611111111", "last_name": "Roux",
        "birth_date": "1980-02-03",
    }  # fmt: skip


async def test_tracardi_784_a_merge_leaves_no_event_behind(teller: Teller) -> None:
    """Events of the absorbed profile still pointed at it, and were on nobody's timeline."""
    await teller.tell_apart(
        teller.make(type="track", anonymousId="a1", event="Product Viewed"),
        teller.make(type="track", userId="u1", event="Order Completed"),
        teller.make(type="identify", anonymousId="a1", userId="u1"),
    )
    assert await teller.timeline("web:user:u1") == ["m1", "m2", "m3"]


async def test_tracardi_474_a_merge_of_two_values_is_one_of_them(teller: Teller) -> None:
    """A merge of two first names made a list of both, where a string had been."""
    await teller.tell_apart(
        teller.row("1", email="a@x.fr", first_name="Alexandre"),
        teller.row("2", LATER, email="a@x.fr", first_name="Alex"),
    )
    assert await teller.people() == [["crm:row:1", "crm:row:2"]]
    assert await teller.golden("crm:row:1") == {"email": "a@x.fr", "first_name": "Alex"}


async def test_unomi_258_an_event_just_before_a_merge_is_the_merged_persons(teller: Teller) -> None:
    """The search index lagged, so that a merge missed events of the seconds before it."""
    await teller.tell_apart(
        teller.make(type="identify", userId="u1"), teller.make(type="page", anonymousId="a1", name="Home")
    )
    viewed = [teller.make(type="track", anonymousId="a1", event="Product Viewed") for _ in range(20)]
    login = teller.make(type="identify", anonymousId="a1", userId="u1")
    assert set(await teller.tell_at_once(*viewed, login)) == {"accepted"}
    assert len(await teller.timeline("web:user:u1")) == 23


async def test_unomi_593_all_events_of_a_request_that_merges_are_stored(teller: Teller) -> None:
    """Of several events in one request, those after the one that merged the profile were not saved."""
    login: Json = {"anonymousId": "a1", "userId": "u1"}
    batch = [
        teller.make(type="page", anonymousId="a1", name="Home"),
        teller.make(type="identify", **login),
        teller.make(type="track", event="Order Completed", **login),
        teller.make(type="track", event="Product Viewed", anonymousId="a1"),
    ]
    assert await teller.tell(*batch) == ["accepted"] * 4
    assert await teller.people() == [["web:anonymous:a1", "web:user:u1"]]
    assert await teller.timeline("web:user:u1") == ["m1", "m2", "m3", "m4"]


async def test_rudder_server_709_a_crash_marks_nothing_as_seen(teller: Teller) -> None:
    """A message was marked as seen before it was processed: a crash between the two lost it, as a duplicate."""
    bought = teller.make(type="track", userId="u1", event="Order Completed")
    failed = 0
    while True:
        try:
            assert await teller.tell_badly(Plan(fault="broken", at=failed + 1), bought) == ["accepted"]
            break
        except ClientError:
            assert await query(teller.graph, "MATCH (e:Event) RETURN e.message_id AS id") == []
            failed += 1
    assert failed == 6, "one of the six statements of such a batch was not tried"
    assert await teller.timeline("web:user:u1") == ["m1"]


async def test_rudder_server_337_each_item_of_a_batch_has_its_own_outcome(teller: Teller) -> None:
    """Removing duplicates shifted the positions of a batch, so that others were dropped."""
    first = teller.make(type="track", userId="u1", event="A")
    await teller.tell(first)
    other = {**first, "event": "B"}
    new = [teller.make(type="track", userId="u1", event=name) for name in "CD"]
    outcomes = await teller.tell(new[0], first, other, new[0], new[1])
    assert outcomes == ["accepted", "duplicate", "refused", "duplicate", "accepted"]
    assert await teller.timeline("web:user:u1") == ["m1", "m2", "m3"]


async def test_rudder_server_5602_of_one_message_sent_at_once_one_is_stored(teller: Teller) -> None:
    """A race on one key: both writers found that it was not there."""
    for _ in range(ROUNDS):
        message = teller.make(type="identify", userId="u1", traits={"email": "a@x.fr"})
        said = await teller.tell_at_once(*[message] * 8)
        assert sorted(said) == ["accepted", *["duplicate"] * 7]
    assert len(await teller.timeline("web:user:u1")) == ROUNDS


async def test_posthog_42937_a_merged_away_id_answers_for_ever(teller: Teller) -> None:
    """A search returned the absorbed person, whose page was then 404."""
    await teller.tell_apart(*(teller.row(str(n), email=f"p{n}@x.fr") for n in range(4)))
    ids = [await teller.person_id(f"crm:row:{n}") for n in range(4)]
    for n in range(1, 4):
        await teller.tell(teller.row(f"join{n}", email=f"p{n}@x.fr", email_2=f"p{n - 1}@x.fr"))
    assert {(await teller.person(id_))["id"] for id_ in ids} == {await teller.person_id("crm:row:0")}


async def test_mautic_16425_a_known_person_keeps_its_id_when_it_meets_a_visitor(teller: Teller) -> None:
    """The older anonymous contact won a merge: the id that the CRM knew was gone."""
    await teller.tell_apart(
        teller.make(type="page", anonymousId="a1", name="Home"),
        teller.row("17", email="a@x.fr", first_name="Anne"),
    )
    known = await teller.person_id("crm:row:17")
    await teller.tell(teller.make(type="identify", anonymousId="a1", traits={"email": "a@x.fr"}))
    assert await teller.people() == [["crm:row:17", "web:anonymous:a1", "web:email:a@x.fr"]]
    assert await teller.person_id("web:anonymous:a1") == known


async def test_mautic_7559_a_merge_keeps_the_devices_of_both(teller: Teller) -> None:
    """The devices of the absorbed contact were deleted with it."""
    await teller.tell_apart(
        teller.make(type="identify", anonymousId="phone", traits={"email": "a@x.fr"}),
        teller.make(type="identify", anonymousId="laptop", userId="u1"),
        teller.make(type="identify", userId="u1", traits={"email": "a@x.fr"}),
    )
    assert await teller.identifiers("web:user:u1") == [
        "anonymous_id:laptop", "anonymous_id:phone", "email:a@x.fr", "user_id:u1",
    ]  # fmt: skip


async def test_mautic_2950_an_address_of_the_network_joins_nobody(teller: Teller) -> None:
    """Contacts with one IP address were taken for one contact."""
    context = {"ip": "192.0.2.7", "userAgent": "Mozilla/5.0"}
    await teller.tell_apart(
        teller.make(type="page", anonymousId="a1", name="Home", context=context),
        teller.make(type="page", anonymousId="a2", name="Home", context=context),
    )
    assert await teller.people() == [["web:anonymous:a1"], ["web:anonymous:a2"]]


async def test_hmis_warehouse_1118_what_a_human_split_stays_apart(teller: Teller) -> None:
    """After a split by hand the matcher merged the two records again, in its next run."""
    await teller.tell_apart(teller.row("1", email="a@x.fr"), teller.row("2", email="a@x.fr"))
    rows = await query(teller.graph, "MATCH (r:SourceRecord) RETURN r.id AS id ORDER BY r.key")
    left, right = (frozenset([RecordId(row["id"])]) for row in rows)
    verdict = NewVerdict(kind="not_same", left=left, right=right, by="steward", reason="asked them")
    await GiveVerdict(graph=teller.graph, policy=DEFAULT_POLICY, clock=lambda: RECEIVED_AT)(verdict)
    assert await teller.people() == [["crm:row:1"], ["crm:row:2"]]
    await teller.tell_apart(
        teller.row("1", LATER, email="a@x.fr", phone="0611111111"),
        teller.row("2", LATER, email="a@x.fr", phone="0611111111"),
        teller.row("3", email="a@x.fr", phone="0611111111"),
    )
    assert await teller.people() == [["crm:row:1"], ["crm:row:2"], ["crm:row:3"]]
