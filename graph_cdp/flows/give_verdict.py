"""A human's word on records: stored, and the people resolved anew, in one transaction."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from neo4j import AsyncManagedTransaction
from neo4j.exceptions import ConstraintError

from graph_cdp.errors import Conflict, Invalid, NotFound
from graph_cdp.flows.once import store_once
from graph_cdp.flows.outcome import ACCEPTED, Outcome
from graph_cdp.flows.resolve_marked import resolve_whole_components
from graph_cdp.golden_record.model import Survivorship
from graph_cdp.golden_record.policy import DEFAULT_SURVIVORSHIP
from graph_cdp.graph.queries import Tx, fetch_all, load_query, run
from graph_cdp.graph.transactions import Graph
from graph_cdp.identity.component import Seeds, read_component
from graph_cdp.identity.policy import Policy
from graph_cdp.identity.resolved import Resolved
from graph_cdp.identity.service import ComponentGrew, Resolver
from graph_cdp.identity.verdicts import contradicts
from graph_cdp.ids import Millis, RecordId, RecordKey, new_id
from graph_cdp.source.model import Message

GIVE_VERDICT = load_query("procedures/give_verdict")
LOCK_RECORDS_BY_ID = load_query("identity/lock_records_by_id")

SIDE_RECORDS_MAX = 100
"""Records on one side of a verdict: more than a human has looked at."""


class ConflictingVerdicts(Conflict):
    """The verdict closes a contradiction with earlier ones."""

    code = "CONFLICTING_VERDICTS"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewVerdict:
    """*same* or *not same*: every record on the left with every record on the right, by opaque ids; who says so, why."""

    kind: Literal["same", "not_same"]
    left: frozenset[RecordId]
    right: frozenset[RecordId]
    by: str
    reason: str
    id: str = field(default_factory=new_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class GiveVerdict:
    """The flow: what it needs beside the verdict, and who is told what it changed."""

    graph: Graph
    policy: Policy
    clock: Callable[[], Millis]
    new_id: Callable[[], str] = new_id
    survivorship: Survivorship = DEFAULT_SURVIVORSHIP
    observe: Callable[[Resolved], None] = lambda _: None

    async def __call__(self, verdict: NewVerdict) -> str:
        """Store a verdict and apply it; its id.

        Raises:
            Invalid: a side is empty or too long, or a record is on both.
            NotFound: there is no record of one of the ids.
            ConflictingVerdicts: earlier verdicts say otherwise by a chain; take one of them back first, by a newer
                verdict on the same pair.
            Unavailable: other writers kept reaching into the same people; try again.
        """
        await self.once(verdict, message=None)
        return verdict.id

    async def once(self, verdict: NewVerdict, *, message: Message | None) -> Outcome:
        """As a call does, unless this message, which asks for the verdict, is stored already; what became of it.

        Raises what a call does.
        """
        longest = max(len(verdict.left), len(verdict.right))
        if not verdict.left or not verdict.right or longest > SIDE_RECORDS_MAX:
            raise Invalid(f"Each side of a verdict names 1 to {SIDE_RECORDS_MAX} records.")
        if verdict.left & verdict.right:
            raise Invalid("A record is on both sides of the verdict; name it on one.")
        outcome, resolved = await self.graph.write_anew(
            (ComponentGrew, ConstraintError), self._in_transaction, verdict, message
        )
        self.observe(resolved)
        return outcome

    async def _in_transaction(
        self, tx: AsyncManagedTransaction, verdict: NewVerdict, message: Message | None
    ) -> tuple[Outcome, Resolved]:
        now = self.clock()
        if message and (outcome := await store_once(tx, message=message, new_id=self.new_id)) is not ACCEPTED:
            return outcome, Resolved()
        key_of = await lock_records_by_id(tx, record_ids=verdict.left | verdict.right)
        if len(key_of) < len(verdict.left | verdict.right):
            raise NotFound("There is no record of one of these ids.")
        await give_verdict(tx, verdict=verdict, now=now)
        seeds = Seeds(record_keys=frozenset(key_of.values()))
        component = await read_component(tx, seeds=seeds, policy=self.policy, records_max=None)
        if contradicts(component.verdicts.values()):
            raise ConflictingVerdicts(
                "Earlier verdicts say otherwise by a chain of records. Give a newer verdict on one of their pairs first."
            )
        resolver = Resolver(policy=self.policy, now=now, new_id=self.new_id, records_max=None)
        return ACCEPTED, await resolve_whole_components(
            tx, resolver=resolver, seeds=seeds, survivorship=self.survivorship
        )


async def lock_records_by_id(tx: Tx, *, record_ids: frozenset[RecordId]) -> Mapping[RecordId, RecordKey]:
    """Lock records; the key of each that there is."""
    rows = await fetch_all(tx, LOCK_RECORDS_BY_ID, record_ids=sorted(record_ids))
    return {row["record_id"]: row["record_key"] for row in rows}


async def give_verdict(tx: Tx, *, verdict: NewVerdict, now: Millis) -> None:
    """Store a verdict; the statement that stewards may call."""
    row = {
        "id": verdict.id,
        "kind": verdict.kind,
        "left": sorted(verdict.left),
        "right": sorted(verdict.right),
        "at": now,
        "by": verdict.by,
        "reason": verdict.reason,
    }
    await run(tx, GIVE_VERDICT, verdicts=[row])
