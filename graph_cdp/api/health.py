"""Whether the service is alive, and whether it is ready to answer at full speed.

A JVM is several times slower in its first seconds. So the service reads some people's 360 view again and again
after it starts, until that no longer gets faster, and only then says that it is ready.
"""

import asyncio
import statistics
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass

import structlog
from neo4j.exceptions import DriverError, Neo4jError

from graph_cdp.access.model import KeyId, Principal
from graph_cdp.api.context import Context
from graph_cdp.api.reads.person import sample_people
from graph_cdp.api.schema import ApiSchema
from graph_cdp.errors import GraphCdpError
from graph_cdp.graph.migrations import Migration, migration_status
from graph_cdp.graph.transactions import Graph

LOG = structlog.get_logger(__name__)

SAMPLE = 50
WINDOW = 100
"""Reads whose median is compared with that of the window before."""

STEADY = 0.9
"""A window that takes more than this share of the one before is no longer faster."""

ANSWER_SECONDS_MAX = 2.0
"""A database that needs longer for a handful of rows is not well."""

RETRY_S = 0.5
REMEMBER_S = 1.0
"""/readyz needs no key: however often it is asked, the database is asked once in this time."""

WARM_UP_QUERY = """query WarmUp($id: ID!) { person(id: $id) {
  golden_record { email first_name last_name provenance { field source } }
  records { edges { node { source kind } } } identifiers { edges { node { kind value } } }
  events { edges { node { type name occurred_at } } } transactions { edges { node { kind amount } } } } }"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What /readyz answers: each part that must be well, and whether it is."""

    database: bool
    migrations: bool
    warm: bool

    @property
    def ready(self) -> bool:
        """Whether all parts are."""
        return self.database and self.migrations and self.warm


class Readiness:
    """Watches whether the service may be sent requests."""

    def __init__(
        self, graph: Graph, migrations: Sequence[Migration], *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._graph = graph
        self._migrations = migrations
        self._clock = clock
        self._asked_at = float("-inf")
        self._answer = Report(database=False, migrations=False, warm=False)
        self._warm = False

    async def report(self) -> Report:
        """The state of each part, at most `REMEMBER_S` old."""
        if self._clock() - self._asked_at >= REMEMBER_S:
            self._asked_at = self._clock()
            self._answer = await self._look()
        return self._answer

    async def _look(self) -> Report:
        try:
            async with asyncio.timeout(ANSWER_SECONDS_MAX):
                states = {status.state for status in await migration_status(self._graph, self._migrations)}
        except (DriverError, Neo4jError, TimeoutError):
            return Report(database=False, migrations=False, warm=self._warm)
        # `unknown` is what a newer version applied: while it is rolled out, this one goes on.
        return Report(database=True, migrations=states <= {"applied", "unknown"}, warm=self._warm)

    async def warm_up(
        self, schema: ApiSchema, *, default_region: str, seconds_max: float, stopping: asyncio.Event
    ) -> None:
        """Read people until that no longer gets faster, for `seconds_max` at most; then `report` says warm.

        Ends early once `stopping` is set: to cancel it would cut a conversation with the database short.
        """
        await self._until_migrated(stopping)
        deadline = time.monotonic() + seconds_max
        reader = _Reader(schema=schema, graph=self._graph, default_region=default_region)

        def is_over() -> bool:
            return stopping.is_set() or time.monotonic() >= deadline

        try:
            people = await self._graph.read(sample_people, row_limit=SAMPLE)
            before = float("inf")
            while people and not is_over():
                median = await reader.read_window(people, is_over)
                if median > before * STEADY:
                    break
                before = median
        except (DriverError, Neo4jError, GraphCdpError) as error:
            LOG.warning("warm_up_ended_early", error=type(error).__name__)
        self._warm = True
        self._asked_at = float("-inf")

    async def _until_migrated(self, stopping: asyncio.Event) -> None:
        while not stopping.is_set():
            if (await self._look()).migrations:
                return
            with suppress(TimeoutError):
                await asyncio.wait_for(stopping.wait(), RETRY_S)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reader:
    schema: ApiSchema
    graph: Graph
    default_region: str

    async def read_window(self, people: Sequence[str], is_over: Callable[[], bool]) -> float:
        """The median time of `WINDOW` reads, in seconds; of fewer where the time is over before."""
        times: list[float] = []
        for number in range(WINDOW):
            started = time.monotonic()
            await self._read(people[number % len(people)])
            times.append(time.monotonic() - started)
            if is_over():
                break
        return statistics.median(times)

    async def _read(self, person_id: str) -> None:
        principal = Principal(key_id=KeyId("warm-up"), role="admin")
        context = Context(principal=principal, graph=self.graph, default_region=self.default_region)
        await self.schema.execute(WARM_UP_QUERY, variable_values={"id": person_id}, context_value=context)
