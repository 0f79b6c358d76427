"""What waits to be written: requests, and their messages in the order of their arrival."""

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
    """A message of a request, by its place in it."""

    request: Request
    place: int

    @property
    def message(self) -> Message:
        """The message."""
        return self.request.messages[self.place]


class WaitingLine:
    """Messages in the order of their arrival; those that are being written are still held."""

    def __init__(self) -> None:
        self._waiting: deque[Slot] = deque()
        self.held = 0
        """Messages that wait or are being written."""

    def __len__(self) -> int:
        return len(self._waiting)

    def add(self, slot: Slot) -> None:
        """Let a message wait."""
        self._waiting.append(slot)
        self.held += 1

    def take(self, most: int) -> list[Slot]:
        """The next messages to be written, `most` at most.

        Messages of a request that has failed are left out: all of it will be sent again.
        """
        batch: list[Slot] = []
        while self._waiting and len(batch) < most:
            slot = self._waiting.popleft()
            if slot.request.has_failed:
                self.held -= 1
            else:
                batch.append(slot)
        return batch

    def empty(self) -> list[Slot]:
        """All that wait, who wait no longer."""
        waited = list(self._waiting)
        self._waiting.clear()
        self.held -= len(waited)
        return waited

    def release(self, batch: Sequence[Slot]) -> None:
        """Let go of a batch that was written, or that failed."""
        self.held -= len(batch)
