"""Retention of what was refused: letters are kept so long that somebody can mend them, and no longer."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

import structlog

from graph_cdp.collect.isolation import describe
from graph_cdp.dead_letters.model import STATES
from graph_cdp.dead_letters.repository import forget_dead_letters
from graph_cdp.graph.transactions import Graph
from graph_cdp.ids import Millis

log = structlog.get_logger(__name__)

DAY_MS = 86_400_000
LETTERS_AT_ONCE = 1_000
"""Deleted in one transaction: it holds its locks for milliseconds."""

PAUSE_S = 3_600.0
"""Between two looks: retention is counted in days."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Forget:
    """Deletes letters that were received more than `days` ago, whatever became of them."""

    graph: Graph
    clock: Callable[[], Millis]
    days: int

    async def once(self) -> int:
        """Delete all that are too old; how many these were."""
        before, total = self.clock() - self.days * DAY_MS, 0
        for state in STATES:
            while forgotten := await self.graph.write(
                forget_dead_letters, before=before, state=state, row_limit=LETTERS_AT_ONCE
            ):
                total += forgotten
        return total

    async def run_until(self, stopping: asyncio.Event) -> None:
        """Delete what is too old, every hour, until asked to stop. A database that is away is asked again later."""
        while not stopping.is_set():
            try:
                if forgotten := await self.once():
                    log.info("dead_letters_forgotten", letters=forgotten)
            except Exception as error:  # noqa: BLE001 - a background task: it goes on, and the log says what was wrong
                log.warning("dead_letters_not_forgotten", **describe(error))
            with suppress(TimeoutError):
                await asyncio.wait_for(stopping.wait(), PAUSE_S)
