"""People who change while a writer waits for a lock: the writer starts again and sees them as they are. Chance finds these
interleavings too rarely, so here they are arranged.
"""

import asyncio
from dataclasses import replace

import pytest
from neo4j import AsyncDriver, AsyncManagedTransaction

from graph_cdp.flows.ingest import Ingest
from graph_cdp.graph.transactions import Graph, P, T, Work
from graph_cdp.identity.policy import DEFAULT_POLICY, Policy
from graph_cdp.ids import Millis
from tests.identity.scenario import TIMESTAMP, Json
from tests.identity.through_graph import RECEIVED_AT, observe, parse
from tests.integration.querying import query

pytestmark = pytest.mark.neo4j

WAITING = """
SHOW TRANSACTIONS YIELD status, currentQuery
WHERE status STARTS WITH 'Blocked' AND currentQuery CONTAINS $lock
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


def login(source: str, number: int = 0, **traits: str) -> Json:
    """A message of one account, which each source has a record of."""
    about: Json = {"type": "identify", "source": source, "timestamp": TIMESTAMP, "userId": "u1"}
    return about | {"messageId": f"{source} {number}", "traits": traits}


async def ingest_on(
    graph: Graph, *messages: Json, at: Millis = RECEIVED_AT, policy: Policy = DEFAULT_POLICY
) -> None:
    """Ingest some messages in one transaction."""
    await Ingest(graph=graph, policy=policy, clock=lambda: at)([parse(message) for message in messages])


async def lock_waits(graph: Graph, *, lock: str) -> None:
    """Return once a statement that contains `lock` waits for another transaction."""
    while await query(graph, WAITING, lock=lock) == [{"waiting": 0}]:  # noqa: ASYNC110 - what is awaited happens in the database
        await asyncio.sleep(0.01)


async def test_a_component_that_grew_meanwhile_is_locked_anew(graph: Graph, driver: AsyncDriver) -> None:
    await ingest_on(graph, row("1", email="roux@x.fr", phone="0611111111", first_name="Anne"))
    first, second = Held(driver), Held(driver)
    second.may_commit.set()

    async with asyncio.TaskGroup() as group:
        group.create_task(ingest_on(first, row("2", email="roux@x.fr", first_name="Paul")))
        await first.is_done.wait()
        group.create_task(ingest_on(second, row("3", phone="0611111111")))
        await lock_waits(graph, lock="REMOVE person._lock")
        first.may_commit.set()

    assert (first.tries, second.tries) == (1, 2)
    person_of = (await observe(driver)).person_of
    people = {key: person_of[key] for key in sorted(person_of)}
    one, two, three = people.values()
    assert one == three
    assert one != two


async def test_a_record_that_moved_meanwhile_is_read_anew(graph: Graph, driver: AsyncDriver) -> None:
    """Many messages hang on the record, and it was merged and split before: then Neo4j moves it without its own lock."""
    await ingest_on(graph, row("0", email="a@x.fr"))
    await ingest_on(graph, row("1", email="roux@x.fr"), at=RECEIVED_AT + 1)
    before = [login("web", number, email="a@x.fr", phone="0611111111") for number in range(100)]
    await ingest_on(graph, *before, at=RECEIVED_AT + 2)
    split = row("0", email="b@x.fr") | {"messageId": "split", "timestamp": "2026-01-02T00:00:00Z"}
    await ingest_on(graph, split, at=RECEIVED_AT + 3)
    first, second = Held(driver), Held(driver)
    second.may_commit.set()

    async with asyncio.TaskGroup() as group:
        group.create_task(ingest_on(first, row("3", email="roux@x.fr", phone="0611111111")))
        await first.is_done.wait()
        group.create_task(ingest_on(second, login("web", 100, email_2="c@x.fr")))
        await lock_waits(graph, lock="REMOVE identifier._lock")
        first.may_commit.set()

    assert (first.tries, second.tries) == (1, 2)
    assert len(set((await observe(driver)).person_of.values())) == 2
    assert await query(graph, "MATCH (change:IdentityChange {record_ids: []}) RETURN change.kind") == []


async def test_who_joins_a_large_component_by_user_id_joins_nobody_who_was_absorbed_meanwhile(
    graph: Graph, driver: AsyncDriver
) -> None:
    await ingest_on(graph, row("1", email="roux@x.fr"))
    await ingest_on(graph, login("web", phone="0611111111"), login("app"), at=RECEIVED_AT + 1)
    first, second = Held(driver), Held(driver)
    second.may_commit.set()

    async with asyncio.TaskGroup() as group:
        group.create_task(ingest_on(first, row("2", email="roux@x.fr", phone="0611111111")))
        await first.is_done.wait()
        group.create_task(
            ingest_on(second, login("till"), policy=replace(DEFAULT_POLICY, component_records_max=2))
        )
        await lock_waits(graph, lock="REMOVE person._lock")
        first.may_commit.set()

    assert (first.tries, second.tries) == (1, 2)
    assert len(set((await observe(driver)).person_of.values())) == 1
