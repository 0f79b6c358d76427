"""Clients that ask again as soon as they are answered: how long each answer takes when so many wait at once."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence


async def take_turn(clients: Sequence[Callable[[], Awaitable[object]]], *, seconds: float) -> list[float]:
    """Milliseconds of each answer, sorted. A client is what it asks; all ask at once, for so long."""
    took: list[float] = []
    end = time.perf_counter() + seconds

    async def keep_asking(ask: Callable[[], Awaitable[object]]) -> None:
        while (began := time.perf_counter()) < end:
            await ask()
            took.append(1000 * (time.perf_counter() - began))

    await asyncio.gather(*(keep_asking(ask) for ask in clients))
    return sorted(took)
