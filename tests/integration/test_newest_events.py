"""First pages of events ask only the records that did something last: whatever came when, they miss none."""

from random import Random
from typing import Any

import pytest
from neo4j import AsyncDriver

from graph_cdp.graph.transactions import Graph
from tests.graph import empty
from tests.identity.teller import Teller
from tests.integration.asking import ask
from tests.integration.querying import query

pytestmark = pytest.mark.neo4j

RECORDS, MESSAGES = 14, 60

PAGE = """query ($id: ID!, $first: Int!, $after: String) { person(id: $id) {
  events(first: $first, after: $after) { edges { cursor node { message_id } } pageInfo { hasNextPage } } } }"""
FIRST = """query ($id: ID!) { person(id: $id) { events(first: 4) { edges { node { message_id } } } } }"""

NEWEST_FIRST = """
MATCH (:Person {id: $id})<-[:RESOLVES_TO]-(:SourceRecord)-[:PERFORMED]->(event:Event)
RETURN event.message_id AS message_id
ORDER BY event.occurred_at DESC, event.id DESC
"""


def shown(answer: Any) -> list[str]:
    """The messages of a page."""
    return [edge["node"]["message_id"] for edge in answer["data"]["person"]["events"]["edges"]]


@pytest.mark.parametrize("days", [2, 9, 28])
async def test_the_first_page_has_the_newest_events_of_many_records(
    graph: Graph, driver: AsyncDriver, days: int
) -> None:
    """On few days many happen at one time; messages come late, and several in one batch."""
    chance = Random(days)
    await empty(driver)
    teller = Teller(graph=graph, driver=driver)
    rows = [
        teller.make(
            type="identify",
            source=f"s{chance.randrange(RECORDS)}",
            userId="u1",
            timestamp=f"2026-01-{chance.randint(1, days):02}T00:00:00Z",
        )
        for _ in range(MESSAGES)
    ]
    while rows:
        size = chance.randint(1, 5)
        await teller.tell(*rows[:size])
        rows = rows[size:]
    (person,) = await query(graph, "MATCH (person:Person) WHERE NOT person:Merged RETURN person.id AS id")
    wanted = [row["message_id"] for row in await query(graph, NEWEST_FIRST, id=person["id"])]
    assert shown(await ask(graph, FIRST, id=person["id"])) == wanted[:4]

    await forget_newest(driver)
    assert shown(await ask(graph, FIRST, id=person["id"])) == wanted[:4]

    found: list[str] = []
    after = None
    while True:
        answer = await ask(graph, PAGE, id=person["id"], first=7, after=after)
        found += shown(answer)
        page = answer["data"]["person"]["events"]
        if not page["pageInfo"]["hasNextPage"]:
            break
        after = page["edges"][-1]["cursor"]
    assert found == wanted


async def forget_newest(driver: AsyncDriver) -> None:
    """Let some records be as an earlier release made them."""
    await driver.execute_query(
        "MATCH (record:SourceRecord) WHERE record.source IN ['s1', 's3', 's5', 's7'] REMOVE record.last_event_at"
    )
