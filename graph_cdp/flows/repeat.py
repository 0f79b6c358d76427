"""Jobs: what is done time and again beside the answering of requests."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress

import structlog
from neo4j.exceptions import DriverError, Neo4jError

from graph_cdp.errors import Unavailable

log = structlog.get_logger(__name__)

PAUSE_S = 0.5
"""How often marks are looked for: within a second of the commit that left one (DESIGN 3)."""

PAUSE_AFTER_FAILURE_S = 5.0


async def repeat_until(
    stopping: asyncio.Event, work: Callable[[], Awaitable[object]], *, waiting: str, pause_s: float = PAUSE_S
) -> None:
    """Do `work` time and again with a pause, until `stopping` is set; an outage of the database is waited for, and logged as
    `waiting`.

    To cancel it instead could cut a connection short while it is being opened, which leaves its socket open.
    """
    pause = 0.0
    while not await _is_set_within(stopping, pause):
        try:
            await work()
            pause = pause_s
        except (Neo4jError, DriverError, Unavailable) as error:
            log.warning(waiting, error=type(error).__name__)
            pause = PAUSE_AFTER_FAILURE_S


async def _is_set_within(event: asyncio.Event, seconds: float) -> bool:
    with suppress(TimeoutError):
        await asyncio.wait_for(event.wait(), seconds)
    return event.is_set()
