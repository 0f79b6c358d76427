"""Fixtures of the API's tests."""

from collections.abc import AsyncGenerator

import httpx
import pytest

from graph_cdp.graph.transactions import Graph
from tests.integration.asking import make_key, serve
from tests.integration.people import seed_people


@pytest.fixture
async def people_graph(graph: Graph) -> Graph:
    """A graph with Marie, Paul and somebody, who did nothing yet."""
    await seed_people(graph)
    return graph


@pytest.fixture
async def api_client(people_graph: Graph) -> AsyncGenerator[httpx.AsyncClient]:
    """A client of the API that holds the key of an app."""
    async with serve(people_graph) as client:
        client.headers["Authorization"] = f"Bearer {await make_key(people_graph, 'app')}"
        yield client
