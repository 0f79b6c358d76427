"""Group commit: messages of requests that arrive together share a transaction.

A request is answered only after its messages are committed, so an answer is a promise. Each record has its lane, whose
writer writes one batch at a time: while it is being written the next one fills, so that under load batches grow and the
cost of a commit is shared; `wait_ms` only matters to a lone request. Messages about one record are so never in two
batches at one time, whose writers would wait for each other's locks, and a message that is sent twice never meets itself on
its way. Only where a request gives several messages one id do all follow the first, which is the one that is kept.
"""

import asyncio
from collections.abc import Sequence
from types import TracebackType
from typing import Self

import structlog

from graph_cdp.collect.isolation import Ingest, describe, find_outage, ingest_apart
from graph_cdp.collect.waiting import Request, Slot, WaitingLine
from graph_cdp.errors import Unavailable
from graph_cdp.flows.outcome import Outcome
from graph_cdp.source.model import Message

log = structlog.get_logger(__name__)

LANES = 2
"""Of two writers one prepares its batch while the database works for the other. A third would only make the batches
smaller."""


class QueueFull(Unavailable):
    """More messages wait than memory is meant to hold: the sender should come back."""

    code = "TOO_MANY_MESSAGES_WAITING"


class WriterFailed(Unavailable):
    """The batch failed for a reason that is not the messages'; all of it may be sent again."""

    code = "UNAVAILABLE"


class Batcher:
    """Takes messages from many requests and hands them to `ingest` in batches, one at a time in each of its `LANES`.

    It is a resource: `async with Batcher(...) as batcher`. Leaving writes what waits, then stops. At most
    `queue_max` messages are held, waiting or being written.
    """

    def __init__(self, ingest: Ingest, *, messages_max: int, wait_ms: float, queue_max: int) -> None:
        self._lanes = [
            _Lane(ingest, messages_max=messages_max, wait_s=wait_ms / 1000, number=number)
            for number in range(LANES)
        ]
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
        lane_of: dict[tuple[str, str], _Lane] = {}
        for place, message in enumerate(messages):
            lane = lane_of.setdefault((message.source, message.message_id), self._lane_of(message))
            lane.add(Slot(request, place))
        for lane in self._lanes:
            lane.start()
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
        await asyncio.gather(*(lane.close() for lane in self._lanes))

    def _lane_of(self, message: Message) -> "_Lane":
        """That of its record; of what is about nobody, that of its id."""
        return self._lanes[hash(message.record_key or message.message_id) % LANES]


class _Lane:
    """The messages of some records, and the writer who writes them, a batch at a time, in the order of their arrival."""

    def __init__(self, ingest: Ingest, *, messages_max: int, wait_s: float, number: int) -> None:
        self._ingest = ingest
        self._messages_max = messages_max
        self._wait_s = wait_s
        self._name = f"collect-writer-{number}"
        self._line = WaitingLine()
        self._writer: asyncio.Task[None] | None = None

    @property
    def held(self) -> int:
        """Messages that wait or are being written."""
        return self._line.held

    def add(self, slot: Slot) -> None:
        """Let a message wait for `start`."""
        self._line.add(slot)

    def start(self) -> None:
        """Have what waits written, unless its writer is at it."""
        if self._line and self._writer is None:
            self._writer = asyncio.create_task(self._write_all(), name=self._name)
            self._writer.add_done_callback(self._on_end)

    async def close(self) -> None:
        """Wait until nothing waits."""
        while self._writer is not None:
            await asyncio.wait([self._writer])

    async def _write_all(self) -> None:
        while self._line:
            if len(self._line) < self._messages_max:
                await asyncio.sleep(self._wait_s)
            batch = self._line.take(self._messages_max)
            if batch:
                await self._write(batch)

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
            self._line.release(batch)

    def _on_end(self, writer: asyncio.Task[None]) -> None:
        """Go on with what came just when it ended; should it have failed, answer whoever still waits."""
        self._writer = None
        error = None if writer.cancelled() else writer.exception()
        if not self._line:
            return
        if error is None and not writer.cancelled():
            self.start()
            return
        log.error("writer_ended", **(describe(error) if error else {"error": "CancelledError"}))
        failure = WriterFailed("The messages were not stored; send them again in a moment.")
        for slot in self._line.empty():
            slot.request.fail(failure)
