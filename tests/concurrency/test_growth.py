"""A component that grows while a writer waits for the lock of its people: the writer starts again and locks those
who came in, too. Chance finds this interleaving too rarely, so here it is arranged.
"""

import asyncio

import pytest
from neo4j import AsyncDriver, AsyncManagedTransaction

from graph_cdp.flows.ingest import Ingest
from graph_cdp.graph.transactions import Graph, P, T, Work
from graph_cdp.identity.policy import DEFAULT_POLICY
from tests.identity.scenario import TIMESTAMP, Json
from tests.identity.through_graph import RECEIVED_AT, observe, parse
from tests.integration.querying import query

pytestmark = pytest.mark.neo4j

WAITING = """
SHOW TRANSACTIONS YIELD status, currentQuery
WHERE status STARTS WITH 'Blocked' AND currentQuery CONTAINS 'REMOVE person._lock'
RETURN count(*) AS waiting
"""


class Held(Graph):
    """A graph whose writes are held before their commit until they may go on; `tries` counts them."""

    def __init__(self, driver: AsyncDriver) -> None:
        super().__init__(driver, database="neo4j", timeout_s=30)
        self.tries = 0
        self.is_done = asyncio.Event()
        self.may_commit = asyncio.Event()

    async def write(self, work: Work[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Write, and wait before the commit."""

        async def held(tx: AsyncManagedTransaction, *args: P.args, **kwargs: P.kwargs) -> T:
            self.tries += 1
            answer = await work(tx, *args, **kwargs)
            self.is_done.set()
            await self.may_commit.wait()
            return answer

        return await super().write(held, *args, **kwargs)


def row(record_id: str, **traits: str) -> Json:
    """A row of the CRM."""
    about: Json = {"type": "record", "source": "crm", "timestamp": TIMESTAMP, "messageId": record_id}
    return about | {"record_id": record_id, "traits": traits}


async def ingest_on(graph: Graph, message: Json) -> None:
    """Ingest a message."""
    await Ingest(graph=graph, policy=DEFAULT_POLICY, clock=lambda: RECEIVED_AT)([parse(message)])


async def test_a_component_that_grew_meanwhile_is_locked_anew(graph: Graph, driver: AsyncDriver) -> None:
    await ingest_on(graph, row("1", email="roux@x.fr", phone="0611111111", first_name="Anne"))
    first, second = Held(driver), Held(driver)
    second.may_commit.set()

    async with asyncio.TaskGroup() as group:
        group.create_task(ingest_on(first, row("2", email="roux@x.fr", first_name="Paul")))
        await first.is_done.wait()
        group.create_task(ingest_on(second, row("3", phone="0611111111")))
        while await query(graph, WAITING) == [{"waiting": 0}]:  # noqa: ASYNC110 - what is awaited happens in the database
            await asyncio.sleep(0.01)
        first.may_commit.set()

    assert (first.tries, second.tries) == (1, 2)
    person_of = (await observe(driver)).person_of
    people = {key: person_of[key] for key in sorted(person_of)}
    one, two, three = people.values()
    assert one == three
    assert one != two
