"""Reading people beside the queries of callers: one function a file of `cypher/person/`."""

from collections.abc import Sequence
from dataclasses import dataclass

from graph_cdp.graph.queries import Tx, fetch_all, fetch_optional, load_query
from graph_cdp.ids import PersonId

FIND_RECORDS = load_query("person/find_records")
RECOGNISE_DEVICE = load_query("person/recognise_device")
SAMPLE_PEOPLE = load_query("person/sample_people")


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundRecord:
    """A source record, and the person it resolves to."""

    id: str
    person_id: str | None


async def find_records(tx: Tx, *, record_ids: Sequence[str]) -> list[FoundRecord]:
    """Source records by their opaque ids, in any order."""
    return [FoundRecord(**row.data()) for row in await fetch_all(tx, FIND_RECORDS, record_ids=record_ids)]


async def sample_people(tx: Tx, *, row_limit: int) -> list[PersonId]:
    """The ids of some people, whoever they are."""
    return [PersonId(row["person_id"]) for row in await fetch_all(tx, SAMPLE_PEOPLE, row_limit=row_limit)]


async def recognise_device(tx: Tx, *, anonymous_id: str) -> bool:
    """Whether a device belongs to one known person."""
    row = await fetch_optional(tx, RECOGNISE_DEVICE, anonymous_id=anonymous_id)
    return bool(row and row["is_known"])
