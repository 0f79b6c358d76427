"""What the demo asks the graph: how much it holds, what is loaded, who is who."""

from collections.abc import Sequence
from dataclasses import dataclass

from graph_cdp.graph.queries import Tx, fetch_all, fetch_one, load_query
from graph_cdp.ids import PersonId, RecordKey

COUNT_CONTESTED = load_query("demo/count_contested")
COUNT_GRAPH = load_query("demo/count_graph")
COUNT_MESSAGES = load_query("demo/count_messages")
RESOLVE_RECORDS = load_query("demo/resolve_records")


@dataclass(frozen=True, slots=True, kw_only=True)
class GraphCounts:
    """How much the graph holds. `merges` counts the people absorbed by another, `known` those who are not anonymous."""

    records: int
    people: int
    known: int
    events: int
    transactions: int
    merges: int
    contested: int
    reviews: int
    dead_letters: int


async def count_graph(tx: Tx) -> GraphCounts:
    """How much the graph holds now."""
    row = await fetch_one(tx, COUNT_GRAPH)
    return GraphCounts(
        records=row["record_count"],
        people=row["person_count"],
        known=row["known_count"],
        events=row["event_count"],
        transactions=row["transaction_count"],
        merges=row["merge_count"],
        contested=row["contested_count"],
        reviews=row["review_count"],
        dead_letters=row["dead_letter_count"],
    )


async def count_contested(tx: Tx, *, kind: str, values: Sequence[str]) -> int:
    """How many of these identifiers of a kind are contested."""
    row = await fetch_one(tx, COUNT_CONTESTED, kind=kind, values=list(values))
    return int(row["contested_count"])


async def count_messages(tx: Tx, *, source: str, prefix: str = "") -> int:
    """How many messages of `source` are stored whose id begins with `prefix`."""
    row = await fetch_one(tx, COUNT_MESSAGES, source=source, prefix=prefix)
    return int(row["message_count"])


async def resolve_records(tx: Tx, *, record_keys: Sequence[RecordKey]) -> dict[RecordKey, PersonId]:
    """The person of each record that is there."""
    rows = await fetch_all(tx, RESOLVE_RECORDS, record_keys=list(record_keys))
    return {row["record_key"]: row["person_id"] for row in rows}
