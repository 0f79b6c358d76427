"""The statements about identifiers, components, people and the changes of identity."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from graph_cdp.graph.queries import Tx, fetch_rows, load_query, run
from graph_cdp.identity.assignment import PresentPerson
from graph_cdp.identity.model import EvidenceRecord, Holding, MatchEdge, Verdict
from graph_cdp.identity.policy import Policy
from graph_cdp.ids import ChangeId, IdentifierId, Millis, PersonId, RecordId, RecordKey
from graph_cdp.matching.full_names import names_of
from graph_cdp.source.model import IdentifierKey

LOCK_IDENTIFIERS = load_query("identity/lock_identifiers")
READ_HOLDERS = load_query("identity/read_holders")
READ_COMPONENT_RECORDS = load_query("identity/read_component_records")
READ_VERDICTS = load_query("identity/read_verdicts")
READ_PEOPLE = load_query("identity/read_people")
LOCK_PEOPLE = load_query("identity/lock_people")
MARK_CONTESTED = load_query("identity/mark_contested")
WRITE_REVIEW_TASKS = load_query("identity/write_review_tasks")
READ_PLACES = load_query("identity/read_places")
WRITE_MATCH_TASKS = load_query("identity/write_match_tasks")
NUMBER_CHANGES = load_query("procedures/number_changes")


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredIdentifier:
    """An identifier as it stands in the graph, with the records that hold it now; by default one nobody holds.

    Of one that is `capped` the holders are not read: it joins nobody. `is_new`: this transaction made it.
    """

    id: IdentifierId | None = None
    is_new: bool = False
    contested: bool = False
    capped: bool = False
    record_keys: tuple[RecordKey, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordRow:
    """A record of a component: its evidence, its opaque id, the person it resolves to now, verdicts about it, its matches."""

    evidence: EvidenceRecord
    id: RecordId
    person_id: PersonId | None
    verdict_ids: tuple[str, ...] = ()
    matches: tuple[MatchEdge, ...] = ()


def match_edges(key: RecordKey, matches: Iterable[Sequence[Any]]) -> tuple[MatchEdge, ...]:
    """The edges of a record, from (key of the other, weight, probability)."""
    return tuple(
        MatchEdge(left=key, right=other, weight=weight, probability=probability)
        for other, weight, probability in matches
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonRow:
    """A person of a component, with all records that resolve to it; once it is locked, with the absorbed people whom
    these records founded.
    """

    person: PresentPerson
    record_keys: tuple[RecordKey, ...]
    absorbed: tuple[PresentPerson, ...] = ()


async def lock_identifiers(
    tx: Tx,
    *,
    identifiers: Collection[IdentifierKey],
    policy: Policy,
    now: Millis,
    new_id: Callable[[], str],
) -> dict[IdentifierKey, StoredIdentifier]:
    """Lock identifiers in the order of kind and value, make those that are new, and read who holds each."""
    made = {key: IdentifierId(new_id()) for key in sorted(identifiers)}
    rows = [[*key, id_, policy.rule(key.kind).is_device] for key, id_ in made.items()]
    stored = _stored(await fetch_rows(tx, LOCK_IDENTIFIERS, identifiers=rows, now=now))
    return {key: stored.get(key) or StoredIdentifier(id=id_, is_new=True) for key, id_ in made.items()}


def _stored(rows: Iterable[Sequence[Any]]) -> dict[IdentifierKey, StoredIdentifier]:
    return {
        IdentifierKey(kind=kind, value=value): StoredIdentifier(
            id=id_, contested=contested, capped=capped, record_keys=tuple(record_keys)
        )
        for kind, value, id_, contested, capped, record_keys in rows
    }


async def read_holders(
    tx: Tx, *, identifiers: Iterable[IdentifierKey]
) -> dict[IdentifierKey, StoredIdentifier]:
    """The identifiers among these that the graph holds, each with the records that hold it now."""
    pairs = [[key.kind, key.value] for key in sorted(identifiers)]
    return _stored(await fetch_rows(tx, READ_HOLDERS, identifiers=pairs))


async def read_component_records(tx: Tx, *, record_keys: Iterable[RecordKey]) -> list[RecordRow]:
    """These records as evidence."""
    rows = await fetch_rows(tx, READ_COMPONENT_RECORDS, record_keys=sorted(record_keys))
    return [_record(row) for row in rows]


def _record(row: Sequence[Any]) -> RecordRow:
    key, id_, source, said, birth_date, person_id, holdings, verdict_ids, matches = row
    given_name, surname = names_of(*said)
    evidence = EvidenceRecord(
        key=key,
        holdings=tuple(
            Holding(IdentifierKey(kind, value), first, last) for kind, value, first, last in holdings
        ),
        given_names=(given_name,) if given_name else (),
        surname=surname,
        birth_date=birth_date,
        source=source,
    )
    return RecordRow(
        evidence=evidence,
        id=id_,
        person_id=person_id,
        verdict_ids=tuple(verdict_ids),
        matches=match_edges(key, matches),
    )


async def read_people(tx: Tx, *, person_ids: Iterable[PersonId]) -> list[PersonRow]:
    """People, and all records that resolve to each."""
    return _people(await fetch_rows(tx, READ_PEOPLE, person_ids=sorted(person_ids)))


async def lock_people(tx: Tx, *, person_ids: Iterable[PersonId]) -> list[PersonRow]:
    """Lock people in the order of their ids, until the commit, and read all records that resolve to each, and the absorbed
    people whom these founded: the ids that a split gives back.
    """
    return _people(await fetch_rows(tx, LOCK_PEOPLE, person_ids=sorted(person_ids)))


def _people(rows: Iterable[Sequence[Any]]) -> list[PersonRow]:
    return [
        PersonRow(
            person=PresentPerson(id=id_, created_at=created_at, known=known, founded_by=founded_by),
            record_keys=tuple(record_keys),
            absorbed=tuple(_absorbed(one) for one in absorbed),
        )
        for id_, created_at, known, founded_by, record_keys, absorbed in rows
    ]


def _absorbed(row: Sequence[Any]) -> PresentPerson:
    id_, created_at, founded_by, merged_into = row
    return PresentPerson(
        id=id_, created_at=created_at, known=False, founded_by=founded_by, merged_into=merged_into
    )


async def read_verdicts(tx: Tx, *, verdict_ids: Iterable[str]) -> list[Verdict]:
    """What humans said, with the records on each side."""
    rows = await fetch_rows(tx, READ_VERDICTS, verdict_ids=sorted(verdict_ids))
    return [verdict_of(row) for row in rows]


def verdict_of(row: Sequence[Any]) -> Verdict:
    """A verdict from [id, kind, at, keys of the records on the left, those on the right]."""
    id_, kind, at, left, right = row
    return Verdict(id=id_, kind=kind, at=at, left=frozenset(left), right=frozenset(right))


async def mark_contested(
    tx: Tx, *, contested: Mapping[IdentifierKey, bool], capped: Collection[IdentifierKey] = ()
) -> None:
    """Say of each identifier whether it is contested, and of some that they are capped from now on."""
    rows = [
        {
            "kind": key.kind,
            "value": key.value,
            "contested": is_contested or None,
            "capped": True if key in capped else None,
        }
        for key, is_contested in sorted(contested.items())
    ]
    await run(tx, MARK_CONTESTED, identifiers=rows)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewTask:
    """What a human is asked about an identifier: why it joins nobody, and whom it touches. No reason: it settled."""

    identifier_id: IdentifierId
    reason: str | None
    person_ids: tuple[PersonId, ...] = ()


async def write_review_tasks(
    tx: Tx, *, tasks: Iterable[ReviewTask], now: Millis, new_id: Callable[[], str]
) -> None:
    """Open, change or close the task of each identifier."""
    rows = [
        {
            "identifier_id": task.identifier_id,
            "id": new_id(),
            "reason": task.reason,
            "person_ids": list(task.person_ids),
        }
        for task in tasks
    ]
    await run(tx, WRITE_REVIEW_TASKS, tasks=rows, now=now)


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchTask:
    """What a human is asked about a match of two records, lower key first, and whom it touches. No reason: it settled."""

    record_ids: tuple[RecordId, RecordId]
    reason: str | None
    person_ids: tuple[PersonId, ...] = ()


class Place(NamedTuple):
    """Where a record stands: its opaque id, and the person that it resolves to."""

    record_id: RecordId
    person_id: PersonId


async def read_places(tx: Tx, *, record_keys: Collection[RecordKey]) -> dict[RecordKey, Place]:
    """Where records of other components stand; they are not locked."""
    rows = await fetch_rows(tx, READ_PLACES, record_keys=sorted(record_keys))
    return {key: Place(record_id, person_id) for key, record_id, person_id in rows}


async def write_match_tasks(
    tx: Tx, *, tasks: Iterable[MatchTask], now: Millis, new_id: Callable[[], str]
) -> None:
    """Open, change or close the task of each match."""
    rows = [
        {
            "record_ids": list(task.record_ids),
            "id": new_id(),
            "reason": task.reason,
            "person_ids": list(task.person_ids),
        }
        for task in tasks
    ]
    await run(tx, WRITE_MATCH_TASKS, tasks=rows, now=now)


async def number_changes(tx: Tx, *, change_ids: Sequence[ChangeId]) -> None:
    """Number the changes of this transaction, as its last statement."""
    await run(tx, NUMBER_CHANGES, change_ids=list(change_ids))
