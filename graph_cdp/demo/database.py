"""The demo's database: started if need be, stopped again only if the demo started it."""

import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path

from graph_cdp.demo.report import Browser
from graph_cdp.graph.driver import Neo4jTarget
from graph_cdp.graph.server import database_status, ensure_database, stop_database
from graph_cdp.settings import Settings


@contextmanager
def database(settings: Settings, *, say: Callable[[str], None]) -> Generator[Neo4jTarget]:
    """A database for the length of the block. One that was there before goes on running; data is kept.

    Raises:
        Misconfigured: nothing here can run a database.
        Unavailable: one can be run, but it does not become ready.
    """
    before = database_status(settings)
    was_there = before.kind == "external" or before.running or before.problem is not None
    try:
        yield ensure_database(settings, say=say)
    finally:
        if not was_there:
            stop_database(settings, say=say)


def browser_of(settings: Settings) -> Browser | None:
    """Neo4j Browser of the managed database; None of a database that is not ours, whose owner knows better."""
    status = database_status(settings)
    if status.browser is None or status.target is None:
        return None
    program = Path(sys.argv[0])
    command = str(program) if program.name == "graph-cdp" else "graph-cdp"
    return Browser(
        url=status.browser, user=status.target.user, password_hint=f"{command} db status --password"
    )
