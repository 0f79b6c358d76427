"""A real server process for real clients, on the tests' own database."""

import asyncio
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from graph_cdp.access.model import KeyId, NewKey
from graph_cdp.access.rules import SECRET_BYTES, make_secret
from graph_cdp.access.service import issue_key, system_clock
from graph_cdp.graph.driver import Neo4jTarget
from graph_cdp.graph.transactions import Graph
from graph_cdp.ids import new_id

RUN = "from graph_cdp.cli import main; main()"
START_SECONDS_MAX = 90
STOP_SECONDS_MAX = 60


class Server:
    """The service in a process of its own: it can be killed, and started again on the same port."""

    def __init__(self, target: Neo4jTarget, directory: Path) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port: int = free.getsockname()[1]
        self._log = directory / "server.log"
        self._environment = dict(os.environ) | {  # noqa: TID251 - a process inherits one
            "GRAPH_CDP_NEO4J_URI": target.uri,
            "GRAPH_CDP_NEO4J_USER": target.user,
            "GRAPH_CDP_NEO4J_PASSWORD": target.password,
            "GRAPH_CDP_DATA_DIR": str(directory),
            "GRAPH_CDP_PORT": str(self.port),
            "GRAPH_CDP_WARM_UP_S": "0",
        }
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Where clients send to."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def pid(self) -> int:
        """Its process."""
        assert self._process is not None
        return self._process.pid

    async def start(self) -> None:
        """Start, and return once it answers."""
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(  # noqa: ASYNC220 - starting it is quick
                [sys.executable, "-c", RUN, "serve"], env=self._environment, stdout=log, stderr=log
            )
        deadline = time.monotonic() + START_SECONDS_MAX
        async with httpx.AsyncClient() as client:
            while time.monotonic() < deadline and self._process.poll() is None:
                try:
                    if (await client.get(f"{self.url}/healthz")).status_code == 200:
                        return
                except httpx.TransportError:
                    await asyncio.sleep(0.1)
        pytest.fail(f"the server did not start:\n{self._log.read_text()}")

    def kill(self) -> None:
        """End it at once, as a power cut does."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """Ask it to end, and wait until it has."""
        self._end(signal.SIGTERM)

    def _end(self, number: signal.Signals) -> None:
        if self._process is not None:
            self._process.send_signal(number)
            self._process.wait(timeout=STOP_SECONDS_MAX)
            self._process = None


@pytest.fixture(scope="package")
async def one_server(
    migrated_graph: Graph, neo4j_target: Neo4jTarget, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Server]:
    """The server of all tests; one that kills it starts it again."""
    server = Server(neo4j_target, tmp_path_factory.mktemp("server"))
    try:
        await server.start()
        yield server
        server.stop()
    finally:
        server.kill()


@pytest.fixture
async def server(one_server: Server, graph: Graph) -> Server:
    """A server that answers, on an empty graph."""
    return one_server


@pytest.fixture
async def write_key(graph: Graph) -> str:
    """A key that writes for the source `web`."""
    secret = make_secret(secrets.token_bytes(SECRET_BYTES))
    new = NewKey(name="test", role="ingest", source="web")
    await graph.write(issue_key, new, key_id=KeyId(new_id()), secret=secret, now=system_clock())
    return secret
