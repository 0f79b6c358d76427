"""What no well-behaved client sends, byte by byte, to the real service."""

import asyncio
import base64
import gzip
import json

import pytest

from graph_cdp.graph.transactions import Graph
from tests.clients.conftest import Server
from tests.integration.querying import query

pytestmark = pytest.mark.neo4j

BODY = json.dumps({"batch": [{"type": "track", "event": "A", "userId": "u1", "messageId": "m1"}]}).encode()


async def exchange(server: Server, key: str, *headers: str, body: bytes) -> tuple[int, bytes]:
    """The status and the body of the answer to exactly these bytes."""
    credentials = base64.b64encode(f"{key}:".encode()).decode()
    lines = [
        "POST /v1/batch HTTP/1.1",
        "Host: x",
        f"Authorization: Basic {credentials}",
        "Connection: close",
        *headers,
    ]
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    try:
        writer.write("\r\n".join([*lines, "", ""]).encode() + body)
        await writer.drain()
        answer = await reader.read()
    finally:
        writer.close()
    head, _, content = answer.partition(b"\r\n\r\n")
    return int(head.split()[1]), content


async def test_two_lengths_are_refused_and_nothing_is_stored(
    server: Server, write_key: str, graph: Graph
) -> None:
    status, _ = await exchange(
        server, write_key, f"Content-Length: {len(BODY)}", f"Content-Length: {len(BODY) - 1}", body=BODY
    )
    assert status == 400
    assert await query(graph, "MATCH (e:Event) RETURN count(e) AS events") == [{"events": 0}]


async def test_a_length_and_chunks_are_refused(server: Server, write_key: str, graph: Graph) -> None:
    chunked = b"%x\r\n%s\r\n0\r\n\r\n" % (len(BODY), BODY)
    status, _ = await exchange(
        server, write_key, f"Content-Length: {len(chunked)}", "Transfer-Encoding: chunked", body=chunked
    )
    assert status == 400
    assert await query(graph, "MATCH (e:Event) RETURN count(e) AS events") == [{"events": 0}]


async def test_a_body_in_chunks_is_read(server: Server, write_key: str, graph: Graph) -> None:
    half = len(BODY) // 2
    chunks = (
        b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in (BODY[:half], BODY[half:])) + b"0\r\n\r\n"
    )
    status, content = await exchange(server, write_key, "Transfer-Encoding: chunked", body=chunks)
    assert (status, content) == (200, b'{"success":true}')
    assert await query(graph, "MATCH (e:Event) RETURN e.message_id AS id") == [{"id": "m1"}]


async def test_a_gzip_bomb_is_refused(server: Server, write_key: str, graph: Graph) -> None:
    bomb = gzip.compress(b'{"batch":[' + b" " * 400_000_000 + b"]}", compresslevel=9)
    status, content = await exchange(
        server, write_key, f"Content-Length: {len(bomb)}", "Content-Encoding: gzip", body=bomb
    )
    assert (status, json.loads(content)["code"]) == (413, "BODY_TOO_LARGE")


async def test_a_refusal_is_read_by_a_client_that_is_still_sending(server: Server, graph: Graph) -> None:
    body = b" " * 3_000_000
    status, content = await exchange(server, "gcdp_unknown", f"Content-Length: {len(body)}", body=body)
    assert (status, json.loads(content)["code"]) == (401, "UNAUTHENTICATED")


async def test_a_client_that_leaves_in_the_middle_harms_nobody(
    server: Server, write_key: str, graph: Graph
) -> None:
    for _ in range(20):
        _, writer = await asyncio.open_connection("127.0.0.1", server.port)
        writer.write(b"POST /v1/batch HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{")
        await writer.drain()
        writer.close()
    status, _ = await exchange(server, write_key, f"Content-Length: {len(BODY)}", body=BODY)
    assert status == 200
    assert await query(graph, "MATCH (e:Event) RETURN e.message_id AS id") == [{"id": "m1"}]
