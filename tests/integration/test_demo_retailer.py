"""The retailer's year, loaded as the demo does it, on its first forty households: what comes out is known exactly."""

import json
import os
import re
from pathlib import Path
from typing import cast

import httpx
import pytest

from graph_cdp.access.service import system_clock
from graph_cdp.app import create_app
from graph_cdp.demo.keys import ensure_keys
from graph_cdp.demo.load import Loader
from graph_cdp.demo.retailer.load import Retailer, load_retailer
from graph_cdp.demo.retailer.measure import RetailerResolved, measure_retailer
from graph_cdp.demo.retailer.year import SAMPLE_HOUSEHOLDS, live_a_year
from graph_cdp.demo.serving import listen, serving
from graph_cdp.demo.truth import LinkQuality
from graph_cdp.demo.web import Door
from graph_cdp.graph.driver import Neo4jTarget
from graph_cdp.graph.transactions import Graph
from graph_cdp.settings import Settings

pytestmark = pytest.mark.neo4j

RESOLVED = RetailerResolved(
    links=LinkQuality(found=278, true=282, right=278), humans=87, people=88, tablets=5, contested=5
)

PAIR = re.compile(r"```graphql\n(.+?)```\n\n```json\n(.+?)```", re.DOTALL)

TUTORIAL = [
    (query, json.loads(answer))
    for query, answer in PAIR.findall(Path("docs/guides/tutorial.md").read_text("utf-8"))
]


def ask(url: str, key: str, query: str) -> object:
    """The answer to a query of the tutorial, as a reader of it gets it."""
    response = httpx.post(
        f"{url}/graphql", json={"query": query}, headers={"Authorization": f"Bearer {key}"}, timeout=30
    )
    return response.json()


def in_any_order(answer: object) -> object:
    """The answer without the order of its lists: what was first seen at one moment has none."""
    if isinstance(answer, dict):
        return {key: in_any_order(value) for key, value in cast("dict[str, object]", answer).items()}
    if isinstance(answer, list):
        return sorted((in_any_order(one) for one in cast("list[object]", answer)), key=json.dumps)
    return answer


def test_the_tutorial_has_a_query_and_an_answer_for_each_of_its_steps() -> None:
    assert len(TUTORIAL) == 9
    assert Path("docs/guides/tutorial.md").read_text("utf-8").count("```graphql") == len(TUTORIAL)


async def test_the_year_and_its_tutorial_come_out_as_told_and_a_second_load_changes_nothing(
    graph: Graph, neo4j_target: Neo4jTarget, tmp_path: Path
) -> None:
    keys = await ensure_keys(graph, tmp_path / "keys.json", now=system_clock(), random=os.urandom)
    told: list[tuple[str, int, int]] = []

    def watch(part: str, done: int, total: int) -> None:
        told.append((part, done, total))

    loader = Loader(graph=graph, clock=system_clock, region="FR", told=watch)
    with (
        listen("127.0.0.1", 0) as listener,
        serving(create_app(Settings(warm_up_s=0), neo4j_target), listener),
    ):
        retailer = Retailer(
            year=live_a_year(SAMPLE_HOUSEHOLDS),
            directory=tmp_path,
            door=Door(url=f"http://127.0.0.1:{listener.getsockname()[1]}", write_key=keys.retailer),
        )

        assert await load_retailer(loader, retailer) == 580
        first = await measure_retailer(graph, retailer.year)
        assert first == RESOLVED
        assert told[-1] == ("retailer", 576, 576)

        for query, answer in TUTORIAL:
            assert in_any_order(ask(retailer.door.url, keys.admin, query)) == in_any_order(answer)

        assert await load_retailer(loader, retailer) == 0
        assert await measure_retailer(graph, retailer.year) == first
