"""Resolve what ingest left: components beyond the declared size, and records on which a human has spoken.

The marks are in the graph, so a crash loses none; any process of the service may run this, and two at once are safe.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from neo4j import AsyncManagedTransaction
from neo4j.exceptions import ConstraintError

from graph_cdp.flows.repeat import repeat_until
from graph_cdp.golden_record.model import Survivorship
from graph_cdp.golden_record.policy import DEFAULT_SURVIVORSHIP
from graph_cdp.golden_record.repository import Concerned, compute_golden_records
from graph_cdp.graph.queries import Tx
from graph_cdp.graph.transactions import Graph
from graph_cdp.identity.component import Seeds
from graph_cdp.identity.marks import list_unresolved, settle_marks
from graph_cdp.identity.policy import Policy
from graph_cdp.identity.repository import number_changes
from graph_cdp.identity.resolved import Resolved
from graph_cdp.identity.service import ComponentGrew, Resolver
from graph_cdp.ids import Millis, RecordKey, new_id

MARKS_A_ROUND = 100

MEANWHILE = (ComponentGrew, ConstraintError)
"""Another transaction reached into a component, or asked the same question first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ResolveMarked:
    """The job: the whole components of some marks at once, however large; one by one where other writers reach into them.
    `observe` is told what each transaction changed.
    """

    graph: Graph
    policy: Policy
    clock: Callable[[], Millis]
    new_id: Callable[[], str] = new_id
    survivorship: Survivorship = DEFAULT_SURVIVORSHIP
    observe: Callable[[Resolved], None] = lambda _: None

    async def run(self) -> int:
        """Resolve all that waits now; how many records waited.

        Raises:
            Unavailable: other writers kept reaching into the same people; the mark stays.
        """
        count = 0
        while waiting := await self.graph.read(list_unresolved, row_limit=MARKS_A_ROUND):
            record_keys = [one.record_key for one in waiting]
            try:
                self.observe(await self.graph.write(self._in_transaction, record_keys))
            except MEANWHILE:
                await self._one_by_one(record_keys)
            count += len(waiting)
        return count

    async def _one_by_one(self, record_keys: Sequence[RecordKey]) -> None:
        settled = set[RecordKey]()
        for key in record_keys:
            if key not in settled:
                resolved = await self.graph.write_anew(MEANWHILE, self._in_transaction, [key])
                self.observe(resolved)
                settled |= resolved.person_of.keys()

    async def run_until(self, stopping: asyncio.Event) -> None:
        """Look for marks time and again, until `stopping` is set; an outage of the database is waited for."""
        await repeat_until(stopping, self.run, waiting="marked_records_wait")

    async def _in_transaction(
        self, tx: AsyncManagedTransaction, record_keys: Sequence[RecordKey]
    ) -> Resolved:
        resolver = Resolver(policy=self.policy, now=self.clock(), new_id=self.new_id, records_max=None)
        seeds = Seeds(record_keys=frozenset(record_keys))
        return await resolve_whole_components(
            tx, resolver=resolver, seeds=seeds, survivorship=self.survivorship
        )


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
