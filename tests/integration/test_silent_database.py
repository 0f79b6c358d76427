"""A database that hangs and closes no connection, or lets nobody in: what waits for it ends."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

import pytest
from neo4j import AsyncManagedTransaction
from neo4j.exceptions import ServiceUnavailable

from graph_cdp.graph.driver import Neo4jTarget, open_driver
from graph_cdp.graph.record_reader import RecordReader
from graph_cdp.graph.transactions import LATE_S, PATIENCE, Graph
from tests.integration.asking import code_of, serve

pytestmark = pytest.mark.neo4j

LIMIT_S = 0.1


@dataclass(slots=True)
class Line:
    """A connection to the database that passes on what is said, until it is `silent`."""

    silent: bool = False

    async def carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Pass on one direction."""
        with suppress(ConnectionError):
            while said := await reader.read(65_536):
                if not self.silent:
                    writer.write(said)
        writer.close()


@asynccontextmanager
async def line_to(target: Neo4jTarget) -> AsyncGenerator[tuple[Line, Neo4jTarget]]:
    """A line to a database, and the address at which it begins."""
    line, address = Line(), urlsplit(target.uri)

    async def connect(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        from_database, to_database = await asyncio.open_connection(address.hostname, address.port)
        await asyncio.gather(line.carry(reader, to_database), line.carry(from_database, writer))

    async with await asyncio.start_server(connect, "127.0.0.1", 0) as server:
        port: int = server.sockets[0].getsockname()[1]
        yield line, replace(target, uri=f"bolt://127.0.0.1:{port}")


async def answer(tx: AsyncManagedTransaction) -> int:
    """What a database that answers says."""
    return (await (await tx.run("RETURN 1 AS one")).single(strict=True))["one"]


async def test_a_database_that_hangs_is_given_up(neo4j_target: Neo4jTarget) -> None:
    async with line_to(neo4j_target) as (line, target), open_driver(target, timeout_s=30) as driver:
        graph = Graph(driver, database=target.database, timeout_s=LIMIT_S)
        assert await graph.read(answer) == 1

        line.silent = True
        began = asyncio.get_running_loop().time()
        ends = await asyncio.gather(graph.read(answer), graph.write(answer), return_exceptions=True)

        assert [type(end) for end in ends] == [ServiceUnavailable] * 2
        assert asyncio.get_running_loop().time() - began < 3 * (PATIENCE * LIMIT_S + LATE_S)


async def test_so_is_one_that_hangs_while_a_record_is_read(neo4j_target: Neo4jTarget) -> None:
    async with (
        line_to(neo4j_target) as (line, target),
        open_driver(target, timeout_s=30) as driver,
        RecordReader(target) as reader,
    ):
        graph = Graph(driver, database=target.database, timeout_s=LIMIT_S, reader=reader)
        assert (await graph.read_record("RETURN 1 AS one", {}))["one"] == 1

        line.silent = True
        began = asyncio.get_running_loop().time()
        with pytest.raises(ServiceUnavailable):
            await graph.read_record("RETURN 1 AS one", {})

        assert asyncio.get_running_loop().time() - began < 3 * (PATIENCE * LIMIT_S + LATE_S)


@pytest.mark.parametrize("wrong", [{"user": "dropped"}, {"database": "dropped"}])
async def test_a_database_that_lets_nobody_in_is_unavailable(
    neo4j_target: Neo4jTarget, wrong: dict[str, str]
) -> None:
    """Its user was changed under a running service, or the database dropped: no fault of who asks."""
    target = replace(neo4j_target, **wrong)
    async with open_driver(target, timeout_s=2) as driver:
        graph = Graph(driver, database=target.database, timeout_s=2)
        async with serve(graph) as client:
            response = await client.post(
                "/graphql", json={"query": "{ __typename }"}, headers={"X-API-Key": "gcdp_" + "A" * 43}
            )

    assert code_of(response) == (503, "UNAVAILABLE")
    assert "graph-cdp doctor" in response.text
