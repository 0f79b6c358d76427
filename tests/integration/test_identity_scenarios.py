"""Every identity scenario through the database: the same messages, parsed by the doors that clients use."""

import random
from collections.abc import Sequence

import pytest
from neo4j import AsyncDriver

from graph_cdp.flows.ingest import Ingest
from graph_cdp.graph.transactions import Graph
from graph_cdp.identity.policy import DEFAULT_POLICY
from graph_cdp.source.model import Message
from tests.graph import empty
from tests.identity.scenario import Json, Scenario, load_scenarios, orders, problems
from tests.identity.through_graph import RECEIVED_AT, observe, parse

pytestmark = pytest.mark.neo4j


def batches(messages: Sequence[Json], chance: random.Random) -> list[list[Message]]:
    """The messages in batches of one to all, as requests may arrive together."""
    rest = [parse(message) for message in messages]
    some: list[list[Message]] = []
    while rest:
        size = chance.randint(1, len(rest))
        some.append(rest[:size])
        rest = rest[size:]
    return some


async def run_orders(
    scenario: Scenario, graph: Graph, driver: AsyncDriver, *, orders_max: int | None
) -> None:
    """Ingest the messages in each order into an empty graph, and compare."""
    ingest = Ingest(graph=graph, policy=DEFAULT_POLICY, clock=lambda: RECEIVED_AT)
    for number, arrival in enumerate(orders(scenario, orders_max=orders_max)):
        await empty(driver)
        for batch in batches(arrival, random.Random(f"{scenario.name} {number}")):
            await ingest(batch)
        assert problems(scenario, await observe(driver)) == [], [message["messageId"] for message in arrival]


@pytest.mark.parametrize("scenario", load_scenarios(), ids=lambda scenario: scenario.name)
async def test_scenario_comes_out_in_the_graph(scenario: Scenario, graph: Graph, driver: AsyncDriver) -> None:
    await run_orders(scenario, graph, driver, orders_max=4)


@pytest.mark.soak
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("scenario", load_scenarios(), ids=lambda scenario: scenario.name)
async def test_scenario_comes_out_in_every_order(
    scenario: Scenario, graph: Graph, driver: AsyncDriver
) -> None:
    await run_orders(scenario, graph, driver, orders_max=None)
