"""Group commit: messages of requests that arrive together share one transaction.

A request is answered only after its messages are committed, so an answer is a promise. While batches are being
written the next one fills, so that under load batches grow and the cost of a commit is shared; `wait_ms` only
matters to a lone request. Of two writers one prepares its batch while the database works for the other.
"""

import asyncio
from collections.abc import Sequence
from types import TracebackType
from typing import Self

import structlog

from graph_cdp.collect.isolation import Ingest, describe, find_outage, ingest_apart
from graph_cdp.collect.waiting import Request, Slot, WaitingRoom
from graph_cdp.errors import Unavailable
from graph_cdp.flows.outcome import Outcome
from graph_cdp.source.model import Message

log = structlog.get_logger(__name__)

WRITERS = 2
"""A third would only make the batches smaller."""


class QueueFull(Unavailable):
    """More messages wait than memory is meant to hold: the sender should come back."""

    code = "TOO_MANY_MESSAGES_WAITING"


class WriterFailed(Unavailable):
    """The batch failed for a reason that is not the messages'; all of it may be sent again."""

    code = "UNAVAILABLE"


class Batcher:
    """Takes messages from many requests and hands them to `ingest` in batches, `WRITERS` at a time.

    It is a resource: `async with Batcher(...) as batcher`. Leaving writes what waits, then stops. At most
    `queue_max` messages are held, waiting or being written.
    """

    def __init__(self, ingest: Ingest, *, messages_max: int, wait_ms: float, queue_max: int) -> None:
        self._ingest = ingest
        self._messages_max = messages_max
        self._wait_s = wait_ms / 1000
        self._queue_max = queue_max
        self._room = WaitingRoom()
        self._news = asyncio.Event()
        self._writers: set[asyncio.Task[None]] = set()
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
        self._room.add(request)
        self._start_writers()
        self._news.set()
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
        return self._room.held

    async def close(self) -> None:
        """Write what waits, answer it, and take nothing more."""
        self._closing = True
        self._news.set()
        if self._writers:
            await asyncio.wait(self._writers)

    def _start_writers(self) -> None:
        while len(self._writers) < WRITERS:
            writer = asyncio.create_task(self._write_for_ever(), name="collect-writer")
            writer.add_done_callback(self._on_writer_end)
            self._writers.add(writer)

    async def _write_for_ever(self) -> None:
        """Write what waits, again and again; what is about records that the other writer has waits for its end."""
        while self._room or not self._closing:
            await self._news.wait()
            if len(self._room) < self._messages_max and not self._closing:
                await asyncio.sleep(self._wait_s)
            batch = self._room.take(self._messages_max)
            if batch:
                await self._write(batch)
                self._news.set()
            elif self._room or not self._closing:
                self._news.clear()

    async def _write(self, batch: list[Slot]) -> None:
        try:
            outcomes = await ingest_apart(self._ingest, [slot.message for slot in batch])
            for slot, outcome in zip(batch, outcomes, strict=True):
                slot.request.settle(slot.place, outcome)
        except BaseException as error:  # whatever it is, nobody may wait for ever
            outage = find_outage(error) or WriterFailed(
                "The messages could not be stored; send them again in a moment."
            )
            log.error("batch_not_stored", messages=len(batch), **describe(error.__cause__ or error))  # noqa: TRY400
            for slot in batch:
                slot.request.fail(outage)
            if not isinstance(error, Exception):
                raise
        finally:
            self._room.release(batch)

    def _on_writer_end(self, writer: asyncio.Task[None]) -> None:
        """Wake the other writer: what this one had is free. Answer whoever still waits, should both have ended otherwise
        than by `close`.
        """
        self._writers.discard(writer)
        self._news.set()
        error = None if writer.cancelled() else writer.exception()
        if self._writers or not self._room:
            return
        log.error("writer_ended", **(describe(error) if error else {"error": "CancelledError"}))
        failure = WriterFailed("The messages were not stored; send them again in a moment.")
        for slot in self._room.empty():
            slot.request.fail(failure)
