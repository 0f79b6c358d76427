"""Reading people, their source records and their identifiers: one function a file of `cypher/person/`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from neo4j import Record

from graph_cdp.api.connections import Page
from graph_cdp.api.reads.keyset import ascending
from graph_cdp.graph.queries import Tx, fetch_all, load_query
from graph_cdp.ids import Millis, PersonId
from graph_cdp.source.model import TRAITS, IdentifierKey

FIND_PEOPLE = load_query("person/find_people")
FIND_PEOPLE_BY_IDENTIFIERS = load_query("person/find_people_by_identifiers")
FIND_RECORDS = load_query("person/find_records")
FIND_IDENTIFIERS = load_query("person/find_identifiers")
LIST_RECORDS = load_query("person/list_records")
LIST_IDENTIFIERS = load_query("person/list_identifiers")
SAMPLE_PEOPLE = load_query("person/sample_people")


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where a value of a golden record came from: the record, and when it said so."""

    trait: str
    record_id: str
    at: Millis


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonRow:
    """A person as it is now; `requested_id` is the id that led to it."""

    requested_id: str
    person_id: str
    created_at: Millis
    known: bool
    traits: Mapping[str, str]
    origins: tuple[Origin, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentifierMatch:
    """Whom an identifier points at: one person, or two of several where it is contested."""

    identifier: IdentifierKey
    person_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordRow:
    """A source record, and the person it resolves to."""

    person_id: str | None
    id: str
    key: str
    source: str
    kind: str
    created_at: Millis
    updated_at: Millis
    traits: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentifierRow:
    """An identifier, whoever holds it."""

    id: str
    kind: str
    value: str
    contested: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldingRow:
    """An identifier as the records of one person hold it."""

    person_id: str
    identifier: IdentifierRow
    first_seen_at: Millis
    last_seen_at: Millis


def _traits(properties: Mapping[str, str]) -> dict[str, str]:
    return {trait: properties[trait] for trait in TRAITS if trait in properties}


async def find_people(tx: Tx, *, person_ids: Sequence[str]) -> list[PersonRow]:
    """The people that these ids stand for now; none for an id that nobody has."""
    return [
        PersonRow(
            requested_id=row["requested_id"],
            person_id=row["person_id"],
            created_at=row["created_at"],
            known=row["known"],
            traits=_traits(row["properties"]),
            origins=tuple(
                Origin(
                    trait=trait,
                    record_id=row["properties"][f"{trait}_from"],
                    at=row["properties"][f"{trait}_at"],
                )
                for trait in TRAITS
                if trait in row["properties"]
            ),
        )
        for row in await fetch_all(tx, FIND_PEOPLE, person_ids=person_ids)
    ]


async def find_people_by_identifiers(
    tx: Tx, *, identifiers: Sequence[IdentifierKey]
) -> list[IdentifierMatch]:
    """Whom these identifiers, with normalised values, point at; none for one that nobody holds."""
    wanted = [{"kind": identifier.kind, "value": identifier.value} for identifier in identifiers]
    return [
        IdentifierMatch(
            identifier=IdentifierKey(kind=row["kind"], value=row["value"]),
            person_ids=tuple(row["person_ids"]),
        )
        for row in await fetch_all(tx, FIND_PEOPLE_BY_IDENTIFIERS, identifiers=wanted)
    ]


async def find_records(tx: Tx, *, record_ids: Sequence[str]) -> list[RecordRow]:
    """Source records by their opaque ids."""
    return [_record(row) for row in await fetch_all(tx, FIND_RECORDS, record_ids=record_ids)]


async def list_records(tx: Tx, *, person_ids: Sequence[str], page: Page) -> list[RecordRow]:
    """A page of each person's source records, oldest first, and one row more where more follow."""
    rows = await fetch_all(tx, LIST_RECORDS, person_ids=person_ids, **ascending(page))
    return [_record(row) for row in rows]


def _record(row: Record) -> RecordRow:
    return RecordRow(
        person_id=row["person_id"],
        id=row["id"],
        key=row["key"],
        source=row["source"],
        kind=row["kind"],
        created_at=row["created_at"],
        updated_at=row["updated_at"],
        traits=_traits(row["properties"]),
    )


async def find_identifiers(tx: Tx, *, identifier_ids: Sequence[str]) -> list[IdentifierRow]:
    """Identifiers by their opaque ids."""
    rows = await fetch_all(tx, FIND_IDENTIFIERS, identifier_ids=identifier_ids)
    return [IdentifierRow(**row.data()) for row in rows]


async def list_identifiers(tx: Tx, *, person_ids: Sequence[str], page: Page) -> list[HoldingRow]:
    """A page of the identifiers that each person holds, by when first seen, and one row more where more follow."""
    return [
        HoldingRow(
            person_id=row["person_id"],
            identifier=IdentifierRow(
                id=row["id"], kind=row["kind"], value=row["value"], contested=row["contested"]
            ),
            first_seen_at=row["first_seen_at"],
            last_seen_at=row["last_seen_at"],
        )
        for row in await fetch_all(tx, LIST_IDENTIFIERS, person_ids=person_ids, **ascending(page))
    ]


async def sample_people(tx: Tx, *, row_limit: int) -> list[PersonId]:
    """The ids of some people, whoever they are."""
    return [PersonId(row["person_id"]) for row in await fetch_all(tx, SAMPLE_PEOPLE, row_limit=row_limit)]
