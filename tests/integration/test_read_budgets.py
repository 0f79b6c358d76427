"""What the hot reads cost, in the database's own count of what it touches (db hits), on a graph of a known size."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, cast

import pytest
from neo4j import AsyncDriver

from graph_cdp.api.connections import Page, Position
from graph_cdp.api.reads.event import LIST_EVENTS
from graph_cdp.api.reads.keyset import Descending, ascending, descending
from graph_cdp.api.reads.person import FIND_PEOPLE, FIND_PEOPLE_BY_IDENTIFIERS, LIST_IDENTIFIERS, LIST_RECORDS
from graph_cdp.api.reads.transaction import LIST_TRANSACTIONS
from graph_cdp.graph.driver import Neo4jTarget
from graph_cdp.graph.queries import Query
from graph_cdp.graph.transactions import Graph
from tests.integration import people
from tests.integration.people import MARIE, MARIE_AT_FIRST, NEW_YEAR

pytestmark = pytest.mark.neo4j

MANY = 5_000


@dataclass(frozen=True, slots=True)
class Budget:
    """A query that costs at most `hits` for `rows`."""

    query: Query
    rows: int
    hits: int


Cost = Callable[..., Awaitable[tuple[int, int]]]
"""`cost(query, **parameters)`: the rows that a query returns, and the db hits that it costs."""


@pytest.fixture
def cost(driver: AsyncDriver, neo4j_target: Neo4jTarget) -> Cost:
    async def profile(query: Query, **parameters: Any) -> tuple[int, int]:
        summary = await driver.execute_query(
            f"PROFILE {query.text}", parameters, database_=neo4j_target.database
        )
        return len(summary.records), hits_of(cast("dict[str, Any]", summary.summary.profile))  # pyright: ignore[reportUnknownMemberType]

    return profile


def hits_of(plan: dict[str, Any]) -> int:
    return plan.get("dbHits", 0) + sum(hits_of(child) for child in plan.get("children", []))


async def seed(graph: Graph, *, count: int) -> None:
    """Marie's two records, with as many events and transactions in turn, three at a time."""
    keys = ("web:user:u1", "crm:row:1")
    await people.seed_people(graph)
    await people.seed_events(
        graph, [people.event(n, record_key=keys[n % 2], occurred_at=NEW_YEAR + n // 3) for n in range(count)]
    )
    await people.seed_transactions(
        graph, [people.bought(n, record_key=keys[n % 2], occurred_at=NEW_YEAR + n // 3) for n in range(count)]
    )


FIRST = descending(Page(size=20, after=None))
MIDDLE = descending(Page(size=20, after=Position(at=NEW_YEAR + MANY // 6, id=people.event_id(MANY // 2))))


@pytest.mark.parametrize("page", [FIRST, MIDDLE])
async def test_a_page_of_a_long_timeline_reads_little_more_than_its_rows(
    graph: Graph, cost: Cost, page: Descending
) -> None:
    """21 rows of each of two records, out of 5,000: not the 5,000."""
    await seed(graph, count=MANY)

    events = await cost(LIST_EVENTS, person_ids=[MARIE], types=None, **page)
    transactions = await cost(LIST_TRANSACTIONS, person_ids=[MARIE], kinds=None, **page)

    assert (events[0], transactions[0]) == (21, 21)
    assert events[1] <= 260
    assert transactions[1] <= 260


@pytest.mark.parametrize("budget", [Budget(LIST_RECORDS, 2, 45), Budget(LIST_IDENTIFIERS, 3, 60)])
async def test_a_page_of_records_or_identifiers_keeps_its_budget(
    graph: Graph, cost: Cost, budget: Budget
) -> None:
    await seed(graph, count=0)

    rows, hits = await cost(budget.query, person_ids=[MARIE], **ascending(Page(size=20, after=None)))

    assert rows == budget.rows
    assert hits <= budget.hits


async def test_finding_a_person_keeps_its_budget(graph: Graph, cost: Cost) -> None:
    """By an id that was absorbed twice, and by an identifier."""
    await seed(graph, count=0)

    by_id = await cost(FIND_PEOPLE, person_ids=[MARIE_AT_FIRST])
    by_email = await cost(
        FIND_PEOPLE_BY_IDENTIFIERS, identifiers=[{"kind": "email", "value": "marie@example.com"}]
    )

    assert (by_id[0], by_email[0]) == (1, 1)
    assert by_id[1] <= 35
    assert by_email[1] <= 35
