"""Which ports are free on this machine."""

import os
import socket
import tempfile
from collections.abc import Generator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from graph_cdp.errors import Unavailable
from graph_cdp.graph.server.exclusive import exclusive

LOOPBACK = "127.0.0.1"
TRIES_MAX = 100
"""How far above the preferred port to look: someone with a hundred servers can name a port."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ports:
    """Where a managed server listens, on the loopback address only."""

    bolt: int
    http: int


@contextmanager
def reserved(*, bolt: int, http: int) -> Generator[Ports]:
    """The preferred ports, or the first ones above each that are free; for the block, no other graph-cdp takes them.

    A start takes ten seconds from here to the moment at which Neo4j listens, and several may go on at once. Other
    programs know nothing of it and may still be quicker. Raises `Unavailable` when a hundred in a row are taken.
    """
    with ExitStack() as stack:
        bolt_port = _reserve(stack, bolt)
        yield Ports(bolt=bolt_port, http=_reserve(stack, http))


def _reserve(stack: ExitStack, preferred: int) -> int:
    folder = Path(tempfile.gettempdir()) / f"graph-cdp-ports-{os.getuid()}"
    for port in range(preferred, min(preferred + TRIES_MAX, 65536)):
        try:
            lock = stack.enter_context(ExitStack())
            lock.enter_context(exclusive(folder / str(port), wait_s=0))
        except Unavailable:
            continue
        if is_free(port):
            return port
        lock.close()
    raise Unavailable(
        f"No free port from {preferred} on: choose others by GRAPH_CDP_NEO4J_BOLT_PORT and GRAPH_CDP_NEO4J_HTTP_PORT."
    )


def is_free(port: int) -> bool:
    """Whether a server could listen on `port` of the loopback address now."""
    if answers(port):  # on some systems one may bind beside a listener on all addresses
        return False
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(
            socket.SOL_SOCKET, socket.SO_REUSEADDR, 1
        )  # connections that are closing do not matter
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
        return True


def answers(port: int) -> bool:
    """Whether something accepts connections on `port` of the loopback address."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.settimeout(1.0)
        return probe.connect_ex((LOOPBACK, port)) == 0
