"""What waits to be written: requests, their messages, and which of these may be written now.

Messages about one record are never in two batches at one time: their writers would wait for each other's locks, and a
message that is sent twice would meet itself on its way.
"""

import asyncio
from collections import deque
from collections.abc import Sequence
from typing import NamedTuple

from graph_cdp.errors import Unavailable
from graph_cdp.flows.outcome import Outcome
from graph_cdp.source.model import Message


class Request:
    """Messages that are answered together, with the outcomes that are known so far."""

    def __init__(self, messages: Sequence[Message]) -> None:
        self.messages = messages
        self.answer: asyncio.Future[list[Outcome]] = asyncio.get_running_loop().create_future()
        self._outcomes: list[Outcome | None] = [None] * len(messages)
        self._unknown = len(messages)

    def settle(self, place: int, outcome: Outcome) -> None:
        """Note what became of a message; the last one answers the request."""
        self._outcomes[place] = outcome
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


class Slot(NamedTuple):
    """A message of a request, by its place in it, and what it is about: its record, or itself where it is about nobody."""

    request: Request
    place: int
    about: str

    @property
    def message(self) -> Message:
        """The message."""
        return self.request.messages[self.place]


class WaitingRoom:
    """Messages in the order of their arrival, and the records that are being written."""

    def __init__(self) -> None:
        self._waiting: deque[Slot] = deque()
        self._written: set[str] = set()
        self.held = 0
        """Messages that wait or are being written."""

    def __len__(self) -> int:
        return len(self._waiting)

    def add(self, request: Request) -> None:
        """Let the messages of a request wait."""
        for place, message in enumerate(request.messages):
            self._waiting.append(Slot(request, place, message.record_key or message.message_id))
        self.held += len(request.messages)

    def take(self, most: int) -> list[Slot]:
        """The next messages to be written, `most` at most; none where all that wait are about records being written.

        Messages of a request that has failed are left out: all of it will be sent again.
        """
        batch: list[Slot] = []
        later: list[Slot] = []
        while self._waiting and len(batch) < most:
            slot = self._waiting.popleft()
            if slot.request.has_failed:
                self.held -= 1
            elif slot.about in self._written:
                later.append(slot)
            else:
                batch.append(slot)
        self._waiting.extendleft(reversed(later))
        self._written.update(slot.about for slot in batch)
        return batch

    def empty(self) -> list[Slot]:
        """All that wait, who wait no longer."""
        waited = list(self._waiting)
        self._waiting.clear()
        self.held -= len(waited)
        return waited

    def release(self, batch: Sequence[Slot]) -> None:
        """Let go of a batch that was written, or that failed."""
        self._written.difference_update(slot.about for slot in batch)
        self.held -= len(batch)
