"""Listening to subscriptions in tests: the composed service on a real port, and a real websocket client."""

import asyncio
import json
import socket
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Subprotocol

from graph_cdp.api.limits import BODY_BYTES_MAX
from graph_cdp.api.live.socket import SubscriptionView
from graph_cdp.app import create_app
from graph_cdp.graph.driver import Neo4jTarget
from graph_cdp.settings import Settings

PROTOCOL = Subprotocol("graphql-transport-ws")
WAIT_S = 30
"""Longest wait for what must come: the first statements of a database are slow on a busy machine."""

FACTS = """subscription ($id: ID, $identifier: IdentifierInput, $after: String) {
  facts_added(id: $id, identifier: $identifier, after: $after) {
    cursor person { person_id } facts { kind event { name } transaction { kind amount status } } } }"""
CHANGES = """subscription ($id: ID, $identifier: IdentifierInput, $after: String) {
  person_changed(id: $id, identifier: $identifier, after: $after) {
    cursor person { person_id } changes { kind sequence } } }"""


@dataclass(kw_only=True)
class Listener:
    """A connection that was let in."""

    socket: ClientConnection
    waiting: dict[str, list[dict[str, Any]]] = field(default_factory=dict[str, list[dict[str, Any]]])

    async def subscribe(self, document: str, id_: str = "1", **variables: object) -> dict[str, Any]:
        """Begin a subscription; its first frame."""
        payload = {"query": document, "variables": variables}
        await self.socket.send(json.dumps({"type": "subscribe", "id": id_, "payload": payload}))
        return await self.frame(id_)

    async def frame(self, id_: str = "1") -> dict[str, Any]:
        """The next frame of a subscription."""
        async with asyncio.timeout(WAIT_S):
            while not self.waiting.get(id_):
                frame = json.loads(await self.socket.recv())
                self.waiting.setdefault(frame["id"], []).append(frame)
        return self.waiting[id_].pop(0)

    async def told(self, id_: str = "1") -> dict[str, Any]:
        """What a subscription tells next."""
        return told_in(await self.frame(id_))

    async def complete(self, id_: str = "1") -> None:
        """End a subscription."""
        await self.socket.send(json.dumps({"type": "complete", "id": id_}))


@dataclass(frozen=True, kw_only=True)
class Running:
    """The service on a port."""

    app: Starlette
    port: int

    @property
    def view(self) -> SubscriptionView:
        """Where its subscriptions are."""
        (found,) = [route.app for route in self.app.routes if isinstance(route, WebSocketRoute)]
        assert isinstance(found, SubscriptionView)
        return found

    @property
    def watching(self) -> int:
        """How many subscriptions it looks after."""
        return self.view.live.tail.watching

    def connect(self, **options: Any) -> connect:
        """A websocket to it, which has not said anything yet."""
        return connect(f"ws://127.0.0.1:{self.port}/graphql", subprotocols=[PROTOCOL], **options)

    @asynccontextmanager
    async def listen(self, secret: str, **options: Any) -> AsyncGenerator[Listener]:
        """Somebody who was let in by a key."""
        async with self.connect(**options) as socket_:
            await say_hello(socket_, {"authorization": f"Bearer {secret}"})
            yield Listener(socket=socket_)

    def client(self) -> httpx.AsyncClient:
        """A client for everything else."""
        return httpx.AsyncClient(base_url=f"http://127.0.0.1:{self.port}", timeout=60)


async def say_hello(socket_: ClientConnection, payload: dict[str, object] | None = None) -> None:
    """Say who it is; fails where that is not taken."""
    await socket_.send(json.dumps({"type": "connection_init", **({"payload": payload} if payload else {})}))
    async with asyncio.timeout(WAIT_S):
        assert json.loads(await socket_.recv()) == {"type": "connection_ack"}


async def closing_of(socket_: ClientConnection, *frames: object) -> tuple[int, str]:
    """The code and reason with which a connection is closed after these frames."""
    for frame in frames:
        await socket_.send(frame if isinstance(frame, str | bytes) else json.dumps(frame))
    with pytest.raises(ConnectionClosed) as closed:
        await _read_to_the_end(socket_)
    told = closed.value.rcvd
    assert told is not None
    return told.code, told.reason


async def _read_to_the_end(socket_: ClientConnection) -> None:
    async with asyncio.timeout(WAIT_S):
        while True:
            await socket_.recv()


def told_in(frame: dict[str, Any]) -> dict[str, Any]:
    """The delivery in a frame."""
    assert frame["type"] == "next", frame
    assert "errors" not in frame["payload"], frame
    (delivery,) = frame["payload"]["data"].values()
    return delivery


def code_in(frame: dict[str, Any]) -> str:
    """The code of the one error with which a subscription is refused, or ends."""
    assert frame["type"] == "error", frame
    (error,) = frame["payload"]
    return error["extensions"]["code"]


@asynccontextmanager
async def running(target: Neo4jTarget) -> AsyncGenerator[Running]:
    """The composed service, on a port of its own: another process, but for the memory that it takes."""
    app = create_app(Settings(warm_up_s=0.0), target)
    config = uvicorn.Config(app, lifespan="on", log_config=None, ws_max_size=BODY_BYTES_MAX)
    server = uvicorn.Server(config)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        serving = asyncio.create_task(server._serve([listener]))  # pyright: ignore[reportPrivateUsage] - leaves signals alone
        while not server.started:
            assert not serving.done(), serving
            await asyncio.sleep(0.02)
        try:
            yield Running(app=app, port=listener.getsockname()[1])
        finally:
            server.should_exit = True
            await serving
