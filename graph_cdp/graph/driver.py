"""How a Neo4j is reached: where it is, and a driver with a limit on everything it waits for."""

import logging
from dataclasses import dataclass, field

import neo4j

from graph_cdp import __version__

CONNECTIONS_MAX = 100
"""Connections in one pool. More writers than this only queue for the same locks inside the database."""

CONNECT_TIMEOUT_S = 5.0
"""Longest time to open a connection. A database on the same network answers in milliseconds."""

CONNECTION_LIFETIME_S = 3600.0
"""A connection is replaced after an hour, so that moved cluster members and load balancers are noticed."""

IDLE_CHECK_S = 60.0
"""A connection idle for longer is tested before it is used: firewalls drop idle ones without a word."""

USER_AGENT = f"graph-cdp/{__version__}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Neo4jTarget:
    """A database that can be connected to: a `bolt://` or `neo4j://` address (or `+s`), and who asks."""

    uri: str
    user: str
    password: str = field(repr=False)
    database: str


def open_driver(target: Neo4jTarget, *, timeout_s: float) -> neo4j.AsyncDriver:
    """A driver for the service; nothing is sent until it is used, and its owner closes it.

    `timeout_s` is the longest wait for a connection from the pool, and the longest time during which a
    transaction that fails for a transient reason is tried again. How long one transaction may run is said by
    whoever opens it. Notifications are off, because computing them costs time in each query; a session that
    wants them (the contract test of the query files) asks with `notifications_min_severity`.
    """
    logging.getLogger("neo4j.notifications").setLevel(logging.ERROR)
    logging.getLogger("neo4j").setLevel(logging.ERROR)  # it warns of every transaction that is tried again
    return neo4j.AsyncGraphDatabase.driver(  # pyright: ignore[reportUnknownMemberType] - options are untyped
        target.uri,
        auth=(target.user, target.password),
        user_agent=USER_AGENT,
        connection_timeout=CONNECT_TIMEOUT_S,
        connection_acquisition_timeout=timeout_s,
        connection_write_timeout=timeout_s,
        max_transaction_retry_time=timeout_s,
        max_connection_pool_size=CONNECTIONS_MAX,
        max_connection_lifetime=CONNECTION_LIFETIME_S,
        liveness_check_timeout=IDLE_CHECK_S,
        keep_alive=True,
        notifications_min_severity=neo4j.NotificationMinimumSeverity.OFF,
        telemetry_disabled=True,
    )


def open_session(driver: neo4j.AsyncDriver, *, database: str, **options: object) -> neo4j.AsyncSession:
    """A session of the driver; `options` are the driver's own. The one place that meets its untyped signature."""
    return driver.session(database=database, **options)  # pyright: ignore[reportUnknownMemberType]


def server_version(target: Neo4jTarget, *, timeout_s: float) -> str:
    """The version of the server that answers at `target`, for example `5.26.30`: it is up, and lets us in.

    Raises `neo4j.exceptions.DriverError` or `Neo4jError` when it does not: `ServiceUnavailable` when nothing
    answers within `timeout_s`, `AuthError` when the password is wrong.
    """
    driver = neo4j.GraphDatabase.driver(  # pyright: ignore[reportUnknownMemberType] - options are untyped
        target.uri,
        auth=(target.user, target.password),
        user_agent=USER_AGENT,
        connection_timeout=timeout_s,
        connection_acquisition_timeout=timeout_s,
        max_transaction_retry_time=0,
        telemetry_disabled=True,
    )
    with driver:
        answer = driver.execute_query("RETURN 1", database_=target.database)
        return str(answer.summary.server.agent).removeprefix("Neo4j/")
