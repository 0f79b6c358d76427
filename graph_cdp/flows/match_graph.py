"""Match the records of the whole graph, and leave what that changes to the job: the heart of `graph-cdp resolve`.

    read records and the matches that stand ─ match (pure) ─ compare ─ write and delete matches, with marks ─ the job resolves

Each transaction writes some matches and marks their records, so a crash loses nothing: what was written is resolved by the
job, and the next run finds what is missing. The service may go on meanwhile.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from graph_cdp.bulk.match import match_tables
from graph_cdp.bulk.matches import (
    Difference,
    MatchableRecord,
    Pair,
    Strength,
    as_table,
    difference,
    found_matches,
)
from graph_cdp.bulk.repository import (
    count_records,
    delete_matches,
    list_matchable_records,
    store_match_policy,
    write_matches,
)
from graph_cdp.graph.queries import Tx
from graph_cdp.graph.transactions import Graph
from graph_cdp.identity.marks import mark_unresolved
from graph_cdp.identity.policy import Policy
from graph_cdp.ids import Millis
from graph_cdp.matching.linkage.learned import version_of, write_model
from graph_cdp.matching.linkage.policy import MatchPolicy

PAGE = 5_000
MATCHES_BATCH_MAX = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """Who learns how far it is: `reading` and `writing` are told (done, in all), `matching` what is being done."""

    reading: Callable[[int, int], None] = lambda _done, _total: None
    matching: Callable[[str], None] = lambda _: None
    writing: Callable[[int, int], None] = lambda _done, _total: None


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a matching of the graph found: `joining` matches are strong enough to join, `asking` wait for a human.

    `records` were read, of which `compared` say enough; `version` is that of the policy that was learned.
    """

    records: int
    compared: int
    joining: int
    asking: int
    difference: Difference
    version: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchGraph:
    """The matching of all records: `match_policy` says how, `policy` which matches are worth keeping."""

    graph: Graph
    policy: Policy
    match_policy: MatchPolicy
    clock: Callable[[], Millis]
    watched: Watched = Watched()

    async def find(self) -> Found:
        """Which records match, and how that differs from the matches that stand; nothing is written."""
        records = await self._read()
        table = as_table(records)
        review = replace(self.match_policy, probability_join=self.policy.match_probability_review)
        matched = match_tables([table], review, progress=self.watched.matching)
        found = found_matches(matched)
        text = write_model(matched.model) if matched.model else "{}"
        joining = sum(1 for one in found.values() if one.probability >= self.policy.match_probability_join)
        standing = {pair: strength for record in records for pair, strength in record.matches.items()}
        return Found(
            records=len(records),
            compared=table.records,
            joining=joining,
            asking=len(found) - joining,
            difference=difference(standing, found),
            version=version_of(text),
            text=text,
        )

    async def apply(self, found: Found) -> None:
        """Let the graph hold the matches that were found; the job resolves whom that concerns."""
        written, deleted = list(found.difference.written.items()), found.difference.deleted
        total = len(written) + len(deleted)
        await self.graph.write(store_match_policy, version=found.version, text=found.text, now=self.clock())
        for start in range(0, len(written), MATCHES_BATCH_MAX):
            batch = written[start : start + MATCHES_BATCH_MAX]
            await self.graph.write(_write, batch, found.version, self.clock())
            self.watched.writing(start + len(batch), total)
        for start in range(0, len(deleted), MATCHES_BATCH_MAX):
            gone = deleted[start : start + MATCHES_BATCH_MAX]
            await self.graph.write(_delete, gone, self.clock())
            self.watched.writing(len(written) + start + len(gone), total)

    async def _read(self) -> list[MatchableRecord]:
        total = await self.graph.read(count_records)
        records: list[MatchableRecord] = []
        while page := await self.graph.read(
            list_matchable_records, after_key=records[-1].key if records else "", row_limit=PAGE
        ):
            records += page
            self.watched.reading(len(records), max(total, len(records)))
        return records


async def _write(tx: Tx, batch: Sequence[tuple[Pair, Strength]], version: str, now: Millis) -> None:
    await write_matches(tx, matches=batch, policy=version)
    await mark_unresolved(tx, record_keys={key for pair, _ in batch for key in pair}, now=now)


async def _delete(tx: Tx, batch: Sequence[Pair], now: Millis) -> None:
    await delete_matches(tx, matches=batch, now=now)
    await mark_unresolved(tx, record_keys={key for pair in batch for key in pair}, now=now)
