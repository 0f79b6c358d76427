"""One lane of group commit: messages that wait for one writer, which writes them batch by batch.

While a batch is being written the next one fills, so that under load batches grow and the cost of a commit is
shared; the wait only matters to a lone request.
"""

import asyncio
from collections import deque
from collections.abc import Sequence

import structlog

from graph_cdp.collect.isolation import Ingest, describe, find_outage, ingest_apart
from graph_cdp.errors import Unavailable
from graph_cdp.flows.outcome import Outcome
from graph_cdp.source.model import Message

log = structlog.get_logger(__name__)


class WriterFailed(Unavailable):
    """The batch failed for a reason that is not the messages'; all of it may be sent again."""

    code = "UNAVAILABLE"


class Request:
    """Messages that are answered together, with the outcomes that are known so far."""

    def __init__(self, messages: Sequence[Message]) -> None:
        self.messages = messages
        self.answer: asyncio.Future[list[Outcome]] = asyncio.get_running_loop().create_future()
        self._outcomes: list[Outcome | None] = [None] * len(messages)
        self._unknown = len(messages)

    def settle(self, index: int, outcome: Outcome) -> None:
        """Note what became of a message; the last one answers the request."""
        self._outcomes[index] = outcome
        self._unknown -= 1
        if self._unknown == 0 and not self.answer.done():
            self.answer.set_result([known for known in self._outcomes if known is not None])

    def fail(self, error: Unavailable) -> None:
        """Answer with an error, unless it is answered already."""
        if not self.answer.done():
            self.answer.set_exception(error)

    @property
    def has_failed(self) -> bool:
        """Whether it was answered with an error, so that the sender will send all of it again."""
        return self.answer.done() and not self.answer.cancelled() and self.answer.exception() is not None


Slot = tuple[Request, int]
"""A message of a request, by its index."""


class Lane:
    """Hands what waits to `ingest` in batches of at most `messages_max`, one at a time, in the order of arrival."""

    def __init__(self, ingest: Ingest, *, messages_max: int, wait_s: float) -> None:
        self._ingest = ingest
        self._messages_max = messages_max
        self._wait_s = wait_s
        self._waiting: deque[Slot] = deque()
        self._arrived = asyncio.Event()
        self._writer: asyncio.Task[None] | None = None
        self._closing = False
        self.held = 0
        """Messages that wait or are being written."""

    def add(self, slots: Sequence[Slot]) -> None:
        """Let these messages be written, after those that wait already."""
        self._waiting.extend(slots)
        self.held += len(slots)
        if self._writer is None or self._writer.done():
            self._writer = asyncio.create_task(self._write_for_ever(), name="collect-writer")
            self._writer.add_done_callback(self._on_writer_end)
        self._arrived.set()

    async def close(self) -> None:
        """Write what waits, answer it, and end the writer."""
        self._closing = True
        self._arrived.set()
        if self._writer is not None:
            await asyncio.wait([self._writer])

    async def _write_for_ever(self) -> None:
        while self._waiting or not self._closing:
            await self._arrived.wait()
            if len(self._waiting) < self._messages_max and not self._closing:
                await asyncio.sleep(self._wait_s)
            batch = self._take()
            if batch:
                await self._write(batch)

    def _take(self) -> list[Slot]:
        batch: list[Slot] = []
        while self._waiting and len(batch) < self._messages_max:
            slot = self._waiting.popleft()
            if slot[0].has_failed:
                self.held -= 1
            else:
                batch.append(slot)
        if not self._waiting and not self._closing:
            self._arrived.clear()
        return batch

    async def _write(self, batch: list[Slot]) -> None:
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
            self.held -= len(batch)

    def _on_writer_end(self, writer: asyncio.Task[None]) -> None:
        """Answer whoever still waits, should the writer have ended otherwise than by `close`."""
        error = None if writer.cancelled() else writer.exception()
        if not self._waiting:
            return
        log.error("writer_ended", **(describe(error) if error else {"error": "CancelledError"}))
        while self._waiting:
            request, _ = self._waiting.popleft()
            self.held -= 1
            request.fail(WriterFailed("The messages were not stored; send them again in a moment."))
