"""Fixtures of the API's tests."""

from collections.abc import AsyncGenerator

import httpx
import pytest

from graph_cdp.app import create_app
from graph_cdp.graph.driver import Neo4jTarget
from graph_cdp.graph.transactions import Graph
from graph_cdp.settings import Settings
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


@pytest.fixture
async def service(graph: Graph, neo4j_target: Neo4jTarget) -> AsyncGenerator[httpx.AsyncClient]:
    """A client of the running service, as it is composed; it holds no key."""
    app = create_app(Settings(warm_up_s=0.1), neo4j_target)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://service") as client,
    ):
        yield client
