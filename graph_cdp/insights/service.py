"""The health report: made when it is asked for, and by the service every few minutes, so that nobody waits for it."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import replace

import structlog
from neo4j.exceptions import DriverError, Neo4jError

from graph_cdp.errors import Unavailable
from graph_cdp.graph.transactions import Graph
from graph_cdp.identity.policy import Policy
from graph_cdp.ids import Millis
from graph_cdp.insights.model import IdentityHealth
from graph_cdp.insights.repository import (
    count_identity,
    count_people_by_size,
    list_biggest_people,
    list_hottest_identifiers,
    list_people_over_limits,
)
from graph_cdp.insights.rules import find_alarms, size_classes

log = structlog.get_logger(__name__)

LISTED_MAX = 20
"""Of each list of the report: enough to act on."""


async def measure_identity(graph: Graph, *, policy: Policy, now: Millis) -> IdentityHealth:
    """The report as the graph is now. It reads the whole graph: some seconds for a million people."""
    health = IdentityHealth(
        measured_at=now,
        counts=await graph.read(count_identity),
        sizes=size_classes(await graph.read(count_people_by_size)),
        biggest=tuple(await graph.read(list_biggest_people, row_limit=LISTED_MAX)),
        hottest=tuple(await graph.read(list_hottest_identifiers, row_limit=LISTED_MAX)),
        over_limits=tuple(await graph.read(list_people_over_limits, policy=policy, row_limit=LISTED_MAX)),
    )
    return replace(health, alarms=tuple(find_alarms(health, policy=policy)))


class HealthWatch:
    """Makes the report every `interval_s` seconds and tells `observe`; `latest` is the last one, None before the first."""

    def __init__(
        self,
        measure: Callable[[], Awaitable[IdentityHealth]],
        *,
        interval_s: float,
        observe: Callable[[IdentityHealth], None],
    ) -> None:
        self.latest: IdentityHealth | None = None
        self._measure = measure
        self._interval_s = interval_s
        self._observe = observe
        self._measuring = asyncio.Lock()

    async def measure(self) -> IdentityHealth:
        """A new report; one at a time."""
        async with self._measuring:
            self.latest = await self._measure()
            self._observe(self.latest)
            return self.latest

    async def run_until(self, stopping: asyncio.Event) -> None:
        """Measure time and again, until `stopping` is set; an outage of the database is waited for."""
        while not stopping.is_set():
            try:
                await self.measure()
            except (Neo4jError, DriverError, Unavailable) as error:
                log.warning("health_not_measured", error=type(error).__name__)
            with suppress(TimeoutError):
                await asyncio.wait_for(stopping.wait(), self._interval_s)
