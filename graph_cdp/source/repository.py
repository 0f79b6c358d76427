"""The statements about sources, their records, messages and transactions."""

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from graph_cdp.graph.queries import Tx, fetch_all, fetch_one, fetch_rows, load_query, run
from graph_cdp.ids import Millis, PersonId, RecordId, RecordKey
from graph_cdp.source.business_rules.model import DeclaredSource, OrgUnit
from graph_cdp.source.difference import changed_holdings, changed_properties, opened_holdings
from graph_cdp.source.model import TRAITS, IdentifierKey, Message
from graph_cdp.source.rules import Held, RecordState, TraitValue

LOCK_RECORDS = load_query("source/lock_records")
FIND_MESSAGES = load_query("source/find_messages")
STORE_MESSAGES = load_query("source/store_messages")
CREATE_EVENTS_ABOUT_NOBODY = load_query("source/create_events_about_nobody")
FIND_STORED = load_query("source/find_stored")
LOCK_ORG_UNITS = load_query("source/lock_org_units")
PLACE_RECORDS = load_query("source/place_records")
DECLARE_ORG_UNITS = load_query("source/declare_org_units")
DECLARE_SOURCES = load_query("source/declare_sources")


Stored: TypeAlias = dict[tuple[str, str], str]
"""The hash of the body by (source, message id) of messages that the graph holds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewRecord:
    """A record that may have to be made: `id` is the one that it gets if it is new. `places`: which messages are about it."""

    key: RecordKey
    id: RecordId
    source: str
    kind: str
    places: Sequence[int]


@dataclass(frozen=True, slots=True, kw_only=True)
class LockedRecord:
    """A record as it is in the graph, locked until the commit, with the ids of the verdicts about it and its `matches`:
    (key of the other record, weight, probability).
    """

    key: RecordKey
    id: RecordId
    state: RecordState
    person_id: PersonId | None
    verdict_ids: tuple[str, ...] = ()
    matches: tuple[tuple[RecordKey, float, float], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LockedBatch:
    """Which messages of a batch are `stored`, and the records that the others are about."""

    stored: Stored
    records: dict[RecordKey, LockedRecord]


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredMessage:
    """Where a stored message hangs: its record and the person that it resolves to now; None for what is about nobody."""

    message_id: str
    record_id: RecordId | None
    person_id: PersonId | None


async def lock_records(
    tx: Tx, *, messages: Sequence[Message], records: Sequence[NewRecord], now: Millis
) -> LockedBatch:
    """Which of these messages are stored; the records that the others are about: locked in the order of their keys, made where
    they are new, and the state of each.
    """
    rows = [
        [record.key, record.id, record.source, record.kind, record.places]
        for record in sorted(records, key=lambda record: record.key)
    ]
    found = await fetch_one(tx, LOCK_RECORDS, messages=_ids(messages), records=rows, now=now)
    stored: list[tuple[int, str]] = found["stored"]
    locked: list[list[Any]] = found["rows"]
    return LockedBatch(
        stored={_id(messages[place]): body_hash for place, body_hash in stored},
        records={row[0]: _locked(row) for row in locked},
    )


def _locked(row: Sequence[Any]) -> LockedRecord:
    key, id_, properties, links = row
    held: dict[IdentifierKey, Held] = {}
    person_id: PersonId | None = None
    verdict_ids: list[str] = []
    matches: list[tuple[RecordKey, float, float]] = []
    for link in links:
        match link:
            case [kind, value, first, last, valid_to]:
                identifier = IdentifierKey(kind, value)
                if identifier not in held or held[identifier].valid_to is not None:
                    held[identifier] = Held(first, last, valid_to)
            case ["RESOLVES_TO", id_of_person]:
                person_id = id_of_person
            case [other_key, weight, probability]:
                matches.append((other_key, weight, probability))
            case _:
                verdict_ids.append(link[1])
    return LockedRecord(
        key=key,
        id=id_,
        state=_state(properties, held),
        person_id=person_id,
        verdict_ids=tuple(verdict_ids),
        matches=tuple(matches),
    )


def _state(properties: Mapping[str, Any] | None, held: Mapping[IdentifierKey, Held]) -> RecordState:
    if properties is None:
        return RecordState(held=held)
    version = (properties["version_at"], properties["version_hash"]) if "version_at" in properties else None
    return RecordState(traits=read_traits(properties), held=held, version=version)


def read_traits(properties: Mapping[str, Any]) -> dict[str, TraitValue]:
    """What a record states, from its properties."""
    verified = properties.get("verified", ())
    return {
        name: TraitValue(value=properties[name], at=properties[f"{name}_at"], verified=name in verified)
        for name in TRAITS
        if name in properties
    }


async def find_messages(tx: Tx, *, messages: Sequence[Message]) -> Stored:
    """Which of these messages are stored already."""
    rows = await fetch_rows(tx, FIND_MESSAGES, messages=_ids(messages))
    return {(source, message_id): body_hash for source, message_id, body_hash in rows}


def _ids(messages: Iterable[Message]) -> list[tuple[str, str]]:
    return [_id(message) for message in messages]


def _id(message: Message) -> tuple[str, str]:
    return message.source, message.message_id


async def store_messages(
    tx: Tx,
    *,
    events: Mapping[str, Message],
    states: Mapping[RecordKey, tuple[RecordState, RecordState]],
    unmatched: Container[RecordKey] = (),
    now: Millis,
) -> None:
    """Store messages as events, each on its record, and what differs between the state before and after of each record; those
    that are `unmatched` wait to be compared.

    `events` is by the opaque id that the event gets. The identifiers of intervals that begin are in the graph, locked.
    """
    by_record: dict[RecordKey, list[list[object]]] = {key: [] for key in states}
    newest: dict[RecordKey, Millis] = {}
    for id_, message in events.items():
        if (key := message.record_key) is not None:
            by_record[key].append(_event(id_, message))
            newest[key] = max(newest.get(key, message.occurred_at), message.occurred_at)
    rows = [
        [
            key,
            changed_properties(*state, now=now),
            changed_holdings(*state),
            by_record[key],
            opened_holdings(*state),
            key in unmatched,
            newest.get(key),
        ]
        for key, state in sorted(states.items())
    ]
    await run(tx, STORE_MESSAGES, records=rows, now=now)


def _event(id_: str, message: Message) -> list[object]:
    return [
        id_,
        message.source,
        message.message_id,
        message.type,
        message.name,
        message.occurred_at,
        message.received_at,
        message.payload,
        message.body_hash,
        list(message.flags) or None,
    ]


async def create_events_about_nobody(tx: Tx, *, events: Mapping[str, Message]) -> None:
    """Store messages that are about nobody; `events` is by the opaque id that the event gets."""
    await run(
        tx, CREATE_EVENTS_ABOUT_NOBODY, events=[_event(id_, message) for id_, message in events.items()]
    )


async def find_stored(tx: Tx, *, messages: Iterable[tuple[str, str]]) -> list[StoredMessage]:
    """Where the messages of these (source, message id) hang now; none for what is not stored."""
    pairs = [{"source": source, "message_id": message_id} for source, message_id in messages]
    return [StoredMessage(**row.data()) for row in await fetch_all(tx, FIND_STORED, messages=pairs)]


async def lock_org_units(tx: Tx) -> list[OrgUnit]:
    """All units, locked until the commit."""
    return [OrgUnit(**row.data()) for row in await fetch_all(tx, LOCK_ORG_UNITS)]


async def place_records(tx: Tx, *, messages: Sequence[Message]) -> None:
    """Let the records of these messages belong to the units that the messages name; of a record the newest message wins.

    The records are locked by then.
    """
    newest: dict[RecordKey, Message] = {}
    for message in messages:
        if message.record_key is None or message.org_unit is None:
            continue
        other = newest.get(message.record_key)
        if other is None or _order(other) < _order(message):
            newest[message.record_key] = message
    places = [
        {
            "record_key": key,
            "org_unit": said.org_unit,
            "stated_at": said.occurred_at,
            "stated_hash": said.body_hash,
        }
        for key, said in newest.items()
    ]
    if places:
        await run(
            tx,
            PLACE_RECORDS,
            places=sorted(places, key=lambda place: (place["org_unit"], place["record_key"])),
        )


def _order(message: Message) -> tuple[Millis, str]:
    return message.occurred_at, message.body_hash


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
