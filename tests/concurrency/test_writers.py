"""Many writers in two processes, on identifiers that they share: the graph is what pure `resolve` makes of the
same messages, whoever came first (RELIABILITY T4).
"""

import asyncio
import sys

import pytest
from neo4j import AsyncDriver

from graph_cdp.flows.ingest import Ingest
from graph_cdp.graph.checks import find_violations
from graph_cdp.graph.driver import Neo4jTarget
from graph_cdp.graph.transactions import Graph
from graph_cdp.identity.policy import DEFAULT_POLICY
from graph_cdp.identity.resolve import resolve
from tests.concurrency.stream import stream
from tests.graph import empty
from tests.identity.canonical import State, canonical
from tests.identity.evidence import evidence_of
from tests.identity.through_graph import RECEIVED_AT, observe, parse

pytestmark = [pytest.mark.neo4j, pytest.mark.timeout(1200)]

PROCESSES = 2
MESSAGES = 240
SEEDS_FAST = 10
SEEDS_SOAK = 50


async def write_in_two_processes(target: Neo4jTarget, *, seed: int, writers: int) -> None:
    """Write the stream of a seed by that many writers, half of them in each process, all at once."""
    where = (target.uri, target.user, target.password)
    processes = [
        await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tests.concurrency.worker", *where,
            *map(str, (seed, MESSAGES, writers // PROCESSES, share, PROCESSES)),
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
        )
        for share in range(PROCESSES)
    ]  # fmt: skip
    for process in processes:
        assert process.stdout is not None
        assert await process.stdout.readline() == b"ready\n"
    answers = await asyncio.gather(*(process.communicate(b"go\n") for process in processes))
    assert [process.returncode for process in processes] == [0, 0], answers


async def compare(driver: AsyncDriver, *, seed: int) -> None:
    """The graph's people are the clusters that `resolve` finds in the same messages."""
    observed = await observe(driver)
    people: dict[object, set[str]] = {}
    for key, person in observed.person_of.items():
        people.setdefault(person, set()).add(key)
    expected = {cluster.records for cluster in resolve(evidence_of(stream(seed, count=MESSAGES))).clusters}
    assert {frozenset(keys) for keys in people.values()} == expected, f"seed {seed}"


async def told_one_by_one(graph: Graph, driver: AsyncDriver, *, seed: int) -> State:
    """The state of the graph that one writer makes of the stream."""
    await empty(driver)
    messages = [parse(message) for message in stream(seed, count=MESSAGES)]
    await Ingest(graph=graph, policy=DEFAULT_POLICY, clock=lambda: RECEIVED_AT)(messages)
    return await canonical(driver)


@pytest.mark.parametrize("writers", [16, 64])
async def test_writers_at_once_make_what_pure_resolve_makes(
    writers: int, graph: Graph, driver: AsyncDriver, neo4j_target: Neo4jTarget
) -> None:
    for seed in range(SEEDS_FAST):
        await empty(driver)
        await write_in_two_processes(neo4j_target, seed=seed, writers=writers)
        await compare(driver, seed=seed)
        assert await find_violations(graph) == [], f"seed {seed}"
        state = await canonical(driver)
        assert state == await told_one_by_one(graph, driver, seed=seed), f"seed {seed}"


@pytest.mark.soak
@pytest.mark.parametrize("writers", [16, 64])
@pytest.mark.parametrize("seed", range(SEEDS_SOAK))
async def test_many_seeds(
    seed: int, writers: int, graph: Graph, driver: AsyncDriver, neo4j_target: Neo4jTarget
) -> None:
    await write_in_two_processes(neo4j_target, seed=seed, writers=writers)
    await compare(driver, seed=seed)
    assert await find_violations(graph) == []
    state = await canonical(driver)
    assert state == await told_one_by_one(graph, driver, seed=seed)
