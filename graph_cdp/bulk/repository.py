"""The statements about all records at once, and the matches between them."""

from collections.abc import Sequence
from typing import Any

from graph_cdp.bulk.matches import FIELD_OF_TRAIT, KINDS_COMPARED, MatchableRecord, Pair, Strength
from graph_cdp.graph.queries import Tx, fetch_one, fetch_rows, load_query, run
from graph_cdp.ids import Millis, RecordKey

COUNT_RECORDS = load_query("bulk/count_records")
LIST_MATCHABLE_RECORDS = load_query("bulk/list_matchable_records")
WRITE_MATCHES = load_query("bulk/write_matches")
DELETE_MATCHES = load_query("bulk/delete_matches")
STORE_MATCH_POLICY = load_query("bulk/store_match_policy")


async def count_records(tx: Tx) -> int:
    """How many records there are."""
    return int((await fetch_one(tx, COUNT_RECORDS))["record_count"])


async def list_matchable_records(tx: Tx, *, after_key: str, row_limit: int) -> list[MatchableRecord]:
    """A page of records by key, as matching sees them."""
    rows = await fetch_rows(
        tx, LIST_MATCHABLE_RECORDS, after_key=after_key, kinds=list(KINDS_COMPARED), row_limit=row_limit
    )
    return [_record(row) for row in rows]


def _record(row: Sequence[Any]) -> MatchableRecord:
    key, source, properties, identifiers, matches = row
    said = {field: properties[trait] for trait, field in FIELD_OF_TRAIT.items() if trait in properties}
    said |= dict(sorted(identifiers))
    return MatchableRecord(
        key=key,
        source=source,
        said=said,
        matches={
            Pair(key, RecordKey(other)): Strength(weight, probability)
            for other, weight, probability in matches
        },
    )


async def write_matches(tx: Tx, *, matches: Sequence[tuple[Pair, Strength]], policy: str) -> None:
    """Write matches, found by this version of the policy; one of a pair."""
    await run(tx, WRITE_MATCHES, matches=[[*pair, *strength] for pair, strength in matches], policy=policy)


async def delete_matches(tx: Tx, *, matches: Sequence[Pair], now: Millis) -> None:
    """Delete matches that no longer hold, and close what asks a human about them."""
    await run(tx, DELETE_MATCHES, matches=[list(pair) for pair in matches], now=now)


async def store_match_policy(tx: Tx, *, version: str, text: str, now: Millis) -> None:
    """Keep what a matching learned."""
    await run(tx, STORE_MATCH_POLICY, version=version, text=text, now=now)
