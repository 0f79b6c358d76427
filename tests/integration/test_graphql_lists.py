"""Timelines, transactions, records, identifiers: filtered, paged, batched."""

from collections.abc import Mapping
from typing import Any, LiteralString

import pytest
from neo4j import AsyncDriver, Record

from graph_cdp.graph.driver import Neo4jTarget
from graph_cdp.graph.transactions import Graph, P, T, Work
from tests.integration import people
from tests.integration.asking import ask, refusal
from tests.integration.people import (
    CRM_RECORD,
    DAY,
    EMAIL_ID,
    MARIE,
    NEW_YEAR,
    PAUL,
    PHONE_ID,
    SOMEBODY,
    USER_ID,
    WEB_RECORD,
)
from tests.integration.rich import seed_rich

pytestmark = pytest.mark.neo4j


async def test_a_timeline_merges_the_records_newest_first(people_graph: Graph) -> None:
    await people.seed_events(
        people_graph,
        [
            people.event(1, record_key="crm:row:1", occurred_at=NEW_YEAR, type="record"),
            people.event(2, record_key="web:user:u1", occurred_at=NEW_YEAR + DAY),
            people.event(3, record_key="crm:row:1", occurred_at=NEW_YEAR + 2 * DAY),
            people.event(4, record_key="crm:row:2", occurred_at=NEW_YEAR + 2 * DAY),
        ],
    )

    answer = await ask(
        people_graph,
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


async def test_events_are_filtered_by_type(people_graph: Graph) -> None:
    await people.seed_events(
        people_graph,
        [
            people.event(number, record_key="web:user:u1", occurred_at=NEW_YEAR + number, type=type_)
            for number, type_ in enumerate(("track", "page", "identify", "page"))
        ],
    )

    answer = await ask(
        people_graph,
        """query ($id: ID!) { person(id: $id) {
          pages: events(types: [PAGE]) { edges { node { message_id } } }
          either: events(types: [TRACK, IDENTIFY]) { edges { node { message_id } } }
          all: events(types: []) { edges { node { message_id } } } } }""",
        id=MARIE,
    )

    found = {
        name: [edge["node"]["message_id"] for edge in list_["edges"]]
        for name, list_ in answer["data"]["person"].items()
    }
    assert found == {"pages": ["m3", "m1"], "either": ["m2", "m0"], "all": ["m3", "m2", "m1", "m0"]}


async def test_transactions_are_listed_newest_first_and_filtered_by_kind(people_graph: Graph) -> None:
    await people.seed_transactions(
        people_graph,
        [
            people.bought(1, record_key="web:user:u1", occurred_at=NEW_YEAR),
            people.bought(2, record_key="crm:row:1", occurred_at=NEW_YEAR + DAY, kind="return"),
            people.bought(3, record_key="crm:row:1", occurred_at=NEW_YEAR + DAY, kind="basket", amount=None),
        ],
    )

    answer = await ask(
        people_graph,
        """query ($id: ID!) { person(id: $id) {
          transactions { edges { node { key kind amount currency quantity occurred_at } } }
          returns: transactions(kinds: [RETURN]) { edges { node { key record { key } } } } } }""",
        id=MARIE,
    )

    person = answer["data"]["person"]
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
        assert len(pages) <= 12, "the list has no end"
        if not info["hasNextPage"]:
            return pages
        after = cursors[-1]


@pytest.mark.parametrize("size", [1, 3, 7, 12, 13])
async def test_pages_hold_every_row_exactly_once_though_times_are_equal(
    people_graph: Graph, size: int
) -> None:
    """Twelve events at three times, alternating between two records."""
    numbers = range(12)
    keys = ["web:user:u1", "crm:row:1"]
    await people.seed_events(
        people_graph,
        [people.event(n, record_key=keys[n % 2], occurred_at=NEW_YEAR + n // 4) for n in numbers],
    )
    await people.seed_transactions(
        people_graph,
        [people.bought(n, record_key=keys[n % 2], occurred_at=NEW_YEAR + n // 4) for n in numbers],
    )

    events = await walk(people_graph, "events", size)
    transactions = await walk(people_graph, "transactions", size)

    newest_first = list(reversed(numbers))
    cut = [newest_first[start : start + size] for start in range(0, 12, size)]
    assert events == [[people.event_id(n) for n in page] for page in cut]
    assert transactions == [[people.transaction_id(n) for n in page] for page in cut]


LISTS = ("events", "transactions", "interactions", "consent_records", "timeline", "records", "identifiers")


@pytest.mark.parametrize("size", [1, 3, 20])
@pytest.mark.parametrize("name", LISTS)
async def test_the_beginning_of_a_list_is_what_a_page_after_no_cursor_is(
    graph: Graph, name: str, size: int
) -> None:
    """Where no cursor is given the rows are not compared with one: that is another statement."""
    await seed_rich(graph)
    page = "{ edges { cursor } pageInfo { hasNextPage endCursor } total_count }"

    answer = await ask(
        graph,
        f"query ($id: ID!) {{ person(id: $id) {{ first: {name}(first: {size}) {page} any: {name}(first: {size}, after: null) {page} }} }}",
        id=MARIE,
    )

    person = answer["data"]["person"]
    assert len(person["any"]["edges"]) == min(size, person["any"]["total_count"])
    assert person["first"] == person["any"]


async def test_records_and_identifiers_are_paged_too(people_graph: Graph) -> None:
    assert await walk(people_graph, "records", 1) == [[CRM_RECORD], [WEB_RECORD]]
    assert await walk(people_graph, "identifiers", 2) == [[EMAIL_ID, PHONE_ID], [USER_ID]]


async def test_an_empty_list_is_an_empty_page(people_graph: Graph) -> None:
    answer = await ask(people_graph, PAGES["events"], id=SOMEBODY, first=5)

    assert answer["data"]["person"]["list"] == {
        "edges": [],
        "pageInfo": {"hasNextPage": False, "hasPreviousPage": False, "startCursor": None, "endCursor": None},
    }


@pytest.mark.parametrize("first", [0, -1, 101, 2_147_483_647])
async def test_a_page_out_of_bounds_is_refused(people_graph: Graph, first: int) -> None:
    query = "query ($id: ID!, $n: Int!) { person(id: $id) { events(first: $n) { edges { cursor } } } }"

    code, message = await refusal(people_graph, query, id=MARIE, n=first)

    assert (code, message) == (
        "BAD_PAGE_SIZE",
        f"`first` is {first}; it must be 1 to 100. For more rows, go on with `after`.",
    )


async def test_a_cursor_of_another_list_is_refused(people_graph: Graph) -> None:
    query = (
        "query ($id: ID!, $after: String) { person(id: $id) { events(after: $after) { edges { cursor } } } }"
    )
    records = await ask(people_graph, PAGES["records"], id=MARIE, first=1)
    cursor = records["data"]["person"]["list"]["pageInfo"]["endCursor"]

    for bad in (cursor, "MQ==", "not a cursor", "é", cursor[:-2]):
        assert await refusal(people_graph, query, id=MARIE, after=bad) == (
            "BAD_CURSOR",
            "`after` is no cursor of the list `events`. Pass `pageInfo.endCursor` of its page before.",
        )


class CountingGraph(Graph):
    """Notes which work is done, and which single records are read."""

    def __init__(self, driver: AsyncDriver, *, database: str) -> None:
        super().__init__(driver, database=database, timeout_s=60)
        self.names: list[str] = []

    async def read(self, work: Work[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        self.names.append(getattr(work, "__name__", ""))
        return await super().read(work, *args, **kwargs)

    async def read_record(self, text: LiteralString, params: Mapping[str, Any]) -> Record:
        self.names.append("read_record")
        return await super().read_record(text, params)


async def test_one_field_of_the_root_is_one_statement(
    people_graph: Graph, driver: AsyncDriver, neo4j_target: Neo4jTarget
) -> None:
    """Two people with all their lists, and the records of their events: a statement each on the plain way."""
    await people.seed_events(
        people_graph,
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
    assert counting.names == ["read_record", "read_record"]
