"""The service in a process of its own, on a database that may be emptied."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Generator
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
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    environment = dict(os.environ) | {  # noqa: TID251 - a process inherits one
        "GRAPH_CDP_NEO4J_URI": target.uri,
        "GRAPH_CDP_NEO4J_USER": target.user,
        "GRAPH_CDP_NEO4J_PASSWORD": target.password,
        "GRAPH_CDP_PORT": str(port),
    }
    command = [Path(sys.executable).with_name("graph-cdp"), "serve"]
    with log.open("ab") as output:
        process = subprocess.Popen(command, env=environment, stdout=output, stderr=output)
    service = Service(url=f"http://127.0.0.1:{port}", pid=process.pid)
    try:
        await_ready(service, process)
        yield service
    finally:
        process.terminate()
        try:
            process.wait(STOP_SECONDS_MAX)
        except subprocess.TimeoutExpired:
            process.kill()


def await_ready(service: Service, process: subprocess.Popen[bytes]) -> None:
    """Return once requests may be sent.

    Raises:
        SystemExit: it ended, or took too long.
    """
    deadline = time.monotonic() + START_SECONDS_MAX
    while time.monotonic() < deadline and process.poll() is None:
        try:
            if httpx.get(f"{service.url}/readyz", timeout=5).is_success:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.1)
    raise SystemExit("The service did not start; its log says why.")
