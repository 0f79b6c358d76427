"""The statements about sources, their records, messages and transactions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from graph_cdp.graph.queries import Tx, fetch_one, fetch_rows, load_query, run
from graph_cdp.ids import Millis, PersonId, RecordId, RecordKey
from graph_cdp.source.business_rules.model import DeclaredSource, OrgUnit
from graph_cdp.source.model import TRAITS, IdentifierKey, Message
from graph_cdp.source.rules import Held, RecordState, TraitValue

LOCK_RECORDS = load_query("source/lock_records")
FIND_MESSAGES = load_query("source/find_messages")
WRITE_RECORDS = load_query("source/write_records")
CREATE_EVENTS = load_query("source/create_events")
DECLARE_ORG_UNITS = load_query("source/declare_org_units")
DECLARE_SOURCES = load_query("source/declare_sources")
WRITE_TRANSACTIONS = load_query("source/write_transactions")


@dataclass(frozen=True, slots=True, kw_only=True)
class NewRecord:
    """A record that may have to be made: `id` is the one that it gets if it is new."""

    key: RecordKey
    id: RecordId
    source: str
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LockedRecord:
    """A record as it is in the graph, locked until the commit, with the ids of the verdicts about it."""

    key: RecordKey
    id: RecordId
    state: RecordState
    person_id: PersonId | None
    verdict_ids: tuple[str, ...] = ()


async def lock_records(tx: Tx, *, records: Sequence[NewRecord], now: Millis) -> dict[RecordKey, LockedRecord]:
    """Lock these records in the order of their keys, make those that are new, and read the state of each."""
    rows = [
        {"key": record.key, "id": record.id, "source": record.source, "kind": record.kind}
        for record in sorted(records, key=lambda record: record.key)
    ]
    return {row[0]: _locked(row) for row in await fetch_rows(tx, LOCK_RECORDS, records=rows, now=now)}


def _locked(row: Sequence[Any]) -> LockedRecord:
    key, id_, properties, person_id, holdings, verdict_ids = row
    held: dict[IdentifierKey, Held] = {}
    for kind, value, first, last, valid_to in holdings:
        identifier = IdentifierKey(kind=kind, value=value)
        if identifier not in held or held[identifier].valid_to is not None:
            held[identifier] = Held(first_seen_at=first, last_seen_at=last, valid_to=valid_to)
    version = (properties["version_at"], properties["version_hash"]) if "version_at" in properties else None
    state = RecordState(traits=read_traits(properties), held=held, version=version)
    return LockedRecord(key=key, id=id_, state=state, person_id=person_id, verdict_ids=tuple(verdict_ids))


def read_traits(properties: Mapping[str, Any]) -> dict[str, TraitValue]:
    """What a record states, from its properties."""
    verified = properties.get("verified", ())
    return {
        name: TraitValue(value=properties[name], at=properties[f"{name}_at"], verified=name in verified)
        for name in TRAITS
        if name in properties
    }


async def find_messages(tx: Tx, *, messages: Sequence[Message]) -> dict[tuple[str, str], str]:
    """The messages among these that are stored already: the hash of the body by (source, message id)."""
    pairs = [{"source": message.source, "message_id": message.message_id} for message in messages]
    rows = await fetch_rows(tx, FIND_MESSAGES, messages=pairs)
    return {(source, message_id): body_hash for source, message_id, body_hash in rows}


async def write_records(
    tx: Tx, *, states: Mapping[RecordKey, tuple[RecordState, RecordState]], now: Millis
) -> None:
    """Write what differs between the state before and after of each record."""
    rows = [
        {"key": key, "properties": _difference(before, after, now)}
        for key, (before, after) in sorted(states.items())
    ]
    await run(tx, WRITE_RECORDS, records=rows)


def _difference(
    before: RecordState, after: RecordState, now: Millis
) -> dict[str, str | int | list[str] | None]:
    properties: dict[str, str | int | list[str] | None] = {"updated_at": now}
    for name in before.traits.keys() | after.traits.keys():
        if before.traits.get(name) != after.traits.get(name):
            said = after.traits.get(name)
            properties[name] = said.value if said else None
            properties[f"{name}_at"] = said.at if said else None
    if _verified(before) != _verified(after):
        properties["verified"] = _verified(after) or None
    if after.version is not None and after.version != before.version:
        properties["version_at"], properties["version_hash"] = after.version
    return properties


def _verified(state: RecordState) -> list[str]:
    return sorted(name for name, said in state.traits.items() if said.verified)


async def create_events(tx: Tx, *, events: Mapping[str, Message]) -> None:
    """Store messages as events, each on its record; `events` is by the opaque id that the event gets."""
    rows = [
        {
            "record_key": message.record_key,
            "properties": {
                "id": id_,
                "source": message.source,
                "message_id": message.message_id,
                "type": message.type,
                "name": message.name,
                "occurred_at": message.occurred_at,
                "received_at": message.received_at,
                "record_key": message.record_key,
                "payload": message.payload,
                "body_hash": message.body_hash,
                "flags": list(message.flags) or None,
            },
        }
        for id_, message in events.items()
    ]
    await run(tx, CREATE_EVENTS, events=rows)


async def write_transactions(tx: Tx, *, transactions: Mapping[str, Message]) -> None:
    """Write the transactions of messages that have one; by the opaque id that it gets if it is new."""
    rows = [
        {
            "key": message.transaction.key,
            "id": id_,
            "record_key": message.record_key,
            "occurred_at": message.occurred_at,
            "body_hash": message.body_hash,
            "properties": {
                "kind": message.transaction.kind,
                "amount": message.transaction.amount,
                "currency": message.transaction.currency,
                "quantity": message.transaction.quantity,
            },
        }
        for id_, message in transactions.items()
        if message.transaction is not None
    ]
    await run(tx, WRITE_TRANSACTIONS, transactions=sorted(rows, key=lambda row: str(row["key"])))


async def declare_org_units(tx: Tx, *, org_units: Sequence[OrgUnit]) -> None:
    """Write these units, each below the one above it; others stay as they are."""
    rows = [{"id": unit.id, "name": unit.name, "part_of": unit.part_of} for unit in org_units]
    await run(tx, DECLARE_ORG_UNITS, org_units=sorted(rows, key=lambda row: str(row["id"])))


async def declare_sources(tx: Tx, *, sources: Sequence[DeclaredSource], now: Millis) -> list[str]:
    """Write what is declared of these sources; the names of those whose trust is another than before, and of whom
    there are records.
    """
    rows = [
        {
            "name": source.name,
            "kind": source.kind,
            "party": source.party,
            "trust": source.trust,
            "belongs_to": source.belongs_to,
        }
        for source in sorted(sources, key=lambda source: source.name)
    ]
    row = await fetch_one(tx, DECLARE_SOURCES, sources=rows, now=now)
    return sorted(row["changed"])
