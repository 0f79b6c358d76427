"""`graph-cdp resolve`, typed as a person types it: with training, and by what was learned last."""

import asyncio

import pytest
from neo4j import AsyncDriver
from typer.testing import CliRunner, Result

from graph_cdp.cli import app
from graph_cdp.errors import GraphCdpError
from graph_cdp.graph.driver import Neo4jTarget
from graph_cdp.graph.transactions import Graph
from tests.integration.arrivals import matches
from tests.integration.test_match_graph import febrl_4, load

pytestmark = pytest.mark.neo4j


@pytest.fixture(autouse=True)
def settings(neo4j_target: Neo4jTarget, monkeypatch: pytest.MonkeyPatch) -> None:
    """The command works on the tests' database."""
    monkeypatch.setenv("GRAPH_CDP_NEO4J_URI", neo4j_target.uri)
    monkeypatch.setenv("GRAPH_CDP_NEO4J_PASSWORD", neo4j_target.password)


async def resolve(*words: str) -> Result:
    """What the command does."""
    return await asyncio.to_thread(CliRunner().invoke, app, ["resolve", *words])


async def test_resolve_learns_and_then_nothing_differs(graph: Graph, driver: AsyncDriver) -> None:
    await load(graph, driver, febrl_4(60))
    untrained = await resolve("--no-training")
    assert isinstance(untrained.exception, GraphCdpError)
    assert str(untrained.exception).startswith("No policy was learned yet")

    tried = await resolve("--dry-run")
    assert "120 records, 120 of them say enough to be matched" in tried.output
    assert "(nothing was written)" in tried.output
    assert await matches(graph) == []

    done = await resolve()
    assert done.exit_code == 0
    assert len(await matches(graph)) > 0
    again = await resolve("--no-training")
    assert "0 are new or changed, 0 are gone." in again.output


async def test_a_policy_that_is_missing_or_of_no_use_is_refused(graph: Graph) -> None:
    del graph
    missing = await resolve("--policy", "none.yaml")
    assert (missing.exit_code, "does not exist" in missing.output) == (2, True)
    useless = await resolve("--no-training", "--policy", __file__)
    assert (useless.exit_code, "leave --policy out" in useless.output) == (2, True)
