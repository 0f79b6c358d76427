"""The 360 view by GraphQL, with exact values."""

from typing import Any

import pytest

from graph_cdp.api.node import global_id
from graph_cdp.graph.transactions import Graph
from tests.integration import people
from tests.integration.asking import ask, refusal
from tests.integration.people import (
    CRM_RECORD,
    EMAIL_ID,
    MARIE,
    MARIE_AT_FIRST,
    MARIE_ONCE,
    NEW_YEAR,
    NOBODY,
    PHONE_ID,
    USER_ID,
    WEB_RECORD,
)

pytestmark = pytest.mark.neo4j


async def test_a_person_has_a_golden_record(people_graph: Graph) -> None:
    answer = await ask(
        people_graph,
        """query ($id: ID!) { person(id: $id) {
          id person_id requested_id redirected is_known created_at
          golden_record { email first_name last_name city phone } } }""",
        id=MARIE,
    )

    assert answer == {
        "data": {
            "person": {
                "id": global_id("Person", MARIE),
                "person_id": MARIE,
                "requested_id": MARIE,
                "redirected": False,
                "is_known": True,
                "created_at": "2026-01-01T00:00:00.000Z",
                "golden_record": {
                    "email": "marie@example.com",
                    "first_name": "Marie",
                    "last_name": "Dupont",
                    "city": "Paris",
                    "phone": None,
                },
            }
        }
    }


async def test_each_value_of_a_golden_record_says_where_it_came_from(people_graph: Graph) -> None:
    answer = await ask(
        people_graph,
        """query ($id: ID!) { person(id: $id) { golden_record {
          provenance { field record_id source at record { key } } } } }""",
        id=MARIE,
    )

    assert answer["data"]["person"]["golden_record"]["provenance"] == [
        {"field": field, "record_id": record_id, "source": source, "at": at, "record": {"key": key}}
        for field, record_id, source, at, key in (
            ("first_name", CRM_RECORD, "crm", "2026-01-01T00:00:00.000Z", "crm:row:1"),
            ("last_name", CRM_RECORD, "crm", "2026-01-01T00:00:00.000Z", "crm:row:1"),
            ("email", WEB_RECORD, "web", "2026-01-01T00:00:01.000Z", "web:user:u1"),
            ("city", WEB_RECORD, "web", "2026-01-01T00:00:01.000Z", "web:user:u1"),
        )
    ]


@pytest.mark.parametrize("asked", [MARIE_ONCE, MARIE_AT_FIRST])
async def test_an_absorbed_id_answers_with_the_person_it_resolves_to_and_says_so(
    people_graph: Graph, asked: str
) -> None:
    query = "query ($id: ID!) { person(id: $id) { person_id requested_id redirected } }"

    by_person_id = await ask(people_graph, query, id=asked)
    by_global_id = await ask(people_graph, query, id=global_id("Person", asked))

    expected = {"data": {"person": {"person_id": MARIE, "requested_id": asked, "redirected": True}}}
    assert (by_person_id, by_global_id) == (expected, expected)


@pytest.mark.parametrize(
    ("kind", "value"),
    [("email", " Marie@Example.COM "), ("user_id", "u1"), ("email", "marie@example.com")],
)
async def test_a_person_is_found_by_an_identifier_as_people_write_it(
    people_graph: Graph, kind: str, value: str
) -> None:
    answer = await ask(
        people_graph,
        "query ($i: IdentifierInput) { person(identifier: $i) { person_id requested_id redirected } }",
        i={"kind": kind, "value": value},
    )

    assert answer == {"data": {"person": {"person_id": MARIE, "requested_id": None, "redirected": False}}}


@pytest.mark.parametrize(
    "given", [{"id": MARIE}, {"i": {"kind": "email", "value": "marie@example.com"}}], ids=["id", "identifier"]
)
async def test_a_document_for_both_finds_a_person_by_either(
    people_graph: Graph, given: dict[str, Any]
) -> None:
    answer = await ask(
        people_graph,
        "query ($id: ID, $i: IdentifierInput) { person(id: $id, identifier: $i) { person_id requested_id } }",
        **given,
    )

    assert answer == {"data": {"person": {"person_id": MARIE, "requested_id": given.get("id")}}}


async def test_what_nobody_has_is_null(people_graph: Graph) -> None:
    answer = await ask(
        people_graph,
        """query ($id: ID!, $node: ID!) {
          by_id: person(id: $id) { person_id }
          by_email: person(identifier: {kind: "email", value: "unknown@example.com"}) { person_id }
          by_former_email: person(identifier: {kind: "email", value: "before@example.com"}) { person_id }
          by_node: node(id: $node) { id } }""",
        id=NOBODY,
        node=global_id("Event", NOBODY),
    )

    assert answer == {"data": {"by_id": None, "by_email": None, "by_former_email": None, "by_node": None}}


