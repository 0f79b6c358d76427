"""The service, or another server, in a process of its own, on a database that may be emptied."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from graph_cdp.graph.driver import Neo4jTarget

START_SECONDS_MAX = 300.0
STOP_SECONDS_MAX = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """Where it listens, and its process."""

    url: str
    pid: int


def memory_mb(pid: int) -> float:
    """How much memory a process holds."""
    command = ["ps", "-o", "rss=", "-p", str(pid)]
    return int(subprocess.run(command, capture_output=True, check=True, text=True).stdout) / 1024


@contextmanager
def serving(target: Neo4jTarget, log: Path) -> Generator[Service]:
    """`graph-cdp serve` on a database, once it is ready; ended with the block."""
    environment = {
        "GRAPH_CDP_NEO4J_URI": target.uri,
        "GRAPH_CDP_NEO4J_USER": target.user,
        "GRAPH_CDP_NEO4J_PASSWORD": target.password,
    }
    command = [str(Path(sys.executable).with_name("graph-cdp")), "serve"]
    with running(command, environment, log, port_name="GRAPH_CDP_PORT", ready="/readyz") as service:
        yield service


@contextmanager
def running(
    command: Sequence[str], environment: Mapping[str, str], log: Path, *, port_name: str, ready: str
) -> Generator[Service]:
    """A server on a port of its own, which the variable `port_name` tells it, once a GET of `ready` succeeds; ended with
    the block.

    Raises:
        SystemExit: it ended, or took too long.
    """
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    inherited = dict(os.environ)  # noqa: TID251 - a process inherits one
    with log.open("ab") as output:
        process = subprocess.Popen(
            command, env=inherited | dict(environment) | {port_name: str(port)}, stdout=output, stderr=output
        )
    service = Service(url=f"http://127.0.0.1:{port}", pid=process.pid)
    try:
        _await_ready(f"{service.url}{ready}", process, log)
        yield service
    finally:
        process.terminate()
        try:
            process.wait(STOP_SECONDS_MAX)
        except subprocess.TimeoutExpired:
            process.kill()


def _await_ready(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS_MAX
    while time.monotonic() < deadline and process.poll() is None:
        try:
            # Without a type of content Apollo Server takes a GET for one that another site forged.
            if httpx.get(url, headers={"Content-Type": "application/json"}, timeout=5).is_success:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.1)
    raise SystemExit(f"The server did not start. Its log ends with:\n{log.read_text()[-2_000:]}")
