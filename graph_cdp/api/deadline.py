"""How long a request may take in all, whatever it waits for: who asks, then what is asked."""

import asyncio
from collections.abc import Awaitable
from typing import TypeVar

from graph_cdp.api.errors import TIMED_OUT_MESSAGE, TimedOut

T = TypeVar("T")


class Deadline:
    """The time of one request. Only what is awaited here counts, and not the sending of the body, which has a limit of its own."""

    __slots__ = ("_seconds_left",)

    def __init__(self, seconds_max: float) -> None:
        self._seconds_left = seconds_max

    async def wait_for(self, work: Awaitable[T]) -> T:
        """What `work` returns, within what is left of the time.

        Raises:
            TimedOut: it took longer, for example because the database does not answer and was tried again.
        """
        loop = asyncio.get_running_loop()
        began = loop.time()
        try:
            async with asyncio.timeout(self._seconds_left):
                return await work
        except TimeoutError:
            raise TimedOut(TIMED_OUT_MESSAGE) from None
        finally:
            self._seconds_left -= loop.time() - began
