"""Group commit: messages of requests that arrive together share transactions.

A request is answered only after its messages are committed, so an answer is a promise. Messages wait in two lanes,
each with a writer of its own: while the database works for one, the other prepares its batch. All messages about one
record go by one lane, so that the writers do not wait for each other's locks, and a message that is sent twice does
not meet itself on its way.
"""

import zlib
from collections.abc import Sequence
from types import TracebackType
from typing import Self

from graph_cdp.collect.isolation import Ingest
from graph_cdp.collect.lane import Lane, Request, Slot
from graph_cdp.errors import Unavailable
from graph_cdp.flows.outcome import Outcome
from graph_cdp.source.model import Message

LANES = 2
"""One writer prepares while the database works for the other; a third would only make the batches smaller."""


class QueueFull(Unavailable):
    """More messages wait than memory is meant to hold: the sender should come back."""

    code = "TOO_MANY_MESSAGES_WAITING"


class Batcher:
    """Takes messages from many requests and hands them to `ingest` in batches, one at a time in each lane.

    It is a resource: `async with Batcher(...) as batcher`. Leaving writes what waits, then stops. At most
    `queue_max` messages are held, waiting or being written.
    """

    def __init__(self, ingest: Ingest, *, messages_max: int, wait_ms: float, queue_max: int) -> None:
        self._lanes = tuple(
            Lane(ingest, messages_max=messages_max, wait_s=wait_ms / 1000) for _ in range(LANES)
        )
        self._queue_max = queue_max
        self._closing = False

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def submit(self, messages: Sequence[Message]) -> list[Outcome]:
        """The outcome of each message, in order, once all are committed.

        If the caller goes away the messages are written all the same.

        Raises:
            QueueFull: too many messages wait; none of these was taken.
            Unavailable: the database does not answer, or the service is stopping. Some of these may be stored;
                sending all again is safe.
        """
        if not messages:
            return []
        self.require_room(len(messages))
        request = Request(messages)
        slots: list[list[Slot]] = [[] for _ in self._lanes]
        for index, message in enumerate(messages):
            slots[_lane_of(message)].append((request, index))
        for lane, its_slots in zip(self._lanes, slots, strict=True):
            if its_slots:
                lane.add(its_slots)
        return await request.answer

    def require_room(self, count: int) -> None:
        """Raise what `submit` would raise for so many messages, before anything is spent on them."""
        if self._closing:
            raise Unavailable("The service is stopping; send this again in a moment.")
        if self.held and self.held + count > self._queue_max:
            raise QueueFull("Too many messages are waiting; send this again in a moment.")

    @property
    def held(self) -> int:
        """Messages that wait or are being written."""
        return sum(lane.held for lane in self._lanes)

    async def close(self) -> None:
        """Write what waits, answer it, and take nothing more."""
        self._closing = True
        for lane in self._lanes:
            await lane.close()


def _lane_of(message: Message) -> int:
    """The lane of the record that a message is about, or of the message where it is about nobody."""
    return zlib.crc32((message.record_key or message.message_id).encode()) % LANES
