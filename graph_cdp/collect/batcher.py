"""Group commit: messages of requests that arrive together share one transaction.

A request is answered only after its messages are committed, so an answer is a promise. While one batch is being
written the next one fills, so that under load batches grow and the cost of a commit is shared; `wait_ms` only
matters to a lone request.
"""

import asyncio
from collections import deque
from collections.abc import Sequence
from types import TracebackType
from typing import Self

import structlog

from graph_cdp.collect.isolation import Ingest, describe, find_outage, ingest_apart
from graph_cdp.errors import Unavailable
from graph_cdp.flows.outcome import Outcome
from graph_cdp.source.model import Message

log = structlog.get_logger(__name__)


class QueueFull(Unavailable):
    """More messages wait than memory is meant to hold: the sender should come back."""

    code = "TOO_MANY_MESSAGES_WAITING"


class WriterFailed(Unavailable):
    """The batch failed for a reason that is not the messages'; all of it may be sent again."""

    code = "UNAVAILABLE"


class _Request:
    """Messages that are answered together, with the outcomes that are known so far."""

    def __init__(self, messages: Sequence[Message]) -> None:
        self.messages = messages
        self.answer: asyncio.Future[list[Outcome]] = asyncio.get_running_loop().create_future()
        self._outcomes: list[Outcome | None] = [None] * len(messages)
        self._unknown = len(messages)

    def settle(self, index: int, outcome: Outcome) -> None:
        self._outcomes[index] = outcome
        self._unknown -= 1
        if self._unknown == 0 and not self.answer.done():
            self.answer.set_result([known for known in self._outcomes if known is not None])

    def fail(self, error: Unavailable) -> None:
        if not self.answer.done():
            self.answer.set_exception(error)

    @property
    def has_failed(self) -> bool:
        """Whether it was answered with an error, so that the sender will send all of it again."""
        return self.answer.done() and not self.answer.cancelled() and self.answer.exception() is not None


_Slot = tuple[_Request, int]


class Batcher:
    """Takes messages from many requests and hands them to `ingest` in batches, one at a time.

    It is a resource: `async with Batcher(...) as batcher`. Leaving writes what waits, then stops. At most
    `queue_max` messages are held, waiting or being written.
    """

    def __init__(self, ingest: Ingest, *, messages_max: int, wait_ms: float, queue_max: int) -> None:
        self._ingest = ingest
        self._messages_max = messages_max
        self._wait_s = wait_ms / 1000
        self._queue_max = queue_max
        self._waiting: deque[_Slot] = deque()
        self._held = 0
        self._arrived = asyncio.Event()
        self._writer: asyncio.Task[None] | None = None
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
        if self._closing:
            raise Unavailable("The service is stopping; send this again in a moment.")
        if self._held and self._held + len(messages) > self._queue_max:
            raise QueueFull("Too many messages are waiting; send this again in a moment.")
        request = _Request(messages)
        self._waiting.extend((request, index) for index in range(len(messages)))
        self._held += len(messages)
        self._start_writer()
        self._arrived.set()
        return await request.answer

    @property
    def held(self) -> int:
        """Messages that wait or are being written."""
        return self._held

    async def close(self) -> None:
        """Write what waits, answer it, and take nothing more."""
        self._closing = True
        self._arrived.set()
        if self._writer is not None:
            await asyncio.wait([self._writer])

    def _start_writer(self) -> None:
        if self._writer is None or self._writer.done():
            self._writer = asyncio.create_task(self._write_for_ever(), name="collect-writer")
            self._writer.add_done_callback(self._on_writer_end)

    async def _write_for_ever(self) -> None:
        while self._waiting or not self._closing:
            await self._arrived.wait()
            if len(self._waiting) < self._messages_max and not self._closing:
                await asyncio.sleep(self._wait_s)
            batch = self._take()
            if batch:
                await self._write(batch)

    def _take(self) -> list[_Slot]:
        batch: list[_Slot] = []
        while self._waiting and len(batch) < self._messages_max:
            slot = self._waiting.popleft()
            if slot[0].has_failed:
                self._held -= 1
            else:
                batch.append(slot)
        if not self._waiting and not self._closing:
            self._arrived.clear()
        return batch

    async def _write(self, batch: list[_Slot]) -> None:
        try:
            outcomes = await ingest_apart(self._ingest, [request.messages[index] for request, index in batch])
            for (request, index), outcome in zip(batch, outcomes, strict=True):
                request.settle(index, outcome)
        except BaseException as error:  # whatever it is, nobody may wait for ever
            outage = find_outage(error) or WriterFailed(
                "The messages could not be stored; send them again in a moment."
            )
            log.error("batch_not_stored", messages=len(batch), **describe(error.__cause__ or error))  # noqa: TRY400
            for request, _ in batch:
                request.fail(outage)
            if not isinstance(error, Exception):
                raise
        finally:
            self._held -= len(batch)

    def _on_writer_end(self, writer: asyncio.Task[None]) -> None:
        """Answer whoever still waits, should the writer have ended otherwise than by `close`."""
        error = None if writer.cancelled() else writer.exception()
        if not self._waiting:
            return
        log.error("writer_ended", **(describe(error) if error else {"error": "CancelledError"}))
        while self._waiting:
            request, _ = self._waiting.popleft()
            self._held -= 1
            request.fail(WriterFailed("The messages were not stored; send them again in a moment."))
