"""A connection to Neo4j that speaks as much of Bolt as it takes to read: a write for each statement, and an answer that is put together
where it arrives.
"""

import asyncio
from typing import cast
from urllib.parse import urlsplit

from graph_cdp.graph.driver import CONNECT_TIMEOUT_S, USER_AGENT, Neo4jTarget
from graph_cdp.graph.packstream import HELLO, LOGON, RECORD, SUCCESS, tag_of, write_message

SCHEME, PORT, LOOPBACK = "bolt", 7687, "localhost"

PROPOSAL = b"\x60\x60\xb0\x17" + b"\x00\x05\x06\x05" + bytes(12)
"""The versions 5.6 to 5.1, which all that is said here is the same in; Neo4j has spoken 5.6 since 5.23, and still does."""

VERSION_BYTES = 4
NO_VERSION = bytes(VERSION_BYTES)

NOTHING_ELSE = {"notifications_minimum_severity": "OFF"}


class NotRead(Exception):
    """Nothing was read, and nothing is wrong with what was asked: the driver may be asked the same."""


class NotSpoken(NotRead):
    """The server speaks none of the versions that are spoken here."""


class Connection(asyncio.Protocol):
    """One connection, with one exchange at a time."""

    def __init__(self) -> None:
        self.loop = asyncio.get_running_loop()
        self.opened_at = self.loop.time()
        self._transport: asyncio.Transport | None = None
        self._version = b""
        self._unread = bytearray()
        self._messages: list[bytearray] = []
        self._summaries_due = 0
        self._answer: asyncio.Future[list[bytearray]] | None = None

    @property
    def is_open(self) -> bool:
        """Whether something can be sent."""
        return self._transport is not None and not self._transport.is_closing()

    def abort(self) -> None:
        """Close it at once; Neo4j ends the statement that runs on it."""
        if self._transport is not None:
            self._transport.abort()

    async def shake_hands(self, target: Neo4jTarget) -> None:
        """Agree about the version, and log on.

        Raises:
            NotRead: that failed; the driver tells why.
        """
        await self._exchange(PROPOSAL, 0)
        if self._version == NO_VERSION:
            raise NotSpoken
        who = {"user_agent": USER_AGENT, "bolt_agent": {"product": USER_AGENT}, **NOTHING_ELSE}
        auth = {"scheme": "basic", "principal": target.user, "credentials": target.password}
        answers = await self._exchange(write_message(HELLO, who) + write_message(LOGON, auth), 2)
        if any(tag_of(answer) != SUCCESS for answer in answers):
            raise NotRead

    async def exchange(self, messages: bytes, summaries: int, *, seconds_max: float) -> list[bytearray]:
        """What is answered to these messages: `summaries` of them, and records.

        Raises:
            NotRead: the connection broke, or no answer came in time.
        """
        limit = self.loop.call_later(seconds_max, self.abort)
        try:
            return await self._exchange(messages, summaries)
        finally:
            limit.cancel()

    async def _exchange(self, messages: bytes, summaries: int) -> list[bytearray]:
        if self._transport is None or self._transport.is_closing():
            raise NotRead
        answer = self._answer = self.loop.create_future()
        self._summaries_due = summaries
        self._transport.write(messages)
        try:
            return await answer
        except BaseException:
            self.abort()  # what comes yet belongs to nobody
            raise

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """It is open."""
        self._transport = cast("asyncio.Transport", transport)

    def connection_lost(self, exc: Exception | None) -> None:
        """It is closed."""
        del exc
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(NotRead())

    def data_received(self, data: bytes) -> None:
        """Put the answer together."""
        self._unread += data
        if not self._version:
            self._read_version()
            return
        at = 0
        while message := self._next_message(at):
            at, body = message
            self._messages.append(body)
            if tag_of(body) != RECORD:
                self._summaries_due -= 1
                if self._summaries_due == 0:
                    self._end([*self._messages])
                    self._messages.clear()
        del self._unread[:at]

    def _read_version(self) -> None:
        if len(self._unread) >= VERSION_BYTES:
            self._version = bytes(self._unread[:VERSION_BYTES])
            del self._unread[:VERSION_BYTES]
            self._end([])

    def _next_message(self, at: int) -> tuple[int, bytearray] | None:
        """The next whole message from a place on, and where it ends; empty chunks before it say only that the server is there."""
        unread, chunks = self._unread, list[slice]()
        while at + 2 <= len(unread):
            size = unread[at] << 8 | unread[at + 1]
            at += 2
            if size == 0 and chunks:
                return at, bytearray().join([unread[chunk] for chunk in chunks])
            if size:
                chunks.append(slice(at, at + size))
                at += size
        return None

    def _end(self, messages: list[bytearray]) -> None:
        if self._answer is not None and not self._answer.done():
            self._answer.set_result(messages)


def can_reach(target: Neo4jTarget) -> bool:
    """Whether a target is one server, which is spoken to in the clear: others are the driver's."""
    return urlsplit(target.uri).scheme == SCHEME


async def connect(target: Neo4jTarget) -> Connection:
    """A connection to a target that can be reached, logged on.

    Raises:
        NotRead: that failed; the driver tells why.
    """
    address = urlsplit(target.uri)
    try:
        async with asyncio.timeout(CONNECT_TIMEOUT_S):
            _, connection = await asyncio.get_running_loop().create_connection(
                Connection, address.hostname or LOOPBACK, address.port or PORT
            )
            try:
                await connection.shake_hands(target)
            except BaseException:
                connection.abort()
                raise
    except (OSError, TimeoutError):
        raise NotRead from None
    return connection
