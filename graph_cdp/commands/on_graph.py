"""What commands do on the graph of the settings, and with a driver that is closed afterwards."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from graph_cdp.graph.driver import Neo4jTarget, open_driver
from graph_cdp.graph.server import ensure_database
from graph_cdp.graph.transactions import Graph
from graph_cdp.settings import Settings

T = TypeVar("T")


def run_on_graph(work: Callable[[Graph], Awaitable[T]]) -> T:
    """What `work` returns, on the database of the settings; it is started where it must be."""
    settings = Settings()
    return asyncio.run(with_graph(settings, ensure_database(settings), work))


async def with_graph(settings: Settings, target: Neo4jTarget, work: Callable[[Graph], Awaitable[T]]) -> T:
    """What `work` returns, with a driver of its own that is closed afterwards."""
    async with open_driver(target, timeout_s=settings.neo4j_timeout_s) as driver:
        return await work(Graph(driver, database=target.database, timeout_s=settings.neo4j_timeout_s))
