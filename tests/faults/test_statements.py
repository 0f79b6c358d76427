"""A fault at every statement of an ingest that attaches, merges, splits and reviews: all or nothing (T3)."""

import pytest
from neo4j import AsyncDriver
from neo4j.exceptions import ClientError

from graph_cdp.flows.ingest import Ingest
from graph_cdp.graph.checks import find_violations
from graph_cdp.graph.driver import open_session
from graph_cdp.graph.transactions import Graph
from graph_cdp.identity.policy import DEFAULT_POLICY
from graph_cdp.source.model import Message
from tests.faults.faulty import FAULTS_OF_A_COMMIT, FAULTS_OF_A_STATEMENT, Fault, FaultyGraph, Plan
from tests.graph import empty
from tests.identity.canonical import State, canonical
from tests.identity.scenario import TIMESTAMP, Json
from tests.identity.through_graph import RECEIVED_AT, parse

pytestmark = [pytest.mark.neo4j, pytest.mark.timeout(600)]

LATER = "2026-01-02T00:00:00Z"


def said(number: int, at: str = TIMESTAMP, **message: object) -> Json:
    """A message with an id and a time."""
    return {"messageId": f"m{number}", "timestamp": at, **message}


BEFORE = [
    said(1, type="identify", source="web", userId="u1", traits={"email": "one@x.fr"}),
    said(2, type="record", source="crm", record_id="1", traits={"phone": "0611111112", "first_name": "Léa"}),
    said(3, type="record", source="shop", record_id="5", traits={"email": "marc@x.fr"}),
    said(4, type="record", source="crm", record_id="9", traits={"email": "marc@x.fr"}),
]
"""Three people: the last two rows are one."""

AFTER = [
    said(5, type="identify", source="app", userId="u1", traits={"phone": "+33611111112"}),
    said(6, LATER, type="record", source="shop", record_id="5", traits={"email": "julie@x.fr"}),
    said(7, type="identify", source="web", userId="u2", traits={"email": "one@x.fr"}),
    said(8, type="page", source="web", anonymousId="a1", name="Home"),
]
"""One batch that merges two people by a phone, splits two rows, contests an e-mail and makes a visitor."""


def ingest_on(graph: Graph) -> Ingest:
    """The flow on a graph."""
    return Ingest(graph=graph, policy=DEFAULT_POLICY, clock=lambda: RECEIVED_AT)


def parsed(messages: list[Json]) -> list[Message]:
    """The messages as the flow takes them."""
    return [parse(message) for message in messages]


async def journal(driver: AsyncDriver) -> dict[str, int]:
    """How many changes of each kind the journal holds."""
    async with open_session(driver, database="neo4j") as session:
        result = await session.run("MATCH (c:IdentityChange) RETURN c.kind AS kind, count(*) AS count")
        return {row["kind"]: row["count"] async for row in result}


async def expected_states(graph: Graph, driver: AsyncDriver) -> tuple[State, State, int]:
    """The state before and after the batch without a fault, and how many statements the batch takes."""
    await ingest_on(graph)(parsed(BEFORE))
    before = await canonical(driver)
    plan = Plan(fault="slow")
    await ingest_on(FaultyGraph(driver, plan))(parsed(AFTER))
    assert await journal(driver) == {"attach": 6, "merge": 1, "split": 1}
    return before, await canonical(driver), plan.seen


async def check(
    fault: Fault, at: int, driver: AsyncDriver, graph: Graph, states: tuple[State, State]
) -> None:
    """Fail once: everything or nothing is there, and the client's next try makes it whole."""
    await empty(driver)
    await ingest_on(graph)(parsed(BEFORE))
    plan = Plan(fault=fault, at=at)
    try:
        outcomes = await ingest_on(FaultyGraph(driver, plan))(parsed(AFTER))
    except ClientError:
        assert await canonical(driver) == states[0], (fault, at)
        outcomes = await ingest_on(graph)(parsed(AFTER))
    assert plan.spent, (fault, at)
    assert len(outcomes) == len(AFTER)
    assert await canonical(driver) == states[1], (fault, at)
    assert await find_violations(graph) == [], (fault, at)


@pytest.mark.parametrize("fault", FAULTS_OF_A_STATEMENT)
async def test_fault_at_every_statement_leaves_all_or_nothing(
    fault: Fault, graph: Graph, driver: AsyncDriver
) -> None:
    before, after, statements = await expected_states(graph, driver)
    assert statements > 12
    for at in range(1, statements + 1):
        await check(fault, at, driver, graph, (before, after))


@pytest.mark.parametrize("fault", FAULTS_OF_A_COMMIT)
async def test_commit_whose_answer_is_lost_is_made_once(
    fault: Fault, graph: Graph, driver: AsyncDriver
) -> None:
    before, after, _ = await expected_states(graph, driver)
    await check(fault, 0, driver, graph, (before, after))
