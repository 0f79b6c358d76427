"""The 360 view by GraphQL, with exact values."""

import pytest
from neo4j import AsyncDriver

from graph_cdp.access.model import KeyId, Principal, Role
from graph_cdp.api.context import Context
from graph_cdp.api.errors import Body, format_error
from graph_cdp.api.loaders import Loaders
from graph_cdp.api.node import global_id
from graph_cdp.api.schema import schema
from graph_cdp.graph.driver import Neo4jTarget
from graph_cdp.graph.transactions import Graph, P, T, Work
from tests.integration import people
from tests.integration.people import (
    CRM_RECORD,
    DAY,
    EMAIL_ID,
    MARIE,
    MARIE_AT_FIRST,
    MARIE_ONCE,
    NEW_YEAR,
    NOBODY,
    PAUL,
    PHONE_ID,
    SOMEBODY,
    USER_ID,
    WEB_RECORD,
)

pytestmark = pytest.mark.neo4j


@pytest.fixture
async def seeded(graph: Graph) -> Graph:
    await people.seed_people(graph)
    return graph


async def ask(graph: Graph, query: str, role: Role = "app", **variables: object) -> Body:
    """The answer as the endpoint would give it."""
    context = Context(
        principal=Principal(key_id=KeyId("key"), role=role), loaders=Loaders(graph), default_region="FR"
    )
    result = await schema.execute(query, variable_values=variables, context_value=context)
    errors = [format_error(error) for error in result.errors or ()]
    return {"data": result.data, **({"errors": errors} if errors else {})}


async def refusal(graph: Graph, query: str, role: Role = "app", **variables: object) -> tuple[str, str]:
    """Code and message of the one error that a query gets."""
    answer = await ask(graph, query, role, **variables)
    (error,) = answer["errors"]
    return error["extensions"]["code"], error["message"]


async def test_a_person_has_a_golden_record_with_the_origin_of_each_value(seeded: Graph) -> None:
    answer = await ask(
        seeded,
        """query ($id: ID!) { person(id: $id) {
          id person_id requested_id redirected is_known created_at
          golden_record { email first_name last_name city phone
            provenance { field record_id source at record { key } } } } }""",
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
                    "provenance": [
                        {
                            "field": field,
                            "record_id": record_id,
                            "source": source,
                            "at": at,
                            "record": {"key": key},
                        }
                        for field, record_id, source, at, key in (
                            ("first_name", CRM_RECORD, "crm", "2026-01-01T00:00:00.000Z", "crm:row:1"),
                            ("last_name", CRM_RECORD, "crm", "2026-01-01T00:00:00.000Z", "crm:row:1"),
                            ("email", WEB_RECORD, "web", "2026-01-01T00:00:01.000Z", "web:user:u1"),
                            ("city", WEB_RECORD, "web", "2026-01-01T00:00:01.000Z", "web:user:u1"),
                        )
                    ],
                },
            }
        }
    }


@pytest.mark.parametrize("asked", [MARIE_ONCE, MARIE_AT_FIRST])
async def test_an_absorbed_id_answers_with_the_person_it_resolves_to_and_says_so(
    seeded: Graph, asked: str
) -> None:
    query = "query ($id: ID!) { person(id: $id) { person_id requested_id redirected } }"

    by_person_id = await ask(seeded, query, id=asked)
    by_global_id = await ask(seeded, query, id=global_id("Person", asked))

    expected = {"data": {"person": {"person_id": MARIE, "requested_id": asked, "redirected": True}}}
    assert (by_person_id, by_global_id) == (expected, expected)


@pytest.mark.parametrize(
    ("kind", "value"),
    [("email", " Marie@Example.COM "), ("user_id", "u1"), ("email", "marie@example.com")],
)
async def test_a_person_is_found_by_an_identifier_as_people_write_it(
    seeded: Graph, kind: str, value: str
) -> None:
    answer = await ask(
        seeded,
        "query ($i: IdentifierInput) { person(identifier: $i) { person_id requested_id redirected } }",
        i={"kind": kind, "value": value},
    )

    assert answer == {"data": {"person": {"person_id": MARIE, "requested_id": None, "redirected": False}}}


