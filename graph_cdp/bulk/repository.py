"""The statements about all records at once."""

from graph_cdp.candidates.model import KINDS_COMPARED, MatchableRecord
from graph_cdp.candidates.repository import matchable
from graph_cdp.graph.queries import Tx, fetch_one, fetch_rows, load_query
from graph_cdp.identity.model import Verdict
from graph_cdp.identity.repository import verdict_of

COUNT_RECORDS = load_query("bulk/count_records")
LIST_VERDICTS = load_query("bulk/list_verdicts")
LIST_MATCHABLE_RECORDS = load_query("bulk/list_matchable_records")


async def count_records(tx: Tx) -> int:
    """How many records there are."""
    return int((await fetch_one(tx, COUNT_RECORDS))["record_count"])


async def list_matchable_records(tx: Tx, *, after_key: str, row_limit: int) -> list[MatchableRecord]:
    """A page of records by key, as matching sees them; each match stands at the lower of its two keys."""
    rows = await fetch_rows(
        tx, LIST_MATCHABLE_RECORDS, after_key=after_key, kinds=list(KINDS_COMPARED), row_limit=row_limit
    )
    return [matchable(row) for row in rows]


async def list_verdicts(tx: Tx, *, after_id: str, row_limit: int) -> list[Verdict]:
    """A page of verdicts by id, with the records on each side."""
    rows = await fetch_rows(tx, LIST_VERDICTS, after_id=after_id, row_limit=row_limit)
    return [verdict_of(row) for row in rows]
