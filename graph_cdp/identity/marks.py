"""Durable marks: records whose resolution is left to a job, because their component is too large or a human spoke."""

from collections.abc import Iterable
from dataclasses import dataclass

from graph_cdp.graph.queries import Tx, fetch_all, fetch_one, load_query, run
from graph_cdp.ids import Millis, RecordKey

MARK_UNRESOLVED = load_query("identity/mark_unresolved")
COUNT_UNRESOLVED = load_query("identity/count_unresolved")
LIST_UNRESOLVED = load_query("identity/list_unresolved")
SETTLE_MARKS = load_query("identity/settle_marks")


@dataclass(frozen=True, slots=True, kw_only=True)
class Unresolved:
    """A record that waits, and since when."""

    record_key: RecordKey
    marked_at: Millis


async def mark_unresolved(tx: Tx, *, record_keys: Iterable[RecordKey], now: Millis) -> None:
    """Leave the resolution of records to the job."""
    await run(tx, MARK_UNRESOLVED, record_keys=sorted(record_keys), now=now)


async def list_unresolved(tx: Tx, *, row_limit: int) -> list[Unresolved]:
    """Records that wait, the longest waiting first."""
    return [Unresolved(**row.data()) for row in await fetch_all(tx, LIST_UNRESOLVED, row_limit=row_limit)]


async def count_unresolved(tx: Tx) -> int:
    """How many records wait."""
    return int((await fetch_one(tx, COUNT_UNRESOLVED))["mark_count"])


async def settle_marks(tx: Tx, *, record_keys: Iterable[RecordKey], now: Millis) -> None:
    """The marks of records that have been resolved are settled."""
    await run(tx, SETTLE_MARKS, record_keys=sorted(record_keys), now=now)
