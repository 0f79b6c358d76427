"""Stewards' procedures: the files that the service runs, called as `CALL custom.cdp.…` from Neo4j Browser."""

import asyncio

import pytest
from neo4j import AsyncDriver

from graph_cdp.flows.ingest import Ingest
from graph_cdp.graph.driver import open_session
from graph_cdp.graph.procedures import can_install, install_procedures, load_procedures
from graph_cdp.graph.transactions import Graph
from graph_cdp.identity.policy import DEFAULT_POLICY
from tests.identity.scenario import TIMESTAMP, Json
from tests.identity.through_graph import RECEIVED_AT, observe, parse

pytestmark = pytest.mark.neo4j

INSTALLED = "SHOW PROCEDURES YIELD name WHERE name STARTS WITH 'custom.cdp.' RETURN collect(name) AS names"
MERGE = """
MATCH (one:SourceRecord {key: 'crm:row:1'})-[:RESOLVES_TO]->(into:Person)
MATCH (other:SourceRecord {key: 'crm:row:2'})-[:RESOLVES_TO]->(absorbed:Person)
WITH [{change_id: 'c1', person_id: into.id, absorbed_person_id: absorbed.id, at: timestamp(), by: 'steward', evidence: []}]
  AS changes
CALL custom.cdp.merge(changes) YIELD change_ids, record_count
CALL custom.cdp.number_changes(change_ids) YIELD sequence_last
RETURN record_count, sequence_last
"""
VERDICT = """
MATCH (one:SourceRecord {key: 'crm:row:1'}), (other:SourceRecord {key: 'crm:row:2'})
WITH [{kind: 'same', left: [one.id], right: [other.id], by: 'steward', reason: 'asked'}] AS verdicts
CALL custom.cdp.give_verdict(verdicts) YIELD verdict_count
RETURN verdict_count
"""
LISTED_WITHIN_S = 20


@pytest.fixture(scope="module")
async def procedures(driver: AsyncDriver) -> list[str]:
    """The installed procedures, once the server lists them all."""
    if not await can_install(driver):
        pytest.skip("this Neo4j has no APOC Extended")
    names = await install_procedures(driver, database="neo4j")
    for _ in range(LISTED_WITHIN_S * 5):
        if set(names) <= set((await ask(driver, INSTALLED))["names"]):
            break
        await asyncio.sleep(0.2)
    return names


async def ask(driver: AsyncDriver, text: str) -> Json:
    """The one row that a statement typed in Browser returns."""
    async with open_session(driver, database="neo4j") as session:
        result = await session.run(text)  # type: ignore[arg-type]
        return (await result.single(strict=True)).data()


async def tell_two_rows(graph: Graph) -> None:
    """Two people of one record each."""
    rows: list[Json] = [
        {
            "messageId": f"m{n}",
            "timestamp": TIMESTAMP,
            "type": "record",
            "source": "crm",
            "record_id": str(n),
            "traits": {},
        }
        for n in (1, 2)
    ]
    await Ingest(graph=graph, policy=DEFAULT_POLICY, clock=lambda: RECEIVED_AT)([parse(row) for row in rows])


async def test_every_file_is_installed(procedures: list[str], driver: AsyncDriver) -> None:
    expected = [f"custom.{procedure.signature.split('(')[0]}" for procedure in load_procedures()]
    assert procedures == expected
    assert set(expected) <= set((await ask(driver, INSTALLED))["names"])


async def test_steward_merges_two_people(procedures: list[str], graph: Graph, driver: AsyncDriver) -> None:
    assert "custom.cdp.merge" in procedures
    await tell_two_rows(graph)
    assert await ask(driver, MERGE) == {"record_count": 1, "sequence_last": 3}
    assert len(set((await observe(driver)).person_of.values())) == 1


async def test_verdict_of_a_steward_waits_for_the_job(
    procedures: list[str], graph: Graph, driver: AsyncDriver
) -> None:
    assert "custom.cdp.give_verdict" in procedures
    await tell_two_rows(graph)
    assert await ask(driver, VERDICT) == {"verdict_count": 1}
    waiting = await ask(
        driver, "MATCH (job:Job {kind: 'resolve', state: 'pending'}) RETURN count(job) AS count"
    )
    assert waiting == {"count": 2}
