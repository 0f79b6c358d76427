"""One look at the graph for all subscriptions of a process: who of those that are watched has something new.

It goes on only while somebody watches. It asks for two numbers a watch, by an index, so it costs what is watched, and not what
is written. Several processes need not know of each other.
"""

import asyncio
import itertools
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import replace
from typing import Literal

import structlog
from neo4j.exceptions import DriverError, Neo4jError

from graph_cdp.api.live.position import Told
from graph_cdp.api.live.repository import Tally, Watched, count_changes, count_facts
from graph_cdp.errors import Unavailable
from graph_cdp.graph.transactions import Graph
from graph_cdp.ids import PersonId

LOG = structlog.get_logger(__name__)

LOOK_S = 0.2
"""Between two looks: what is committed is told in half of it, on average."""

FAILED_S = 1.0
"""After a look that failed: the database is not well, and nobody is told anything meanwhile."""

WATCHES_MAX = 1_000
"""Subscriptions of one process: a look takes some tens of milliseconds then."""

Kind = Literal["changes", "facts"]


class TooManySubscriptions(Unavailable):
    """No more are taken."""

    code = "TOO_MANY_SUBSCRIPTIONS"


class Watch:
    """One subscription, as the tail sees it: what it looks after, and what it knows of it. `news` is set by what is new."""

    __slots__ = ("kind", "known", "news", "watched")

    def __init__(self, kind: Kind, watched: Watched) -> None:
        self.kind: Kind = kind
        self.watched = watched
        self.known: Tally | None = None
        self.news = asyncio.Event()

    def settle(self, told: Told) -> None:
        """All was read, up to a position and beyond it: anything else is new."""
        self.watched = replace(self.watched, after=told.settled)
        self.known = Tally(found=len(told.marks), total=sum(told.marks.values()))


class Tail:
    """Tells watches that there is something new."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._numbers = itertools.count()
        self._watches: dict[int, Watch] = {}
        self._task: asyncio.Task[None] | None = None

    @property
    def watching(self) -> int:
        """How many watch."""
        return len(self._watches)

    @contextmanager
    def watch(self, kind: Kind, person_id: PersonId) -> Generator[Watch]:
        """A watch that is looked after until it is left.

        Raises:
            TooManySubscriptions: `WATCHES_MAX` are looked after.
        """
        if len(self._watches) >= WATCHES_MAX:
            raise TooManySubscriptions(
                "This process takes no more subscriptions. Try again in a moment, with the last cursor."
            )
        number = next(self._numbers)
        watch = Watch(kind, Watched(number=number, person_id=person_id, after=0))
        self._watches[number] = watch
        if self._task is None:
            self._task = asyncio.create_task(self._look_until_nobody_watches())
        try:
            yield watch
        finally:
            del self._watches[number]

    async def _look_until_nobody_watches(self) -> None:
        try:
            while self._watches:
                try:
                    await self._look()
                except (DriverError, Neo4jError) as error:
                    LOG.warning("tail_failed", error=type(error).__name__)
                    await asyncio.sleep(FAILED_S)
                await asyncio.sleep(LOOK_S)
        finally:
            self._task = None

    async def _look(self) -> None:
        kinds: tuple[Kind, ...] = ("changes", "facts")
        for kind in kinds:
            asked = [
                watch
                for watch in self._watches.values()
                if watch.kind == kind and watch.known is not None and not watch.news.is_set()
            ]
            if asked:
                await self._look_after(kind, asked)

    async def _look_after(self, kind: Kind, asked: list[Watch]) -> None:
        """Set the news of those whose count is another. One that settled meanwhile is looked at the next time."""
        watched = {watch.watched.number: watch.watched for watch in asked}
        count = count_changes if kind == "changes" else count_facts
        tallies = await self._graph.read(count, watches=list(watched.values()))
        for watch in asked:
            number = watch.watched.number
            if watch.watched is watched[number] and tallies.get(number) != watch.known:
                watch.news.set()