async def test_a_kind_of_identifier_that_there_is_not_is_told(people_graph: Graph) -> None:
    """`e-mail`, mistyped, would look as if nobody had it."""
    found = await refusal(
        people_graph, '{ person(identifier: {kind: "e-mail", value: "a@example.com"}) { person_id } }'
    )

    kinds = "advertising_id, anonymous_id, customer_id, email, loyalty_card, national_id, phone, user_id"
    assert found == ("BAD_IDENTIFIER", f"There is no such kind of identifier; there are {kinds}.")


async def test_a_contested_identifier_points_at_nobody(people_graph: Graph) -> None:
    found = await refusal(
        people_graph, '{ person(identifier: {kind: "phone", value: "06 12 34 56 78"}) { person_id } }'
    )

    assert found == (
        "CONTESTED_IDENTIFIER",
        "Several people hold this identifier, so it points at none. Ask by another one.",
    )


async def test_a_person_has_its_records_side_by_side(people_graph: Graph) -> None:
    answer = await ask(
        people_graph,
        """query ($id: ID!) { person(id: $id) { records { edges { node {
          id record_id key source kind created_at updated_at traits { email first_name city }
          person { person_id requested_id redirected } } } } } }""",
        id=MARIE,
    )

    of_marie = {"person_id": MARIE, "requested_id": None, "redirected": False}
    assert answer["data"]["person"]["records"]["edges"] == [
        {
            "node": {
                "id": global_id("SourceRecord", CRM_RECORD),
                "record_id": CRM_RECORD,
                "key": "crm:row:1",
                "source": "crm",
                "kind": "row",
                "created_at": "2026-01-01T00:00:00.000Z",
                "updated_at": "2026-01-01T00:00:05.000Z",
                "traits": {"email": "marie@example.com", "first_name": "Marie", "city": "Lyon"},
                "person": of_marie,
            }
        },
        {
            "node": {
                "id": global_id("SourceRecord", WEB_RECORD),
                "record_id": WEB_RECORD,
                "key": "web:user:u1",
                "source": "web",
                "kind": "user",
                "created_at": "2026-01-01T00:00:01.000Z",
                "updated_at": "2026-01-01T00:00:01.000Z",
                "traits": {"email": "marie@example.com", "first_name": None, "city": "Paris"},
                "person": of_marie,
            }
        },
    ]


async def test_a_person_has_the_identifiers_that_its_records_hold_now(people_graph: Graph) -> None:
    answer = await ask(
        people_graph,
        """query ($id: ID!) { person(id: $id) { identifiers { edges { first_seen_at last_seen_at
          node { identifier_id kind value contested } } } } }""",
        id=MARIE,
    )

    assert answer["data"]["person"]["identifiers"]["edges"] == [
        {
            "first_seen_at": f"2026-01-01T00:00:0{first}.000Z",
            "last_seen_at": f"2026-01-01T00:00:0{last}.000Z",
            "node": {"identifier_id": id_, "kind": kind, "value": value, "contested": contested},
        }
        for first, last, id_, kind, value, contested in (
            (0, 9, EMAIL_ID, "email", "marie@example.com", False),
            (0, 0, PHONE_ID, "phone", "+33612345678", True),
            (1, 1, USER_ID, "user_id", "u1", False),
        )
    ]


@pytest.mark.parametrize(
    ("type_name", "raw", "fields", "expected"),
    [
        ("Person", MARIE, "redirected", {"redirected": False}),
        ("SourceRecord", CRM_RECORD, "key", {"key": "crm:row:1"}),
        ("Identifier", PHONE_ID, "value contested", {"value": "+33612345678", "contested": True}),
        (
            "Event",
            people.event_id(1),
            "name record { key }",
            {"name": "Event 1", "record": {"key": "web:user:u1"}},
        ),
        (
            "Transaction",
            people.transaction_id(1),
            "key record { key }",
            {"key": "shop:1", "record": {"key": "web:user:u1"}},
        ),
    ],
)
async def test_node_finds_every_type_by_its_global_id(
    people_graph: Graph, type_name: str, raw: str, fields: str, expected: dict[str, object]
) -> None:
    await people.seed_events(people_graph, [people.event(1, record_key="web:user:u1", occurred_at=NEW_YEAR)])
    await people.seed_transactions(
        people_graph, [people.bought(1, record_key="web:user:u1", occurred_at=NEW_YEAR)]
    )
    id_ = global_id(type_name, raw)

    answer = await ask(
        people_graph,
        f"query ($id: ID!) {{ node(id: $id) {{ __typename id ... on {type_name} {{ {fields} }} }} }}",
        id=id_,
    )

    assert answer == {"data": {"node": {"__typename": type_name, "id": id_, **expected}}}


async def test_node_redirects_an_absorbed_person(people_graph: Graph) -> None:
    query = "query ($id: ID!) { node(id: $id) { id ... on Person { person_id redirected } } }"

    answer = await ask(people_graph, query, id=global_id("Person", MARIE_ONCE))

    assert answer == {
        "data": {"node": {"id": global_id("Person", MARIE), "person_id": MARIE, "redirected": True}}
    }
