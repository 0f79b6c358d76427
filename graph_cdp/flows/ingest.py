"""The ingest flow: messages become facts, and people are resolved anew, in one transaction.

    leave out what is stored and lock the records of the rest ─ fold ─ lock identifiers ─ store messages ─ resolve
    ─ attach/merge/split ─ golden records ─ other facts ─ number the changes ─ commit

Everything that can fail comes before the commit, and a message is acknowledged after it. Two transactions that
store one message at the same time: the uniqueness constraint stops the second, which starts again and finds it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from neo4j import AsyncManagedTransaction
from neo4j.exceptions import ConstraintError

from graph_cdp.flows.batch import RecordChange, fold_records, record_row, sort_out
from graph_cdp.flows.outcome import Outcome
from graph_cdp.golden_record.model import Survivorship
from graph_cdp.golden_record.policy import DEFAULT_SURVIVORSHIP
from graph_cdp.golden_record.repository import Concerned, compute_golden_records
from graph_cdp.golden_record.rules import sole_golden_record
from graph_cdp.graph.transactions import Graph
from graph_cdp.identity.component import Seeds, to_lock
from graph_cdp.identity.policy import Policy
from graph_cdp.identity.repository import lock_identifiers, number_changes
from graph_cdp.identity.resolved import Resolved
from graph_cdp.identity.service import ComponentGrew, Resolver
from graph_cdp.ids import Millis, PersonId, RecordId, RecordKey, new_id
from graph_cdp.source.facts.products import Introduced
from graph_cdp.source.facts.write import FactWriter
from graph_cdp.source.model import Message
from graph_cdp.source.repository import (
    LockedRecord,
    NewRecord,
    create_events_about_nobody,
    lock_records,
    place_records,
    store_messages,
)

TRIES_TOGETHER = 3
"""How often a batch starts again because another transaction reached into its component, before its messages go
one by one: a single message's component grows rarely."""

MEANWHILE = (ComponentGrew, ConstraintError)
"""Another transaction reached into a component, or stored the same message first."""


