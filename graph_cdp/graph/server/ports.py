"""Which ports are free on this machine."""

import socket
from collections.abc import Container

from graph_cdp.errors import Unavailable

LOOPBACK = "127.0.0.1"
TRIES_MAX = 100
"""How far above the preferred port to look: someone with a hundred servers can name a port."""


def free_port(preferred: int, *, besides: Container[int] = ()) -> int:
    """`preferred`, or the first port above it that nothing listens on and that is not among `besides`.

    Another process may take it before it is used: whoever uses it must be ready to ask again.
    Raises `Unavailable` when a hundred in a row are taken.
    """
    for port in range(preferred, min(preferred + TRIES_MAX, 65536)):
        if port not in besides and is_free(port):
            return port
    message = f"No free port from {preferred} on: choose another range by GRAPH_CDP_NEO4J_BOLT_PORT and GRAPH_CDP_NEO4J_HTTP_PORT."
    raise Unavailable(message)


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
