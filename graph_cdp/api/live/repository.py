"""Reading what is new: one function a file of `cypher/live/`."""

from collections.abc import Sequence
from dataclasses import dataclass

from graph_cdp.api.live.position import Place
from graph_cdp.graph.queries import Tx, fetch_all, fetch_optional, fetch_rows, load_query
from graph_cdp.ids import Millis, PersonId

FIND_PEOPLE = load_query("live/find_people")
READ_SEQUENCE = load_query("live/read_sequence")
LIST_CHANGES = load_query("live/list_changes")
COUNT_CHANGES = load_query("live/count_changes")
LIST_FACTS = load_query("live/list_facts")
COUNT_FACTS = load_query("live/count_facts")


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """What is watched: after which position of a person to look, and the number by which the answer is told apart."""

    number: int
    person_id: PersonId
    after: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """How many rows there are after a position, and the sum of their positions: both change with each new row."""

    found: int
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NewChange:
    """An entry of the journal: `at` is its number."""

    at: int
    id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NewFact:
    """An event or a transaction: `at` is when it was written."""

    kind: str
    id: str
    occurred_at: Millis
    at: Millis


async def find_people(
    tx: Tx, *, person_id: str | None, kind: str | None, value: str | None
) -> list[PersonId]:
    """The person that an id answers with, or who holds an identifier; two where it points at several."""
    rows = await fetch_all(tx, FIND_PEOPLE, person_id=person_id, kind=kind, value=value)
    return [PersonId(row["person_id"]) for row in rows]


async def read_sequence(tx: Tx) -> int:
    """The number of the last change of identity; 0 before the first."""
    row = await fetch_optional(tx, READ_SEQUENCE)
    return int(row["sequence"]) if row else 0


async def list_changes(tx: Tx, *, person_id: PersonId, after: Place, row_limit: int) -> list[NewChange]:
    """The changes that concern a person, after a place in the journal."""
    rows = await fetch_all(
        tx,
        LIST_CHANGES,
        person_id=person_id,
        after_at=after.at,
        after_id=after.id,
        row_limit=row_limit,
    )
    return [NewChange(**row.data()) for row in rows]


async def list_facts(tx: Tx, *, person_id: PersonId, after: Place, row_limit: int) -> list[NewFact]:
    """The facts of a person, after a place in the order in which they were written."""
    rows = await fetch_all(
        tx,
        LIST_FACTS,
        person_id=person_id,
        after_at=after.at,
        after_id=after.id,
        row_limit=row_limit,
    )
    return [NewFact(**row.data()) for row in rows]


async def count_changes(tx: Tx, *, watches: Sequence[Watched]) -> dict[int, Tally]:
    """How many changes there are for each watch, by its number; none for a person that is not there."""
    return _tallies(await fetch_rows(tx, COUNT_CHANGES, watches=_rows(watches)))


async def count_facts(tx: Tx, *, watches: Sequence[Watched]) -> dict[int, Tally]:
    """How many facts there are for each watch, by its number."""
    return _tallies(await fetch_rows(tx, COUNT_FACTS, watches=_rows(watches)))


def _rows(watches: Sequence[Watched]) -> list[list[object]]:
    return [[one.number, one.person_id, one.after] for one in watches]


def _tallies(rows: Sequence[Sequence[int]]) -> dict[int, Tally]:
    return {number: Tally(found=found, total=total) for number, found, total in rows}
