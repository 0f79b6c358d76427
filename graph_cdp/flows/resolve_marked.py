"""Resolve what ingest left: components beyond the declared size, and records on which a human has spoken.

The marks are in the graph, so a crash loses none; any process of the service may run this, and two at once are safe.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

import structlog
from neo4j import AsyncManagedTransaction
from neo4j.exceptions import DriverError, Neo4jError

from graph_cdp.errors import Unavailable
from graph_cdp.golden_record.model import Survivorship
from graph_cdp.golden_record.policy import DEFAULT_SURVIVORSHIP
from graph_cdp.golden_record.repository import Concerned, compute_golden_records
from graph_cdp.graph.queries import Tx
from graph_cdp.graph.transactions import Graph
from graph_cdp.identity.component import Seeds
from graph_cdp.identity.marks import list_unresolved, settle_marks
from graph_cdp.identity.policy import Policy
from graph_cdp.identity.repository import number_changes
from graph_cdp.identity.service import ComponentGrew, Resolved, Resolver
from graph_cdp.ids import Millis, RecordKey, new_id

log = structlog.get_logger(__name__)

MARKS_A_ROUND = 100
PAUSE_S = 0.5
"""How often the marks are looked for: within a second of the commit that left one (DESIGN 3)."""

PAUSE_AFTER_FAILURE_S = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class ResolveMarked:
    """The job: each mark's whole component, however large, in a transaction of its own. `observe` is told what each changed."""

    graph: Graph
    policy: Policy
    clock: Callable[[], Millis]
    new_id: Callable[[], str] = new_id
    survivorship: Survivorship = DEFAULT_SURVIVORSHIP
    observe: Callable[[Resolved], None] = lambda _: None

    async def run(self) -> int:
        """Resolve all that waits now; how many components there were.

        Raises:
            Unavailable: other writers kept reaching into the same people; the mark stays.
        """
        count = 0
        while waiting := await self.graph.read(list_unresolved, row_limit=MARKS_A_ROUND):
            settled = set[RecordKey]()
            for one in waiting:
                if one.record_key not in settled:
                    resolved = await self.graph.write_anew(
                        ComponentGrew, self._in_transaction, one.record_key
                    )
                    self.observe(resolved)
                    settled |= resolved.person_of.keys()
                    count += 1
        return count

    async def run_until(self, stopping: asyncio.Event) -> None:
        """Look for marks time and again, until `stopping` is set; an outage of the database is waited for.

        To cancel it instead could cut a connection short while it is being opened, which leaves its socket open.
        """
        pause = 0.0
        while not await _is_set_within(stopping, pause):
            try:
                await self.run()
                pause = PAUSE_S
            except (Neo4jError, DriverError, Unavailable) as error:
                log.warning("marked_records_wait", error=type(error).__name__)
                pause = PAUSE_AFTER_FAILURE_S

    async def _in_transaction(self, tx: AsyncManagedTransaction, record_key: RecordKey) -> Resolved:
        resolver = Resolver(policy=self.policy, now=self.clock(), new_id=self.new_id, records_max=None)
        seeds = Seeds(record_keys=frozenset((record_key,)))
        return await resolve_whole_components(
            tx, resolver=resolver, seeds=seeds, survivorship=self.survivorship
        )


async def _is_set_within(event: asyncio.Event, seconds: float) -> bool:
    with suppress(TimeoutError):
        await asyncio.wait_for(event.wait(), seconds)
    return event.is_set()


async def resolve_whole_components(
    tx: Tx, *, resolver: Resolver, seeds: Seeds, survivorship: Survivorship = DEFAULT_SURVIVORSHIP
) -> Resolved:
    """Resolve all that hangs together with the seeds, whatever its size, and settle its marks; what that changed."""
    resolved = await resolver.resolve_around(tx, seeds=seeds)
    if resolved.known:
        people = {person_id: Concerned(known=known) for person_id, known in resolved.known.items()}
        await compute_golden_records(tx, people=people, survivorship=survivorship)
    await settle_marks(tx, record_keys=resolved.person_of, now=resolver.now)
    if resolved.change_ids:
        await number_changes(tx, change_ids=resolved.change_ids)
    return resolved
