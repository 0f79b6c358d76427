"""Reading one record of one statement, which is what every query of the API is.

The driver takes 0.4 ms of Python for that, as long as the database: a session, its pool, three messages that are read in six
pieces, each with a callback or two. Here it takes a sixth. What is not plain sailing is left to the driver: a broken connection,
a server elsewhere than at one address in the clear, a version of Bolt that is not known, a value that is no JSON.
"""

from collections.abc import Mapping
from typing import Any, Self, cast

from neo4j import Record

from graph_cdp.graph.bolt import Connection, NotRead, NotSpoken, can_reach, connect
from graph_cdp.graph.driver import CONNECTION_LIFETIME_S, IDLE_CHECK_S, Neo4jTarget
from graph_cdp.graph.packstream import (
    FAILURE,
    PULL,
    RECORD,
    RUN,
    NotPlain,
    as_error,
    read_field,
    tag_of,
    write_message,
)

CONNECTIONS_MAX = 32
"""Statements at once; beyond, the driver's pool queues them."""

PULL_ALL = write_message(PULL, {"n": -1})


class RecordReader:
    """Reads records of a database, over connections that it keeps. It belongs to one event loop."""

    def __init__(self, target: Neo4jTarget) -> None:
        self._target = target
        self._can_read = can_reach(target)
        self._busy = 0
        self._idle: list[tuple[Connection, float]] = []

    async def __aenter__(self) -> Self:
        """Nothing is opened before it is needed."""
        return self

    async def __aexit__(self, *_error: object) -> None:
        """Close the connections; nothing is read any more."""
        self._can_read = False
        for connection, _ in self._idle:
            connection.abort()
        self._idle.clear()

    async def read(self, text: str, params: Mapping[str, Any], *, timeout_s: float, late_s: float) -> Record:
        """The one record of a statement that reads; Neo4j ends what takes longer than `timeout_s`, up to `late_s` later.

        Raises:
            NotRead: ask the driver.
            neo4j.exceptions.Neo4jError: what the database objects to.
        """
        if not self._can_read or self._busy == CONNECTIONS_MAX:
            raise NotRead
        extra = {"mode": "r", "db": self._target.database, "tx_timeout": round(1_000 * timeout_s)}
        messages = write_message(RUN, text, params, extra) + PULL_ALL
        self._busy += 1
        try:
            connection = self._take() or await self._connect()
            answer = await connection.exchange(messages, 2, seconds_max=timeout_s + late_s)
            if any(tag_of(message) == FAILURE for message in answer):
                connection.abort()  # it takes no other statement before it is reset
            else:
                self._idle.append((connection, connection.loop.time()))
        finally:
            self._busy -= 1
        return only_record(answer)

    def _take(self) -> Connection | None:
        """A connection that nothing is read from, if there is one that is still good."""
        while self._idle:
            connection, since = self._idle.pop()
            now = connection.loop.time()
            is_young = now - connection.opened_at < CONNECTION_LIFETIME_S
            if connection.is_open and is_young and now - since < IDLE_CHECK_S:
                return connection
            connection.abort()
        return None

    async def _connect(self) -> Connection:
        try:
            return await connect(self._target)
        except NotSpoken:
            self._can_read = False
            raise


def only_record(answer: list[bytearray]) -> Record:
    """The record of an answer.

    Raises:
        NotRead: there is none, or there are several, or it holds what only the driver can make.
        neo4j.exceptions.Neo4jError: what the database objects to.
    """
    for message in answer:
        if tag_of(message) == FAILURE:
            raise as_error(message)
    head, *records, _ = answer
    if len(records) != 1 or tag_of(records[0]) != RECORD:
        raise NotRead
    try:
        told, values = read_field(head), read_field(records[0])
    except NotPlain:
        raise NotRead from None
    names = cast("dict[str, list[str]]", told)["fields"]
    return Record(zip(names, cast("list[Any]", values), strict=True))
