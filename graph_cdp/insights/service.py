"""The health reports: made when they are asked for, and by the service every few minutes, so that nobody waits."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import replace
from typing import Generic, TypeVar

import structlog
from neo4j.exceptions import DriverError, Neo4jError

from graph_cdp.errors import Unavailable
from graph_cdp.graph.transactions import Graph
from graph_cdp.identity.policy import Policy
from graph_cdp.ids import Millis
from graph_cdp.insights.collection import Counted, make_report, report_since
from graph_cdp.insights.model import CollectionHealth, IdentityHealth
from graph_cdp.insights.repository import (
    count_identity,
    count_messages_by_day,
    count_people_by_size,
    count_records_by_source,
    count_refused_by_day,
    count_waiting_letters,
    list_biggest_people,
    list_hottest_identifiers,
    list_people_over_limits,
)
from graph_cdp.insights.rules import find_alarms, size_classes

Report = TypeVar("Report")

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


async def measure_collection(graph: Graph, *, now: Millis) -> CollectionHealth:
    """The report on collection as the graph is now. It reads the messages of seven days."""
    since = report_since(now)
    messages = await graph.read(count_messages_by_day, since=since)
    newest: dict[str, Millis] = {}
    for source, _, _, received_at in messages:
        newest[source] = max(received_at, newest.get(source, 0))
    counted = Counted(
        records=await graph.read(count_records_by_source),
        messages={(source, day): count for source, day, count, _ in messages},
        refused=await graph.read(count_refused_by_day, since=since),
        waiting=await graph.read(count_waiting_letters),
        newest=newest,
    )
    return make_report(counted, now=now)


class HealthWatch(Generic[Report]):
    """Makes a report every `interval_s` seconds and tells `observe`; `latest` is the last one, None before the first."""

    def __init__(
        self,
        measure: Callable[[], Awaitable[Report]],
        *,
        interval_s: float,
        observe: Callable[[Report], None],
    ) -> None:
        self.latest: Report | None = None
        self._measure = measure
        self._interval_s = interval_s
        self._observe = observe
        self._measuring = asyncio.Lock()

    async def measure(self) -> Report:
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
