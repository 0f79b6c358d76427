"""Fixtures shared by all tests: the real database, migrated once a session and emptied before each test."""

import os
from collections.abc import AsyncIterator

import pytest
from hypothesis import settings
from neo4j import AsyncDriver

from graph_cdp.graph.checks import find_violations
from graph_cdp.graph.driver import Neo4jTarget, open_driver
from graph_cdp.graph.migrations import load_migrations, migrate
from graph_cdp.graph.record_reader import RecordReader
from graph_cdp.graph.transactions import Graph
from tests.graph import empty

pytest_plugins = ["tests.database"]

for limit in ("READ", "REQUEST"):
    # The first statements of an empty database are planned for seconds on a busy machine, which no test is about.
    os.environ.setdefault(f"GRAPH_CDP_{limit}_TIMEOUT_S", "60")  # noqa: TID251 - servers of tests inherit it

# No test is about time, and an example that takes longer than 200 ms says only that the machine is busy.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")


@pytest.fixture(scope="session")
async def driver(neo4j_target: Neo4jTarget) -> AsyncIterator[AsyncDriver]:
    """One driver for the session."""
    async with open_driver(neo4j_target, timeout_s=60) as driver:
        yield driver


@pytest.fixture(scope="session")
async def migrated_graph(driver: AsyncDriver, neo4j_target: Neo4jTarget) -> AsyncIterator[Graph]:
    """The database with all migrations applied, whatever it held before; read as the service reads it."""
    async with RecordReader(neo4j_target) as reader:
        graph = Graph(driver, database=neo4j_target.database, timeout_s=60, reader=reader)
        await migrate(graph, load_migrations())
        yield graph


@pytest.fixture
async def graph(migrated_graph: Graph, driver: AsyncDriver) -> AsyncIterator[Graph]:
    """An empty, migrated graph; after the test every invariant of `cypher/checks/` must hold in it."""
    await empty(driver)
    yield migrated_graph
    assert await find_violations(migrated_graph) == []
