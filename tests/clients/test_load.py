"""An open-loop load: whatever its rate, no message is lost, none doubled, and memory does not grow (RELIABILITY T1).

How quickly it is answered is measured by `benchmarks/collect`.
"""

import sys
from random import SystemRandom

import pytest

from benchmarks.open_loop import run
from benchmarks.service import memory_mb
from benchmarks.visitors import Visitors
from graph_cdp.graph.transactions import Graph
from tests.clients.conftest import Server
from tests.integration.querying import query

pytestmark = [pytest.mark.neo4j, pytest.mark.timeout(600)]

WARM_MESSAGES = 1_000
GROWTH_MB_MAX = 64
"""What a service may hold more after a load than after its first messages, however long the load."""

PEOPLE = "MATCH (r:SourceRecord)-[:RESOLVES_TO]->(p:Person) RETURN count(DISTINCT p) AS people, count(r) AS records"


async def bear(server: Server, key: str, graph: Graph, *, seed: int, rate: float, seconds: float) -> None:
    """Load the service, and count what is in the graph."""
    sys.stdout.write(f"seed {seed}: {rate:g} messages/s for {seconds:g} s\n")
    visitors = Visitors(seed=seed)
    await run(server.url, key, rate=WARM_MESSAGES, seconds=1, visitors=visitors)
    before = memory_mb(server.pid)
    load = await run(server.url, key, rate=rate, seconds=seconds, visitors=visitors)
    grown = memory_mb(server.pid) - before
    assert load.messages == round(rate * seconds)
    assert set(load.statuses) <= {"200", "429"}
    assert await query(
        graph, "MATCH (e:Event) RETURN count(e) AS events, count(DISTINCT e.message_id) AS ids"
    ) == [{"events": visitors.distinct, "ids": visitors.distinct}]
    assert await query(graph, PEOPLE) == [{"people": visitors.people, "records": visitors.people}]
    assert await query(graph, "MATCH (l:DeadLetter) RETURN count(l) AS letters") == [{"letters": 0}]
    assert grown < GROWTH_MB_MAX


async def test_a_load_is_stored_once_and_whole(server: Server, write_key: str, graph: Graph) -> None:
    await bear(server, write_key, graph, seed=1, rate=500, seconds=4)


@pytest.mark.soak
@pytest.mark.timeout(7_200)
async def test_half_an_hour_of_load_is_stored_once_and_whole(
    server: Server, write_key: str, graph: Graph
) -> None:
    seed = SystemRandom().randrange(1_000_000)
    await bear(server, write_key, graph, seed=seed, rate=500, seconds=1_800)
