"""`graph-cdp serve`: the service on one port."""

import asyncio
import ipaddress
import logging
import os
import socket
from typing import Annotated

import typer
from rich.console import Console

from graph_cdp.access.model import NewKey
from graph_cdp.access.service import has_active_key, system_clock
from graph_cdp.commands.garbage import keep_pauses_short
from graph_cdp.commands.golden_records import declare_sources
from graph_cdp.commands.keys import create_key
from graph_cdp.commands.migrate import apply
from graph_cdp.commands.on_graph import with_graph
from graph_cdp.errors import Misconfigured, Unavailable
from graph_cdp.graph.driver import Neo4jTarget
from graph_cdp.graph.server import ensure_database
from graph_cdp.graph.transactions import Graph
from graph_cdp.settings import Settings

GRACE_S = 10
"""Requests in flight have this long to end when the service is told to stop."""


BACKLOG = 2048
"""Connections that may wait to be accepted."""


class CannotListen(Unavailable):
    """The address is taken, or none of this machine."""

    code = "CANNOT_LISTEN"


class OpenToAll(Misconfigured):
    """The service would listen to a network before anybody has a key."""

    code = "OPEN_TO_ALL"


def serve_command(
    host: Annotated[
        str | None, typer.Option(help="Address to listen on; the setting HOST if left out.")
    ] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on; the setting PORT if left out.")] = None,
) -> None:
    """Serve GraphQL, collection and the pages, until stopped.

    Applies pending migrations first. Where nobody has a key yet, makes an admin key and shows it once; on an
    address that others can reach it refuses to start instead.
    """
    settings = Settings()
    settings = settings.model_copy(update={"host": host or settings.host, "port": port or settings.port})
    with listen(settings.host, settings.port) as listener:
        target = ensure_database(settings)
        asyncio.run(apply(settings, target))
        declare_sources(settings, target)
        loopback = is_loopback(settings.host)
        secret = asyncio.run(with_graph(settings, target, lambda graph: first_key(graph, loopback=loopback)))
        if secret:
            console = Console(stderr=True, soft_wrap=True)
            console.print("Nobody has a key yet. This is an admin key; it is not shown again:")
            print(secret, flush=True)
        show_address(settings)
        run_server(settings, target, listener)


def show_address(settings: Settings) -> None:
    """Where the service answers: uvicorn says it only of a port that it opened itself."""
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    Console(stderr=True, soft_wrap=True, highlight=False).print(
        f"Serving http://{host}:{settings.port}: /graphiql, /graphql, /v1/* for collection, /readyz. Ctrl-C ends it."
    )


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens there, so that what is wrong is known before anything is started.

    Raises:
        CannotListen: another program does, or the address is none of this machine.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=BACKLOG)
    except OSError as error:
        raise CannotListen(
            f"Nothing can listen on port {port} of {host}: {os.strerror(error.errno or 0)}. Choose another with --port or --host."
        ) from error


def run_server(settings: Settings, target: Neo4jTarget, listener: socket.socket) -> None:
    """Serve until stopped, on a database that is up and migrated."""
    import uvicorn

    from graph_cdp.api.limits import BODY_BYTES_MAX
    from graph_cdp.app import create_app

    config = uvicorn.Config(
        create_app(settings, target),
        server_header=False,
        access_log=False,  # `/metrics` counts requests; a line for each takes a sixth of the time that HTTP takes, and has addresses in it
        timeout_graceful_shutdown=GRACE_S,
        lifespan="on",
        ws_max_size=BODY_BYTES_MAX,
    )
    logging.getLogger("uvicorn.error").addFilter(names_nobody)
    keep_pauses_short()
    uvicorn.Server(config).run(sockets=[listener])


def names_nobody(line: logging.LogRecord) -> bool:
    """Whether a line of the log is kept: uvicorn tells of each websocket by the address of who opened it, and its query string."""
    return '"WebSocket %s"' not in str(line.msg)


async def first_key(graph: Graph, *, loopback: bool) -> str | None:
    """The secret of a new admin key where nobody has a key yet, else None.

    Raises:
        OpenToAll: nobody has a key, and others could reach the service.
    """
    now = system_clock()
    if await graph.read(has_active_key, now=now):
        return None
    if not loopback:
        raise OpenToAll(
            "Nobody has a key yet, and this address can be reached by others. Make one first: "
            "graph-cdp keys create --role admin --name 'first admin'"
        )
    _, secret = await create_key(graph, NewKey(name="made by the first start", role="admin"), now=now)
    return secret


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches an address."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
