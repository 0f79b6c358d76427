"""The database that benchmarks run on: the one of the settings, migrated, and emptied or as a run before left it."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from neo4j import AsyncDriver

from graph_cdp.graph.driver import open_driver, open_session
from graph_cdp.graph.migrations import load_migrations, migrate
from graph_cdp.graph.server import ensure_database
from graph_cdp.graph.transactions import Graph
from graph_cdp.settings import Settings

EMPTY = "MATCH (n) WHERE NOT n:Migration CALL (n) { DETACH DELETE n } IN TRANSACTIONS OF 5000 ROWS"
TIMEOUT_S = 120.0


@asynccontextmanager
async def kept_database() -> AsyncGenerator[tuple[AsyncDriver, Graph]]:
    """A driver and a graph on the database of the settings, with what it holds."""
    target = ensure_database(Settings())
    async with open_driver(target, timeout_s=TIMEOUT_S) as driver:
        graph = Graph(driver, database=target.database, timeout_s=TIMEOUT_S)
        await migrate(graph, load_migrations())
        yield driver, graph


@asynccontextmanager
async def emptied_database() -> AsyncGenerator[tuple[AsyncDriver, Graph]]:
    """A driver and a graph on the database of the settings. Its content is DELETED."""
    database = ensure_database(Settings()).database
    async with kept_database() as (driver, graph):
        async with open_session(driver, database=database) as session:
            await (await session.run(EMPTY)).consume()
        yield driver, graph
