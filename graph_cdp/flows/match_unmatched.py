"""Compare the records that changed with those that have something in common with them: matching as records arrive.

    hold the policy ─ lock the records ─ write their match keys ─ read their candidates ─ compare (pure) ─ write and delete matches,
    with marks ─ settle ─ commit ─ resolve

Ingest labels a record `Unmatched` in the transaction that changes what it says, so a crash loses none. One comparison goes on
at a time, in whatever process, because each holds the policy: of two records that arrive at once, the later one is compared with
the earlier. While all records are matched anew no policy is in force, and the records wait.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field

from neo4j import AsyncManagedTransaction

from graph_cdp.candidates.compare import find_matches, key_changes
from graph_cdp.candidates.model import MatchableRecord, Pair, Strength, difference
from graph_cdp.candidates.repository import (
    cap_match_keys,
    delete_matches,
    find_match_policy,
    hold_match_policy,
    hold_records,
    limit_match_keys,
    list_candidates,
    list_unmatched,
    mark_unmatched,
    settle_unmatched,
    write_match_keys,
    write_matches,
)
from graph_cdp.flows.repeat import repeat_until
from graph_cdp.graph.queries import Tx
from graph_cdp.graph.transactions import Graph
from graph_cdp.identity.marks import mark_unresolved
from graph_cdp.ids import MatchKey, Millis, RecordKey
from graph_cdp.matching.linkage.policy import MatchPolicy, read_learned_policy

RECORDS_A_ROUND = 50

PAUSE_S = 0.2
"""How often records are looked for: the comparison and what follows take the rest of the second."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Learned:
    """The policy by which records are compared, and its version."""

    version: str = ""
    policy: MatchPolicy = field(default_factory=MatchPolicy)


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchUnmatched:
    """The job. `resolve` is what follows a comparison: it resolves the records that are left marked."""

    graph: Graph
    clock: Callable[[], Millis]
    resolve: Callable[[], Awaitable[object]]

    async def run(self) -> int:
        """Compare all that waits now; how many records there were. Where no policy was learned they go on waiting."""
        return (await self._run(Learned()))[0]

    async def run_until(self, stopping: asyncio.Event) -> None:
        """Look for records time and again, until `stopping` is set; an outage of the database is waited for."""
        learned = Learned()

        async def work() -> None:
            nonlocal learned
            _, learned = await self._run(learned)

        await repeat_until(stopping, work, waiting="unmatched_records_wait", pause_s=PAUSE_S)

    async def _run(self, learned: Learned) -> tuple[int, Learned]:
        count = 0
        while waiting := await self.graph.read(list_unmatched, row_limit=RECORDS_A_ROUND):
            stored = await self.graph.read(find_match_policy, known=learned.version)
            if stored is None:
                break
            if stored.text is not None:
                learned = Learned(version=stored.version, policy=read_learned_policy(stored.text))
            count += await self.graph.write(self._in_transaction, waiting, learned)
            await self.resolve()
        return count, learned

    async def _in_transaction(
        self, tx: AsyncManagedTransaction, record_keys: Sequence[RecordKey], learned: Learned
    ) -> int:
        if await hold_match_policy(tx) != learned.version:
            return 0
        held = [one for one in await hold_records(tx, record_keys=record_keys) if one.is_unmatched]
        await _write_keys(tx, held, learned.policy)
        standing = {pair: strength for one in held for pair, strength in one.matches.items()}
        changed = difference(standing, await _found(tx, held, learned.policy))
        if changed.written:
            await write_matches(tx, matches=list(changed.written.items()), policy=learned.version)
        if changed.deleted:
            await delete_matches(tx, matches=changed.deleted, now=self.clock())
        concerned = {key for pair in (*changed.written, *changed.deleted) for key in pair}
        if concerned:
            await mark_unresolved(tx, record_keys=concerned, now=self.clock())
        await settle_unmatched(tx, record_keys=[one.key for one in held])
        return len(held)


async def _write_keys(tx: Tx, held: Sequence[MatchableRecord], policy: MatchPolicy) -> None:
    """Write what these records have in common with others, and let those be compared again who look by other keys since."""
    changes = key_changes(held, policy)
    await write_match_keys(tx, changes=changes)
    given = frozenset[MatchKey]().union(*(new for _, new in changes.values()))
    await cap_match_keys(tx, hashes=given, records_max=policy.block_records_max)
    looking_otherwise = await limit_match_keys(
        tx,
        record_keys=[one.key for one in held],
        hashes=given.union(*(gone for gone, _ in changes.values())),
        candidates_max=policy.candidates_max,
    )
    if looking_otherwise:
        await mark_unmatched(tx, record_keys=looking_otherwise)


async def _found(tx: Tx, held: Sequence[MatchableRecord], policy: MatchPolicy) -> dict[Pair, Strength]:
    """The matches of these records with whom they have something in common."""
    candidates = await list_candidates(tx, record_keys=[one.key for one in held])
    records = {one.key: one for one in (*candidates.records, *held)}
    return find_matches(list(records.values()), sorted(candidates.pairs), policy)