async def test_what_nobody_has_is_null(seeded: Graph) -> None:
    answer = await ask(
        seeded,
        """query ($id: ID!, $node: ID!) {
          by_id: person(id: $id) { person_id }
          by_email: person(identifier: {kind: "email", value: "unknown@example.com"}) { person_id }
          by_former_email: person(identifier: {kind: "email", value: "before@example.com"}) { person_id }
          by_node: node(id: $node) { id } }""",
        id=NOBODY,
        node=global_id("Event", NOBODY),
    )

    assert answer == {"data": {"by_id": None, "by_email": None, "by_former_email": None, "by_node": None}}


async def test_a_contested_identifier_points_at_nobody(seeded: Graph) -> None:
    found = await refusal(
        seeded, '{ person(identifier: {kind: "phone", value: "06 12 34 56 78"}) { person_id } }'
    )

    assert found == (
        "CONTESTED_IDENTIFIER",
        "Several people hold this identifier, so it points at none. Ask by another one.",
    )


async def test_a_person_has_its_records_side_by_side(seeded: Graph) -> None:
    answer = await ask(
        seeded,
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


async def test_a_person_has_the_identifiers_that_its_records_hold_now(seeded: Graph) -> None:
    answer = await ask(
        seeded,
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


async def test_a_timeline_merges_the_records_newest_first(seeded: Graph) -> None:
    await people.seed_events(
        seeded,
        [
            people.event(1, record_key="crm:row:1", occurred_at=NEW_YEAR, type="record"),
            people.event(2, record_key="web:user:u1", occurred_at=NEW_YEAR + DAY),
            people.event(3, record_key="crm:row:1", occurred_at=NEW_YEAR + 2 * DAY),
            people.event(4, record_key="crm:row:2", occurred_at=NEW_YEAR + 2 * DAY),
        ],
    )

    answer = await ask(
        seeded,
        """query ($id: ID!) { person(id: $id) { events { edges { node {
          event_id message_id source type name occurred_at received_at record { key } } } } } }""",
        id=MARIE,
    )

    assert [edge["node"] for edge in answer["data"]["person"]["events"]["edges"]] == [
        {
            "event_id": people.event_id(number),
            "message_id": f"m{number}",
            "source": key.split(":")[0],
            "type": type_,
            "name": f"Event {number}",
            "occurred_at": f"2026-01-0{day}T00:00:00.000Z",
            "received_at": f"2026-01-0{day}T00:00:00.001Z",
            "record": {"key": key},
        }
        for number, key, type_, day in (
            (3, "crm:row:1", "TRACK", 3),
            (2, "web:user:u1", "TRACK", 2),
            (1, "crm:row:1", "RECORD", 1),
        )
    ]


async def test_events_and_transactions_are_filtered_by_what_they_are(seeded: Graph) -> None:
    await people.seed_events(
        seeded,
        [
            people.event(number, record_key="web:user:u1", occurred_at=NEW_YEAR + number, type=type_)
            for number, type_ in enumerate(("track", "page", "identify", "page"))
        ],
    )
    await people.seed_transactions(
        seeded,
        [
            people.bought(1, record_key="web:user:u1", occurred_at=NEW_YEAR),
            people.bought(2, record_key="crm:row:1", occurred_at=NEW_YEAR + DAY, kind="return"),
            people.bought(3, record_key="crm:row:1", occurred_at=NEW_YEAR + DAY, kind="basket", amount=None),
        ],
    )

    answer = await ask(
        seeded,
        """query ($id: ID!) { person(id: $id) {
          pages: events(types: [PAGE]) { edges { node { message_id } } }
          either: events(types: [TRACK, IDENTIFY]) { edges { node { message_id } } }
          all: events(types: []) { edges { node { message_id } } }
          transactions { edges { node { key kind amount currency quantity occurred_at } } }
          returns: transactions(kinds: [RETURN]) { edges { node { key record { key } } } } } }""",
        id=MARIE,
    )

    person = answer["data"]["person"]
    assert [edge["node"]["message_id"] for edge in person["pages"]["edges"]] == ["m3", "m1"]
    assert [edge["node"]["message_id"] for edge in person["either"]["edges"]] == ["m2", "m0"]
    assert [edge["node"]["message_id"] for edge in person["all"]["edges"]] == ["m3", "m2", "m1", "m0"]
    assert [edge["node"] for edge in person["transactions"]["edges"]] == [
        {
            "key": key,
            "kind": kind,
            "amount": amount,
            "currency": "EUR",
            "quantity": quantity,
            "occurred_at": at,
        }
        for key, kind, amount, quantity, at in (
            ("shop:3", "BASKET", None, 3, "2026-01-02T00:00:00.000Z"),
            ("shop:2", "RETURN", 21.0, 2, "2026-01-02T00:00:00.000Z"),
            ("shop:1", "ORDER", 10.5, 1, "2026-01-01T00:00:00.000Z"),
        )
    ]
    assert person["returns"]["edges"] == [{"node": {"key": "shop:2", "record": {"key": "crm:row:1"}}}]


PAGES = {
    "events": "query ($id: ID!, $first: Int!, $after: String) { person(id: $id) { list: events(first: $first, after: $after) { edges { cursor node { found: event_id } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } } }",
    "transactions": "query ($id: ID!, $first: Int!, $after: String) { person(id: $id) { list: transactions(first: $first, after: $after) { edges { cursor node { found: transaction_id } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } } }",
    "records": "query ($id: ID!, $first: Int!, $after: String) { person(id: $id) { list: records(first: $first, after: $after) { edges { cursor node { found: record_id } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } } }",
    "identifiers": "query ($id: ID!, $first: Int!, $after: String) { person(id: $id) { list: identifiers(first: $first, after: $after) { edges { cursor node { found: identifier_id } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } } }",
}


async def walk(graph: Graph, name: str, size: int) -> list[list[str]]:
    """The ids of every page of a list, from the first to the last."""
    pages: list[list[str]] = []
    after: str | None = None
    while True:
        answer = await ask(graph, PAGES[name], id=MARIE, first=size, after=after)
        found = answer["data"]["person"]["list"]
        cursors = [edge["cursor"] for edge in found["edges"]]
        info = found["pageInfo"]
        assert (info["startCursor"], info["endCursor"]) == (cursors[0], cursors[-1])
        assert info["hasPreviousPage"] is (after is not None)
        pages.append([edge["node"]["found"] for edge in found["edges"]])
        if not info["hasNextPage"]:
            return pages
        after = cursors[-1]


@pytest.mark.parametrize("size", [1, 3, 7, 12, 13])
async def test_pages_hold_every_row_exactly_once_though_times_are_equal(seeded: Graph, size: int) -> None:
    """Twelve events at three times, alternating between two records."""
    numbers = range(12)
    keys = ["web:user:u1", "crm:row:1"]
    await people.seed_events(
        seeded,
        [people.event(n, record_key=keys[n % 2], occurred_at=NEW_YEAR + n // 4) for n in numbers],
    )
    await people.seed_transactions(
        seeded,
        [people.bought(n, record_key=keys[n % 2], occurred_at=NEW_YEAR + n // 4) for n in numbers],
    )

    events = await walk(seeded, "events", size)
    transactions = await walk(seeded, "transactions", size)

    newest_first = list(reversed(numbers))
    cut = [newest_first[start : start + size] for start in range(0, 12, size)]
    assert events == [[people.event_id(n) for n in page] for page in cut]
    assert transactions == [[people.transaction_id(n) for n in page] for page in cut]


async def test_records_and_identifiers_are_paged_too(seeded: Graph) -> None:
    assert await walk(seeded, "records", 1) == [[CRM_RECORD], [WEB_RECORD]]
    assert await walk(seeded, "identifiers", 2) == [[EMAIL_ID, PHONE_ID], [USER_ID]]


async def test_an_empty_list_is_an_empty_page(seeded: Graph) -> None:
    answer = await ask(seeded, PAGES["events"], id=SOMEBODY, first=5)

    assert answer["data"]["person"]["list"] == {
        "edges": [],
        "pageInfo": {"hasNextPage": False, "hasPreviousPage": False, "startCursor": None, "endCursor": None},
    }


async def test_node_finds_every_type_by_its_global_id(seeded: Graph) -> None:
    await people.seed_events(seeded, [people.event(1, record_key="web:user:u1", occurred_at=NEW_YEAR)])
    await people.seed_transactions(seeded, [people.bought(1, record_key="web:user:u1", occurred_at=NEW_YEAR)])
    ids = {
        "person": global_id("Person", MARIE_ONCE),
        "record": global_id("SourceRecord", CRM_RECORD),
        "identifier": global_id("Identifier", PHONE_ID),
        "event": global_id("Event", people.event_id(1)),
        "transaction": global_id("Transaction", people.transaction_id(1)),
    }

    answer = await ask(
        seeded,
        """query ($person: ID!, $record: ID!, $identifier: ID!, $event: ID!, $transaction: ID!) {
          person: node(id: $person) { __typename id ... on Person { redirected } }
          record: node(id: $record) { __typename id ... on SourceRecord { key } }
          identifier: node(id: $identifier) { __typename id ... on Identifier { value contested } }
          event: node(id: $event) { __typename id ... on Event { name record { key } } }
          transaction: node(id: $transaction) { __typename id ... on Transaction { key record { key } } } }""",
        person=ids["person"],
        record=ids["record"],
        identifier=ids["identifier"],
        event=ids["event"],
        transaction=ids["transaction"],
    )

    assert answer == {
        "data": {
            "person": {"__typename": "Person", "id": global_id("Person", MARIE), "redirected": True},
            "record": {"__typename": "SourceRecord", "id": ids["record"], "key": "crm:row:1"},
            "identifier": {
                "__typename": "Identifier",
                "id": ids["identifier"],
                "value": "+33612345678",
                "contested": True,
            },
            "event": {
                "__typename": "Event",
                "id": ids["event"],
                "name": "Event 1",
                "record": {"key": "web:user:u1"},
            },
            "transaction": {
                "__typename": "Transaction",
                "id": ids["transaction"],
                "key": "shop:1",
                "record": {"key": "web:user:u1"},
            },
        }
    }


BAD_IDS = [
    ("", "BAD_ARGUMENTS", "Pass either `id` or `identifier`."),
    ("17", "BAD_ID", "This is no id of a Person: pass its `id`, or its own id of 36 characters."),
    (f"{MARIE}'", "BAD_ID", "This is no id of a Person: pass its `id`, or its own id of 36 characters."),
    (global_id("Event", MARIE), "BAD_ID", "This is the id of a Event, not of a Person."),
    (
        global_id("Person", "1"),
        "BAD_ID",
        "This is no id of a Person: pass its `id`, or its own id of 36 characters.",
    ),
]


@pytest.mark.parametrize(("asked", "code", "message"), BAD_IDS)
async def test_a_bad_id_is_refused_with_a_reason(graph: Graph, asked: str, code: str, message: str) -> None:
    assert await refusal(graph, "query ($id: ID!) { person(id: $id) { id } }", id=asked) == (code, message)


@pytest.mark.parametrize("asked", ["", "17", MARIE, global_id("Query", MARIE), global_id("Person", "x")])
async def test_node_refuses_what_is_no_global_id(graph: Graph, asked: str) -> None:
    found = await refusal(graph, "query ($id: ID!) { node(id: $id) { id } }", id=asked)

    assert found == ("BAD_ID", "This is no global id: pass the `id` of an object.")


@pytest.mark.parametrize("first", [0, -1, 101, 2_147_483_647])
async def test_a_page_out_of_bounds_is_refused(seeded: Graph, first: int) -> None:
    query = "query ($id: ID!, $n: Int!) { person(id: $id) { events(first: $n) { edges { cursor } } } }"

    code, message = await refusal(seeded, query, id=MARIE, n=first)

    assert (code, message) == (
        "BAD_PAGE_SIZE",
        f"`first` is {first}; it must be 1 to 100. For more rows, go on with `after`.",
    )


async def test_a_cursor_of_another_list_is_refused(seeded: Graph) -> None:
    query = (
        "query ($id: ID!, $after: String) { person(id: $id) { events(after: $after) { edges { cursor } } } }"
    )
    records = await ask(seeded, PAGES["records"], id=MARIE, first=1)
    cursor = records["data"]["person"]["list"]["pageInfo"]["endCursor"]

    for bad in (cursor, "MQ==", "not a cursor", "é", cursor[:-2]):
        assert await refusal(seeded, query, id=MARIE, after=bad) == (
            "BAD_CURSOR",
            "`after` is no cursor of the list `events`. Pass `pageInfo.endCursor` of its page before.",
        )


@pytest.mark.parametrize(
    ("identifier", "code"),
    [
        ({"kind": "email", "value": "null"}, "BAD_IDENTIFIER"),
        ({"kind": "email", "value": "not an address"}, "BAD_IDENTIFIER"),
        ({"kind": "phone", "value": "12"}, "BAD_IDENTIFIER"),
        ({"kind": "user_id", "value": "x" * 5000}, "BAD_IDENTIFIER"),
    ],
)
async def test_a_value_that_identifies_nobody_is_refused(
    graph: Graph, identifier: dict[str, str], code: str
) -> None:
    query = "query ($i: IdentifierInput) { person(identifier: $i) { id } }"

    found, message = await refusal(graph, query, i=identifier)

    assert found == code
    assert identifier["value"] not in message


async def test_both_arguments_or_none_are_refused(graph: Graph) -> None:
    both = '{ person(id: "1", identifier: {kind: "email", value: "a@b.fr"}) { id } }'

    assert await refusal(graph, both) == ("BAD_ARGUMENTS", "Pass either `id` or `identifier`.")
    assert await refusal(graph, "{ person { id } }") == ("BAD_ARGUMENTS", "Pass either `id` or `identifier`.")


@pytest.mark.parametrize("role", ["admin", "steward"])
async def test_the_original_message_is_for_admins_and_stewards(seeded: Graph, role: Role) -> None:
    await people.seed_events(seeded, [people.event(1, record_key="web:user:u1", occurred_at=NEW_YEAR)])
    query = "query ($id: ID!) { person(id: $id) { events { edges { node { name payload } } } } }"

    answer = await ask(seeded, query, role, id=MARIE)
    refused = await ask(seeded, query, "app", id=MARIE)

    assert answer["data"]["person"]["events"]["edges"] == [
        {"node": {"name": "Event 1", "payload": {"messageId": "m1"}}}
    ]
    assert refused["data"]["person"]["events"]["edges"] == [{"node": {"name": "Event 1", "payload": None}}]
    assert [error["extensions"] for error in refused["errors"]] == [{"code": "FORBIDDEN"}]


class CountingGraph(Graph):
    """Notes which work is done."""

    def __init__(self, driver: AsyncDriver, *, database: str) -> None:
        super().__init__(driver, database=database, timeout_s=60)
        self.names: list[str] = []

    async def read(self, work: Work[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        self.names.append(getattr(work, "__name__", ""))
        return await super().read(work, *args, **kwargs)


async def test_one_level_of_a_query_is_one_statement(
    seeded: Graph, driver: AsyncDriver, neo4j_target: Neo4jTarget
) -> None:
    """Two people with all their lists, and the records of their events: as many statements as for one."""
    await people.seed_events(
        seeded,
        [
            people.event(n, record_key=("web:user:u1", "crm:row:2")[n % 2], occurred_at=NEW_YEAR + n)
            for n in range(20)
        ],
    )
    counting = CountingGraph(driver, database=neo4j_target.database)
    lists = """person_id golden_record { provenance { record { key } source } }
      events { edges { node { record { key } } } } records { edges { node { person { person_id } } } }
      identifiers { edges { node { value } } } transactions { edges { node { key } } }"""

    answer = await ask(
        counting,
        f"query ($a: ID!, $b: ID!) {{ a: person(id: $a) {{ {lists} }} b: person(id: $b) {{ {lists} }} }}",
        a=MARIE,
        b=PAUL,
    )

    assert "errors" not in answer
    assert sorted(counting.names) == [
        "find_people",
        "find_records",
        "list_events",
        "list_identifiers",
        "list_records",
        "list_transactions",
    ]
