"""Reading one record in one round trip, by the driver and by a reader: what `read` promises holds here, too."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import LiteralString

import pytest
from neo4j import AsyncDriver
from neo4j.exceptions import ClientError, ResultNotSingleError

from graph_cdp.api import endpoint as edge
from graph_cdp.graph.bolt import NotRead
from graph_cdp.graph.driver import Neo4jTarget, open_driver
from graph_cdp.graph.record_reader import CONNECTIONS_MAX, RecordReader
from graph_cdp.graph.transactions import Graph

pytestmark = pytest.mark.neo4j

END_CONNECTIONS = """CALL dbms.listConnections() YIELD connectionId
WITH connectionId WHERE connectionId IN $ids
CALL dbms.killConnection(connectionId) YIELD message
RETURN count(message) AS ended"""

LIST_CONNECTIONS = (
    "CALL dbms.listConnections() YIELD connectionId RETURN collect(connectionId) AS connection_ids"
)

ENDLESS: LiteralString = "UNWIND range(1, 1000000000) AS number RETURN sum(number) AS sum"


@pytest.fixture
async def reader(neo4j_target: Neo4jTarget) -> AsyncIterator[RecordReader]:
    """A reader with connections of its own."""
    async with RecordReader(neo4j_target) as reader:
        yield reader


@pytest.fixture(params=["driver", "reader"])
def asked(request: pytest.FixtureRequest, graph: Graph, driver: AsyncDriver, reader: RecordReader) -> Graph:
    """The empty graph, read by either."""
    way = reader if request.param == "reader" else None
    del graph
    return Graph(driver, database="neo4j", timeout_s=60, reader=way)


async def test_the_record_is_that_of_the_parameters(asked: Graph) -> None:
    record = await asked.read_record(
        "UNWIND $numbers AS number RETURN sum(number) AS sum", {"numbers": [1, 2]}
    )

    assert record.data() == {"sum": 3}


@pytest.mark.parametrize(
    "text", ["UNWIND [] AS number RETURN number", "UNWIND [1, 2] AS number RETURN number"]
)
async def test_none_and_two_are_not_one(asked: Graph, text: LiteralString) -> None:
    with pytest.raises(ResultNotSingleError):
        await asked.read_record(text, {})


async def test_it_writes_nothing(asked: Graph) -> None:
    with pytest.raises(ClientError, match="read access mode"):
        await asked.read_record("CREATE (n:Person {id: 'x'}) RETURN n.id", {})

    record = await asked.read_record("MATCH (n:Person) RETURN count(n) AS people", {})
    assert record.data() == {"people": 0}


@pytest.mark.parametrize("by_reader", [False, True])
async def test_a_lost_connection_is_tried_again(
    graph: Graph, neo4j_target: Neo4jTarget, reader: RecordReader, *, by_reader: bool
) -> None:
    others = set((await graph.read_record(LIST_CONNECTIONS, {}))["connection_ids"])
    async with open_driver(neo4j_target, timeout_s=10) as driver:
        way = reader if by_reader else None
        one = Graph(driver, database=neo4j_target.database, timeout_s=10, reader=way)
        await one.read_record("RETURN 1 AS number", {})
        ids = [
            id_
            for id_ in (await one.read_record(LIST_CONNECTIONS, {}))["connection_ids"]
            if id_ not in others
        ]
        ended = await graph.read_record(END_CONNECTIONS, {"ids": ids})

        record = await one.read_record("RETURN 2 AS number", {})

    assert (len(ids), ended["ended"], record["number"]) == (1, 1, 2)


@pytest.mark.parametrize("by_reader", [False, True])
async def test_what_takes_too_long_is_ended_and_timed_out(
    driver: AsyncDriver, neo4j_target: Neo4jTarget, reader: RecordReader, *, by_reader: bool
) -> None:
    way = reader if by_reader else None
    hurried = Graph(driver, database=neo4j_target.database, timeout_s=0.01, reader=way)

    with pytest.raises(ClientError) as ended:
        await hurried.read_record(ENDLESS, {})
    response = edge.as_refusal(ended.value)

    assert (response.status_code, json.loads(bytes(response.body))["code"]) == (503, "TIMED_OUT")


VALUES = {
    "values": [None, True, False, 0, -1, 2**63 - 1, -(2**63), 1.5, "", "é€😀", "long " * 20_000],
    "lists": [[], [[1, ["two"]], {"three": {"four": None}}], list(range(70_000))],
}


async def test_a_reader_reads_as_the_driver_does(reader: RecordReader, driver: AsyncDriver) -> None:
    by_reader = await reader.read("RETURN $values AS values, $lists AS lists", VALUES, timeout_s=60, late_s=3)
    by_driver = await driver.execute_query("RETURN $values AS values, $lists AS lists", VALUES)

    assert by_reader == by_driver.records[0]
    assert by_reader.data() == VALUES


@pytest.mark.parametrize("value", ["date()", "point({x: 1, y: 2})", "[duration('P1D')]"])
async def test_what_the_driver_makes_objects_of_is_left_to_it(
    driver: AsyncDriver, reader: RecordReader, value: LiteralString
) -> None:
    with pytest.raises(NotRead):
        await reader.read(f"RETURN {value} AS value", {}, timeout_s=60, late_s=3)

    graph = Graph(driver, database="neo4j", timeout_s=60, reader=reader)
    assert (await graph.read_record(f"RETURN {value} AS value", {})).keys() == ["value"]


async def test_who_gives_up_leaves_no_answer_to_the_next(reader: RecordReader) -> None:
    await reader.read("RETURN 1 AS number", {}, timeout_s=60, late_s=3)
    given_up = asyncio.create_task(reader.read(ENDLESS, {}, timeout_s=60, late_s=3))
    await asyncio.sleep(0.05)
    given_up.cancel()

    record = await reader.read("RETURN 2 AS number", {}, timeout_s=60, late_s=3)

    assert record["number"] == 2


async def test_many_at_once_each_have_their_own(driver: AsyncDriver, reader: RecordReader) -> None:
    graph = Graph(driver, database="neo4j", timeout_s=60, reader=reader)
    numbers = range(2 * CONNECTIONS_MAX)

    records = await asyncio.gather(
        *(graph.read_record("RETURN $number AS number", {"number": number}) for number in numbers)
    )

    assert [record["number"] for record in records] == list(numbers)


async def test_other_addresses_are_the_driver_s(neo4j_target: Neo4jTarget) -> None:
    secure = RecordReader(replace(neo4j_target, uri=neo4j_target.uri.replace("bolt://", "bolt+s://")))

    with pytest.raises(NotRead):
        await secure.read("RETURN 1 AS number", {}, timeout_s=60, late_s=3)


async def test_a_wrong_password_is_told_by_the_driver(neo4j_target: Neo4jTarget) -> None:
    stranger = RecordReader(replace(neo4j_target, password="wrong"))

    with pytest.raises(NotRead):
        await stranger.read("RETURN 1 AS number", {}, timeout_s=60, late_s=3)


async def test_a_server_of_other_versions_is_asked_once(neo4j_target: Neo4jTarget) -> None:
    asked = 0

    async def refuse(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal asked
        asked += 1
        writer.write(bytes(4))
        writer.close()

    async with await asyncio.start_server(refuse, "127.0.0.1", 0) as server:
        port: int = server.sockets[0].getsockname()[1]
        elsewhere = RecordReader(replace(neo4j_target, uri=f"bolt://127.0.0.1:{port}"))
        for _ in range(2):
            with pytest.raises(NotRead):
                await elsewhere.read("RETURN 1 AS number", {}, timeout_s=60, late_s=3)

    assert asked == 1
