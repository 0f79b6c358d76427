"""An installation that can be killed: a managed database and the service, each a process of its own."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx

from graph_cdp.graph.driver import Neo4jTarget
from graph_cdp.graph.server.local import local_home, running_state, start_local
from graph_cdp.graph.server.ports import is_free
from graph_cdp.graph.server.progress import say_nothing
from graph_cdp.settings import Settings

START_SECONDS_MAX = 120.0
POLL_S = 0.05
RETRY_SECONDS_MAX = 10
"""How long a transaction is tried again: beyond, the pauses between two tries are longer than a client's."""


class Database:
    """A managed local server, in a data directory of the test's own."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._home = local_home(settings)

    def start(self) -> Neo4jTarget:
        """Start it, on the data that it left and the ports that it had, and wait until it answers."""
        target = start_local(self._settings, say=say_nothing)
        state = running_state(self._home)
        assert state is not None
        ports = {"neo4j_bolt_port": state.bolt_port, "neo4j_http_port": state.http_port}
        self._settings = self._settings.model_copy(update=ports)
        return target

    def kill(self) -> None:
        """End it at once, in the middle of whatever it does, and wait until it is gone."""
        state = running_state(self._home)
        if state is None:
            return
        os.kill(state.pid, signal.SIGKILL)
        # Threads of a killed process hold its sockets for a moment after it is seen to be gone.
        while running_state(self._home) or not (is_free(state.bolt_port) and is_free(state.http_port)):
            time.sleep(POLL_S)


class Service:
    """`graph-cdp serve` on a database, always on one port: whoever sends to it finds it again after a kill."""

    def __init__(self, target: Neo4jTarget, directory: Path) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port: int = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{port}"
        self._log = directory / "service.log"
        self._environment = dict(os.environ) | {  # noqa: TID251 - a process inherits one
            "GRAPH_CDP_NEO4J_URI": target.uri,
            "GRAPH_CDP_NEO4J_USER": target.user,
            "GRAPH_CDP_NEO4J_PASSWORD": target.password,
            "GRAPH_CDP_DATA_DIR": str(directory),
            "GRAPH_CDP_PORT": str(port),
            "GRAPH_CDP_NEO4J_TIMEOUT_S": str(RETRY_SECONDS_MAX),
            "GRAPH_CDP_WARM_UP_S": "0",
        }
        self._process: subprocess.Popen[bytes] | None = None

    async def start(self) -> None:
        """Start it, and return once it answers; again where it ends meanwhile, as a supervisor would."""
        deadline = time.monotonic() + START_SECONDS_MAX
        async with httpx.AsyncClient() as client:
            while time.monotonic() < deadline:
                if self._process is None or self._process.poll() is not None:
                    self._spawn()
                try:
                    if (await client.get(f"{self.url}/healthz")).is_success:
                        return
                except httpx.TransportError:
                    await asyncio.sleep(POLL_S)
        raise AssertionError(f"The service did not start:\n{self._log.read_text()[-2000:]}")

    def _spawn(self) -> None:
        command = [Path(sys.executable).with_name("graph-cdp"), "serve"]
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(command, env=self._environment, stdout=log, stderr=log)

    def kill(self) -> None:
        """End it at once, in the middle of whatever it does."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None
