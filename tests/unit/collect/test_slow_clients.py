"""Slow and half-open clients on real sockets: each is answered and its connection ended; nobody else waits for them."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator

import httpx
import pytest
import uvicorn
from starlette.applications import Starlette

from graph_cdp.collect.http import Collection, collect_routes
from tests.unit.collect.conftest import TRACK, Door, batch

HALF_OPEN = 200
HEAD = "POST /v1/batch HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer good\r\n"


@pytest.fixture
async def port(door: Door, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[int]:
    """Where the routes listen, with half a second for a body."""
    monkeypatch.setattr("graph_cdp.collect.body.BODY_SECONDS_MAX", 0.5)
    collection = Collection(keyring=door, submit=door.submit, bury=door.bury, region="FR")
    config = uvicorn.Config(Starlette(routes=collect_routes(collection)), lifespan="off", log_config=None)
    server = uvicorn.Server(config)
    with socket.create_server(("127.0.0.1", 0), backlog=1_000) as listener:
        serving = asyncio.create_task(server.serve(sockets=[listener]))
        yield listener.getsockname()[1]
        server.should_exit = True
        await serving


async def answer(port: int, head: str, *parts: bytes, pause_s: float = 0) -> tuple[int, str]:
    """The status and code of the answer to a request that is never ended."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write((HEAD + head + "\r\n\r\n").encode())
        for part in parts:
            writer.write(part)
            await writer.drain()
            await asyncio.sleep(pause_s)
        said = await reader.readuntil(b"}")
    finally:
        writer.close()
    return int(said.split()[1]), json.loads(said.partition(b"\r\n\r\n")[2])["code"]


@pytest.mark.parametrize(
    ("head", "parts", "pause_s"),
    [
        ("Content-Length: 100", [b"{"], 0),
        ("Content-Length: 100", [], 0),
        ("Transfer-Encoding: chunked", [b"1\r\n{\r\n"], 0),
        ("Transfer-Encoding: chunked", [b"5\r\n{"], 0),
        ("Content-Length: 100", [b" "] * 8, 0.1),
        ("Content-Encoding: gzip\r\nContent-Length: 100", [b"\x1f\x8b\x08"], 0),
    ],
    ids=["cut", "nothing", "no last chunk", "half a chunk", "a byte at a time", "half a gzip"],
)  # fmt: skip
async def test_a_body_that_does_not_end_is_answered(
    port: int, door: Door, head: str, parts: list[bytes], pause_s: float
) -> None:
    assert await answer(port, head, *parts, pause_s=pause_s) == (408, "BODY_TIMEOUT")
    assert (door.messages, door.letters) == ([], [])


async def test_chunks_without_end_are_refused_once_they_are_too_many(port: int, door: Door) -> None:
    chunk = b"10000\r\n" + b" " * 65_536 + b"\r\n"
    assert await answer(port, "Transfer-Encoding: chunked", *[chunk] * 8) == (413, "BODY_TOO_LARGE")
    assert door.messages == []


async def test_half_open_clients_hinder_nobody(port: int, door: Door) -> None:
    waiting = [asyncio.create_task(answer(port, "Content-Length: 100", b"{")) for _ in range(HALF_OPEN)]
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", auth=("good", "")) as client:
        taken = await client.post("/v1/batch", content=batch(TRACK))
    assert (taken.status_code, [message.message_id for message in door.messages]) == (200, ["m1"])
    assert await asyncio.gather(*waiting) == [(408, "BODY_TIMEOUT")] * HALF_OPEN
    assert len(door.messages) == 1
