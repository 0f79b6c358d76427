"""Which database is used: yours if you name one, else Docker where an engine answers, else a local server."""

from graph_cdp.errors import Misconfigured
from graph_cdp.graph.driver import Neo4jTarget
from graph_cdp.graph.server.local import start_local
from graph_cdp.graph.server.progress import Say, say_nothing
from graph_cdp.settings import Settings


def ensure_database(settings: Settings, *, say: Say = say_nothing) -> Neo4jTarget:
    """A database that answers, started if need be: where it is and how to get in.

    `GRAPH_CDP_NEO4J_URI` wins; such a database is only connected to, never started.

    Raises:
        Misconfigured: nothing here can run a database (the message says what to install), or a setting is wrong.
        Unavailable: one can be run, but it does not become ready.
    """
    if settings.neo4j_uri is not None:
        return external_target(settings, uri=settings.neo4j_uri)
    return start_local(settings, say=say)


def external_target(settings: Settings, *, uri: str) -> Neo4jTarget:
    """The database that the settings name. Raises Misconfigured when they give no password for it."""
    if settings.neo4j_password is None:
        raise Misconfigured("GRAPH_CDP_NEO4J_URI is set, but GRAPH_CDP_NEO4J_PASSWORD is not: set it too.")
    return Neo4jTarget(
        uri=uri,
        user=settings.neo4j_user,
        password=settings.neo4j_password.get_secret_value(),
        database=settings.neo4j_database,
    )
