"""Reading one record in one round trip: what `read` promises holds here, too."""

import json
from typing import LiteralString

import pytest
from neo4j import AsyncDriver
from neo4j.exceptions import ClientError, ResultNotSingleError

from graph_cdp.api import endpoint as edge
from graph_cdp.graph.driver import Neo4jTarget, open_driver
from graph_cdp.graph.transactions import Graph

pytestmark = pytest.mark.neo4j

END_CONNECTIONS = """CALL dbms.listConnections() YIELD connectionId
WITH connectionId WHERE connectionId IN $ids
CALL dbms.killConnection(connectionId) YIELD message
RETURN count(message) AS ended"""

LIST_CONNECTIONS = (
    "CALL dbms.listConnections() YIELD connectionId RETURN collect(connectionId) AS connection_ids"
)


async def test_the_record_is_that_of_the_parameters(graph: Graph) -> None:
    record = await graph.read_record(
        "UNWIND $numbers AS number RETURN sum(number) AS sum", {"numbers": [1, 2]}
    )

    assert record.data() == {"sum": 3}


@pytest.mark.parametrize(
    "text", ["UNWIND [] AS number RETURN number", "UNWIND [1, 2] AS number RETURN number"]
)
async def test_none_and_two_are_not_one(graph: Graph, text: LiteralString) -> None:
    with pytest.raises(ResultNotSingleError):
        await graph.read_record(text, {})


async def test_it_writes_nothing(graph: Graph) -> None:
    with pytest.raises(ClientError, match="read access mode"):
        await graph.read_record("CREATE (n:Person {id: 'x'}) RETURN n.id", {})

    record = await graph.read_record("MATCH (n:Person) RETURN count(n) AS people", {})
    assert record.data() == {"people": 0}


async def test_a_lost_connection_is_tried_again(graph: Graph, neo4j_target: Neo4jTarget) -> None:
    others = set((await graph.read_record(LIST_CONNECTIONS, {}))["connection_ids"])
    async with open_driver(neo4j_target, timeout_s=10) as driver:
        one = Graph(driver, database=neo4j_target.database, timeout_s=10)
        await one.read_record("RETURN 1 AS number", {})
        ids = [
            id_
            for id_ in (await one.read_record(LIST_CONNECTIONS, {}))["connection_ids"]
            if id_ not in others
        ]
        ended = await graph.read_record(END_CONNECTIONS, {"ids": ids})

        record = await one.read_record("RETURN 2 AS number", {})

    assert (len(ids), ended["ended"], record["number"]) == (1, 1, 2)


async def test_what_takes_too_long_is_ended_and_timed_out(
    driver: AsyncDriver, neo4j_target: Neo4jTarget
) -> None:
    hurried = Graph(driver, database=neo4j_target.database, timeout_s=0.01)

    with pytest.raises(ClientError) as ended:
        await hurried.read_record("UNWIND range(1, 1000000000) AS number RETURN sum(number) AS sum", {})
    response = edge.as_refusal(ended.value)

    assert (response.status_code, json.loads(bytes(response.body))["code"]) == (503, "TIMED_OUT")
