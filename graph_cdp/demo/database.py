"""The demo's database: started if need be, stopped again only if the demo started it."""

from collections.abc import Callable, Generator
from contextlib import contextmanager

from graph_cdp.demo.report import Browser
from graph_cdp.graph.driver import Neo4jTarget
from graph_cdp.graph.server import ensure_database
from graph_cdp.graph.server.local import local_home, running_state, stop_local
from graph_cdp.settings import Settings


@contextmanager
def database(settings: Settings, *, say: Callable[[str], None]) -> Generator[Neo4jTarget]:
    """A database for the length of the block. One that was running before goes on running; data is kept.

    Raises:
        Misconfigured: nothing here can run a database.
        Unavailable: one can be run, but it does not become ready.
    """
    was_running = settings.neo4j_uri is not None or running_state(local_home(settings)) is not None
    try:
        yield ensure_database(settings, say=say)
    finally:
        if not was_running:
            stop_local(settings, say=say)


def browser_of(settings: Settings) -> Browser | None:
    """Neo4j Browser of the managed database; None of a database that is not ours, whose owner knows better."""
    home = local_home(settings)
    state = running_state(home)
    if settings.neo4j_uri is not None or state is None:
        return None
    url = f"http://127.0.0.1:{state.http_port}/browser/"
    return Browser(url=url, user="neo4j", password_hint=f"cat {home.password}")
