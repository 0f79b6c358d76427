"""Versions of a row that arrive in one batch: the past of the first is history that nobody had written yet."""

import pytest
from neo4j import AsyncDriver

from graph_cdp.flows.ingest import Ingest
from graph_cdp.graph.checks import find_violations
from graph_cdp.graph.transactions import Graph
from graph_cdp.identity.policy import DEFAULT_POLICY
from tests.graph import empty
from tests.identity.scenario import Json
from tests.identity.through_graph import RECEIVED_AT, parse
from tests.integration.querying import query

pytestmark = pytest.mark.neo4j

HOLDINGS = """
MATCH (:SourceRecord {key: 'crm:row:r1'})-[h:HAS_IDENTIFIER]->(i:Identifier {kind: 'email'})
RETURN i.value AS email, h.valid_to IS NULL AS holds, i.id IS NOT NULL AS named ORDER BY email
"""


def version(day: int, email: str, record_id: str = "r1") -> Json:
    return {
        "messageId": f"{record_id} {day}",
        "timestamp": f"2026-03-0{day}T10:00:00Z",
        "type": "record",
        "source": "crm",
        "record_id": record_id,
        "traits": {"email": email},
    }


async def test_two_versions_of_a_row_in_one_batch_leave_a_whole_history(
    graph: Graph, driver: AsyncDriver
) -> None:
    await empty(driver)
    ingest = Ingest(graph=graph, policy=DEFAULT_POLICY, clock=lambda: RECEIVED_AT)
    await ingest([parse(version(1, "old@x.fr")), parse(version(2, "new@x.fr"))])

    assert await query(graph, HOLDINGS) == [
        {"email": "new@x.fr", "holds": True, "named": True},
        {"email": "old@x.fr", "holds": False, "named": True},
    ]
    assert await find_violations(graph) == []


async def test_who_holds_an_address_of_the_past_is_somebody_else(graph: Graph, driver: AsyncDriver) -> None:
    await empty(driver)
    ingest = Ingest(graph=graph, policy=DEFAULT_POLICY, clock=lambda: RECEIVED_AT)
    await ingest([parse(version(1, "old@x.fr")), parse(version(2, "new@x.fr"))])
    await ingest([parse(version(3, "old@x.fr", "r2"))])
    await ingest([parse(version(3, "old@x.fr", "r3"))])

    people = await query(
        graph, "MATCH (r:SourceRecord)-[:RESOLVES_TO]->(p) RETURN p.id AS id, collect(r.key) AS keys"
    )
    assert sorted(sorted(row["keys"]) for row in people) == [["crm:row:r1"], ["crm:row:r2", "crm:row:r3"]]
    assert await find_violations(graph) == []
