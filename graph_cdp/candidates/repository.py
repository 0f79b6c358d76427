"""The statements about what records have in common, the matches between them, and the policy by which they were found."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from graph_cdp.candidates.model import (
    KINDS_COMPARED,
    KeyChanges,
    MatchableRecord,
    Pair,
    Strength,
    pair_of,
    said_of,
)
from graph_cdp.graph.queries import Tx, fetch_all, fetch_one, fetch_rows, load_query, run
from graph_cdp.ids import MatchKey, Millis, RecordKey

HOLD_RECORDS = load_query("candidates/hold_records")
LIST_CANDIDATES = load_query("candidates/list_candidates")
WRITE_MATCH_KEYS = load_query("candidates/write_match_keys")
CAP_MATCH_KEYS = load_query("candidates/cap_match_keys")
LIMIT_MATCH_KEYS = load_query("candidates/limit_match_keys")
FILL_MATCH_KEYS = load_query("candidates/fill_match_keys")
FREE_MATCH_KEYS = load_query("candidates/free_match_keys")
LIST_FULL_KEYS = load_query("candidates/list_full_keys")
LIST_LIMITED = load_query("candidates/list_limited")
LIST_UNMATCHED = load_query("candidates/list_unmatched")
COUNT_UNMATCHED = load_query("candidates/count_unmatched")
MARK_UNMATCHED = load_query("candidates/mark_unmatched")
SETTLE_UNMATCHED = load_query("candidates/settle_unmatched")
WRITE_MATCHES = load_query("candidates/write_matches")
DELETE_MATCHES = load_query("candidates/delete_matches")
FIND_MATCH_POLICY = load_query("candidates/find_match_policy")
HOLD_MATCH_POLICY = load_query("candidates/hold_match_policy")
PAUSE_MATCHING = load_query("candidates/pause_matching")
STORE_MATCH_POLICY = load_query("candidates/store_match_policy")


class Candidates(NamedTuple):
    """Records that have a match key in common with others, and the pairs of which they are one."""

    records: Sequence[MatchableRecord]
    pairs: frozenset[Pair]


class StoredPolicy(NamedTuple):
    """A policy in the graph; `text` is None where it is at hand already."""

    version: str
    text: str | None


async def hold_records(tx: Tx, *, record_keys: Iterable[RecordKey]) -> list[MatchableRecord]:
    """Records as matching sees them, locked until the commit in the order of their keys, with all that stands at them."""
    rows = await fetch_rows(tx, HOLD_RECORDS, record_keys=sorted(record_keys), kinds=list(KINDS_COMPARED))
    return [replace(matchable(row[:5]), match_keys=frozenset(row[5]), is_unmatched=row[6]) for row in rows]


def matchable(row: Sequence[Any]) -> MatchableRecord:
    """A record from [key, source, {property: value}, [[kind, value], …], [[key of one that it matches, weight, probability], …]]."""
    key, source, properties, identifiers, matches = row
    return MatchableRecord(
        key=key,
        source=source,
        said=said_of(properties, map(tuple, identifiers)),
        matches={
            pair_of(key, RecordKey(other)): Strength(weight, probability)
            for other, weight, probability in matches
        },
    )


async def list_candidates(tx: Tx, *, record_keys: Collection[RecordKey]) -> Candidates:
    """Whom these records have a match key in common with, by which both look for others."""
    rows = await fetch_rows(tx, LIST_CANDIDATES, record_keys=list(record_keys), kinds=list(KINDS_COMPARED))
    return Candidates(
        records=[matchable([*row[:4], ()]) for row in rows],
        pairs=frozenset(pair_of(row[0], RecordKey(one)) for row in rows for one in row[4]),
    )


async def write_match_keys(tx: Tx, *, changes: KeyChanges) -> None:
    """Take from each record the first keys, and give it the second."""
    rows = [[key, sorted(gone), sorted(new)] for key, (gone, new) in sorted(changes.items())]
    await run(tx, WRITE_MATCH_KEYS, records=rows)


async def cap_match_keys(tx: Tx, *, hashes: Collection[MatchKey], records_max: int) -> None:
    """Let keys be full that more records have than that; who had them waits to be compared again."""
    await run(tx, CAP_MATCH_KEYS, hashes=sorted(hashes), records_max=records_max)


async def limit_match_keys(
    tx: Tx, *, record_keys: Iterable[RecordKey], hashes: Iterable[MatchKey], candidates_max: int
) -> list[RecordKey]:
    """Let these records, and whoever has these keys, look for others by their rarest keys only; for whom that changed by which."""
    row = await fetch_one(
        tx,
        LIMIT_MATCH_KEYS,
        record_keys=sorted(record_keys),
        hashes=sorted(hashes),
        candidates_max=candidates_max,
    )
    return row["record_keys"]


async def fill_match_keys(tx: Tx, *, hashes: Sequence[MatchKey]) -> None:
    """Let these keys be full."""
    await run(tx, FILL_MATCH_KEYS, hashes=list(hashes))


async def free_match_keys(tx: Tx, *, hashes: Sequence[MatchKey]) -> None:
    """Let these keys be full no longer."""
    await run(tx, FREE_MATCH_KEYS, hashes=list(hashes))


async def list_full_keys(tx: Tx) -> frozenset[MatchKey]:
    """The keys that are full."""
    return frozenset((await fetch_one(tx, LIST_FULL_KEYS))["hashes"])


async def list_limited(tx: Tx) -> list[RecordKey]:
    """Records that do not look for others by all of their keys."""
    return (await fetch_one(tx, LIST_LIMITED))["record_keys"]


async def list_unmatched(tx: Tx, *, row_limit: int) -> list[RecordKey]:
    """Records that wait to be compared."""
    return [row["record_key"] for row in await fetch_all(tx, LIST_UNMATCHED, row_limit=row_limit)]


async def count_unmatched(tx: Tx) -> int:
    """How many records wait to be compared."""
    return int((await fetch_one(tx, COUNT_UNMATCHED))["record_count"])


async def mark_unmatched(tx: Tx, *, record_keys: Iterable[RecordKey]) -> None:
    """Let these records wait to be compared."""
    await run(tx, MARK_UNMATCHED, record_keys=sorted(record_keys))


async def settle_unmatched(tx: Tx, *, record_keys: Iterable[RecordKey]) -> None:
    """These records have been compared."""
    await run(tx, SETTLE_UNMATCHED, record_keys=sorted(record_keys))


async def write_matches(tx: Tx, *, matches: Sequence[tuple[Pair, Strength]], policy: str) -> None:
    """Write matches, found by this version of the policy; one of a pair."""
    await run(tx, WRITE_MATCHES, matches=[[*pair, *strength] for pair, strength in matches], policy=policy)


async def delete_matches(tx: Tx, *, matches: Sequence[Pair], now: Millis) -> None:
    """Delete matches that no longer hold, and close what asks a human about them."""
    await run(tx, DELETE_MATCHES, matches=[list(pair) for pair in matches], now=now)


async def find_match_policy(tx: Tx, *, known: str = "") -> StoredPolicy | None:
    """The policy by which records are compared as they arrive; without its text where that version is known."""
    rows = await fetch_all(tx, FIND_MATCH_POLICY, known=known)
    return StoredPolicy(rows[0]["version"], rows[0]["text"]) if rows else None


async def hold_match_policy(tx: Tx) -> str | None:
    """The version of that policy, locked until the commit."""
    rows = await fetch_all(tx, HOLD_MATCH_POLICY)
    return rows[0]["version"] if rows else None


async def pause_matching(tx: Tx) -> None:
    """Let no policy compare records as they arrive until one is stored."""
    await run(tx, PAUSE_MATCHING)


async def store_match_policy(tx: Tx, *, version: str, text: str, now: Millis) -> None:
    """Keep what a matching learned, and let records be compared by it as they arrive."""
    await run(tx, STORE_MATCH_POLICY, version=version, text=text, now=now)
