"""The service in a thread of the demo: it answers while the data is being loaded."""

import errno
import socket
from collections.abc import Generator
from contextlib import contextmanager
from threading import Thread
from time import sleep

import uvicorn
from starlette.types import ASGIApp

from graph_cdp.errors import Unavailable

START_TIMEOUT_S = 30.0
STOP_TIMEOUT_S = 10
"""How long requests in flight may go on once the demo is stopped."""

POLL_S = 0.02


class PortTaken(Unavailable):
    """Another program listens where the service should."""

    code = "PORT_TAKEN"


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens there, so that what is wrong is known before anything is started.

    Raises:
        PortTaken: another program does.
        Unavailable: the address is none of this machine, or the port is not allowed.
    """
    listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(2048)
    except OSError as error:
        listener.close()
        if error.errno == errno.EADDRINUSE:
            raise PortTaken(
                f"Port {port} of {host} is in use, perhaps by another demo: end that program, or choose a port: "
                f"GRAPH_CDP_PORT={port + 1} make demo"
            ) from error
        raise Unavailable(f"Nothing can listen on port {port} of {host}: {error.strerror}.") from error
    return listener


@contextmanager
def serving(app: ASGIApp, listener: socket.socket) -> Generator[None]:
    """Serve `app` on `listener` for the length of the block; both are closed when it ends.

    Raises:
        Unavailable: the application did not start; its own error is on the screen.
    """
    config = uvicorn.Config(
        app, log_level="warning", access_log=False, timeout_graceful_shutdown=STOP_TIMEOUT_S, lifespan="on"
    )
    server = uvicorn.Server(config)
    thread = Thread(target=_run, args=(server, listener), name="service")
    thread.start()
    try:
        _await_start(server, thread)
        yield
    finally:
        server.should_exit = True
        thread.join()
        listener.close()


def _run(server: uvicorn.Server, listener: socket.socket) -> None:
    try:
        server.run(sockets=[listener])
    except SystemExit:  # how uvicorn says that the application did not start
        return


def _await_start(server: uvicorn.Server, thread: Thread) -> None:
    for _ in range(int(START_TIMEOUT_S / POLL_S)):
        if server.started:
            return
        if not thread.is_alive():
            break
        sleep(POLL_S)
    raise Unavailable("The service did not start.")