class Written(NamedTuple):
    """What a transaction wrote: the outcome of each message, who was resolved, the rows of products that it introduced."""

    outcomes: list[Outcome]
    resolved: Resolved = Resolved()
    introduced: Sequence[dict[str, Any]] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Ingest:
    """What the flow needs beside its messages: the rules of identity and survivorship, the clock, a source of ids,
    who is told what was resolved, and which products it introduced before.
    """

    graph: Graph
    policy: Policy
    clock: Callable[[], Millis]
    new_id: Callable[[], str] = new_id
    survivorship: Survivorship = DEFAULT_SURVIVORSHIP
    observe: Callable[[Resolved], None] = lambda _: None
    introduced: Introduced = field(default_factory=Introduced)

    async def __call__(self, messages: Sequence[Message]) -> list[Outcome]:
        """Store messages and resolve the people that they are about; the outcome of each, in order.

        All or nothing: an error of the database leaves no trace of the batch.

        Raises:
            Unavailable: other writers kept reaching into the same people; try again.
        """
        for _ in range(TRIES_TOGETHER):
            try:
                return self._told(await self.graph.write(self._in_transaction, messages))
            except MEANWHILE:
                continue
        outcomes: list[Outcome] = []
        for message in messages:
            outcomes += self._told(await self.graph.write_anew(MEANWHILE, self._in_transaction, [message]))
        return outcomes

    def _told(self, committed: Written) -> list[Outcome]:
        """The outcomes; what was resolved is told only once it is committed, for a transaction may run again."""
        self.observe(committed.resolved)
        self.introduced.remember(committed.introduced)
        return committed.outcomes

    async def _in_transaction(self, tx: AsyncManagedTransaction, messages: Sequence[Message]) -> Written:
        now = self.clock()
        _, different = sort_out(messages, {})
        batch = await lock_records(tx, messages=different, records=self._records(different), now=now)
        outcomes, fresh = sort_out(messages, batch.stored)
        if not fresh:
            return Written(outcomes)
        locked = batch.records
        changes = fold_records(locked, fresh)
        seeds = await self._write_state(tx, fresh, changes, locked, now)
        resolved = Resolved()
        if seeds.records:
            resolver = Resolver(
                policy=self.policy,
                now=now,
                new_id=self.new_id,
                records_max=self.policy.component_records_max,
            )
            resolved = await resolver.resolve_around(tx, seeds=seeds)
        await self._compute_golden_records(tx, changes, locked, resolved)
        await place_records(tx, messages=fresh)
        statements = [one for message in fresh for one in message.statements()]
        introduced: Sequence[dict[str, Any]] = ()
        if statements:
            writer = FactWriter(now=now, new_id=self.new_id, introduced=self.introduced)
            introduced = await writer.write(tx, statements=statements)
        if resolved.change_ids:
            await number_changes(tx, change_ids=resolved.change_ids)
        return Written(outcomes, resolved, introduced)

    def _records(self, messages: Sequence[Message]) -> list[NewRecord]:
        places: dict[RecordKey, list[int]] = {}
        for place, message in enumerate(messages):
            if message.record_key is not None:
                places.setdefault(message.record_key, []).append(place)
        return [
            NewRecord(
                key=key,
                id=RecordId(self.new_id()),
                source=messages[some[-1]].source,
                kind=key.split(":", 2)[1],
                places=some,
            )
            for key, some in places.items()
        ]

    async def _write_state(
        self,
        tx: AsyncManagedTransaction,
        messages: Sequence[Message],
        changes: Mapping[RecordKey, RecordChange],
        locked: Mapping[RecordKey, LockedRecord],
        now: Millis,
    ) -> Seeds:
        """Store the messages and what the records say now; the records whose identity it may change, their identifiers."""
        concerned = [change for change in changes.values() if change.changes_identity]
        judged = to_lock(key for change in concerned for key in change.identifiers)
        identifiers = judged | {key for change in changes.values() for key in change.opened}
        stored = (
            await lock_identifiers(
                tx, identifiers=identifiers, policy=self.policy, now=now, new_id=self.new_id
            )
            if identifiers
            else {}
        )
        states = {key: (change.before, change.after) for key, change in changes.items()}
        events = {self.new_id(): message for message in messages}
        about_nobody = {id_: message for id_, message in events.items() if message.record_key is None}
        if states:
            unmatched = {key for key, change in changes.items() if change.changes_matching}
            await store_messages(tx, events=events, states=states, unmatched=unmatched, now=now)
        if about_nobody:
            await create_events_about_nobody(tx, events=about_nobody)
        return Seeds(
            records={change.key: record_row(locked[change.key], change.after) for change in concerned},
            identifiers={key: stored[key] for key in judged},
        )

    async def _compute_golden_records(
        self,
        tx: AsyncManagedTransaction,
        changes: dict[RecordKey, RecordChange],
        locked: dict[RecordKey, LockedRecord],
        resolved: Resolved,
    ) -> None:
        """Again for people whose records changed, and for those that gained or lost some."""
        people = {person_id: Concerned(known=known) for person_id, known in resolved.known.items()}
        unlocked: dict[PersonId, list[RecordId]] = {}
        for key, change in changes.items():
            if change.before.traits != change.after.traits:
                person_id = resolved.person_of.get(key, locked[key].person_id)
                if person_id is not None and key not in resolved.person_of:
                    unlocked.setdefault(person_id, []).append(locked[key].id)
                elif person_id is not None:
                    people.setdefault(person_id, Concerned())
        for person_id, key in resolved.founded.items():
            if key in changes:
                properties = sole_golden_record(locked[key].id, changes[key].after.traits)
                people[person_id] = replace(people[person_id], properties=properties)
        for person_id, record_ids in unlocked.items():
            people[person_id] = replace(people.get(person_id, Concerned()), record_ids=record_ids)
        if people and await compute_golden_records(tx, people=people, survivorship=self.survivorship):
            raise ComponentGrew("A record resolves to somebody else by now; start again.")
