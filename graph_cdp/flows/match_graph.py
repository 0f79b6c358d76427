"""Match the records of the whole graph, and leave what that changes to the job: the heart of `graph-cdp resolve`.

    read records, verdicts and the matches that stand ─ match (pure) ─ compare ─ pause matching as records arrive ─ write and delete matches,
    with marks ─ write match keys ─ store the policy ─ the job resolves

Each transaction writes some matches and marks their records, so a crash loses nothing: what was written is resolved by the
job, and the next run finds what is missing. The service may go on meanwhile: who changes after being read waits to be compared, and
is when the policy is stored.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from graph_cdp.bulk.labels import Label, Used
from graph_cdp.bulk.match import Matched, match_tables
from graph_cdp.bulk.matches import as_labels, as_table, found_matches
from graph_cdp.bulk.repository import count_records, list_matchable_records, list_verdicts
from graph_cdp.candidates.compare import key_changes
from graph_cdp.candidates.model import Difference, MatchableRecord, Pair, Strength, difference
from graph_cdp.candidates.repository import (
    delete_matches,
    fill_match_keys,
    find_match_policy,
    free_match_keys,
    hold_records,
    limit_match_keys,
    list_full_keys,
    list_limited,
    pause_matching,
    settle_unmatched,
    store_match_policy,
    write_match_keys,
    write_matches,
)
from graph_cdp.errors import Conflict
from graph_cdp.graph.queries import Tx
from graph_cdp.graph.transactions import Graph
from graph_cdp.identity.marks import mark_unresolved
from graph_cdp.identity.model import Verdict
from graph_cdp.identity.policy import Policy
from graph_cdp.ids import MatchKey, Millis, RecordKey
from graph_cdp.matching.linkage.learned import version_of
from graph_cdp.matching.linkage.policy import MatchPolicy, read_learned_policy, write_learned_policy

T = TypeVar("T")

PAGE = 5_000
MATCHES_BATCH_MAX = 500
RECORDS_BATCH_MAX = 200
"""Records whose match keys are written at once: each has about thirty."""

KEYS_BATCH_MAX = 100
"""Full keys that are marked at once: each may lead to a hundred records."""


class NeverTrained(Conflict):
    """There is no policy to match by."""

    code = "NEVER_TRAINED"


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """Who learns how far it is: all but `matching`, which is told what is being done, are told (done, in all)."""

    reading: Callable[[int, int], None] = lambda _done, _total: None
    matching: Callable[[str], None] = lambda _: None
    writing: Callable[[int, int], None] = lambda _done, _total: None
    keeping: Callable[[int, int], None] = lambda _done, _total: None


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a matching of the graph found: `joining` matches are strong enough to join, `asking` wait for a human.

    `records` were read, of which `compared` say enough; `text` is the policy that was learned, and `full` are the keys that it leaves
    out; `limited` records have more candidates than they are compared with; `labels` says what verdicts taught, where there are any.
    """

    records: Sequence[MatchableRecord]
    compared: int
    joining: int
    asking: int
    difference: Difference
    version: str
    text: str
    full: frozenset[MatchKey]
    limited: frozenset[RecordKey]
    labels: Used | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchGraph:
    """The matching of all records: `match_policy` says how, `policy` which matches are worth keeping."""

    graph: Graph
    policy: Policy
    match_policy: MatchPolicy
    clock: Callable[[], Millis]
    watched: Watched = Watched()

    async def find(self) -> Found:
        """Which records match by what is learned from all, and how that differs from the matches that stand; nothing is written.

        Verdicts teach what is learned, of all pairs like theirs; that they decide of their own pairs is the matter of identity.
        """
        least = self.policy.match_probability_review
        one_to_one = max(least, self.match_policy.probability_join_one_to_one)
        review = replace(
            self.match_policy,
            probability_join=least,
            probability_join_one_to_one=one_to_one,
            duplicates_once=False,
        )
        records = await self._read()
        verdicts = [] if review.learned else await self._read_verdicts()
        return self._found(records, review, as_labels(verdicts, records))

    async def find_again(self) -> Found:
        """The same by the policy by which records are compared as they arrive: nothing differs once all of them have been.

        Raises:
            NeverTrained: there is none.
        """
        stored = await self.graph.read(find_match_policy)
        if stored is None or stored.text is None:
            raise NeverTrained(
                "No policy was learned yet, or a matching was interrupted. Match with training first."
            )
        full = await self.graph.read(list_full_keys)
        return self._found(await self._read(), replace(read_learned_policy(stored.text), full_keys=full))

    def _found(
        self, records: Sequence[MatchableRecord], policy: MatchPolicy, labels: Sequence[Label] = ()
    ) -> Found:
        table = as_table(records, fields=policy.learned.m if policy.learned else None)
        matched = match_tables([table], policy, labels=labels, progress=self.watched.matching)
        found = found_matches(matched)
        text = _learned_text(matched, policy)
        joining = sum(1 for one in found.values() if one.probability >= self.policy.match_probability_join)
        standing = {pair: strength for record in records for pair, strength in record.matches.items()}
        return Found(
            records=records,
            compared=table.records,
            joining=joining,
            asking=len(found) - joining,
            difference=difference(standing, found),
            version=version_of(text),
            text=text,
            full=policy.full_keys.union(*(one.full for one in matched.blocked)),
            limited=frozenset(map(RecordKey, matched.limited)),
            labels=matched.labels,
        )

    async def apply(self, found: Found) -> None:
        """Let the graph hold the matches that were found, and compare by the same policy what arrives; the job resolves whom that
        concerns.
        """
        await self.graph.write(pause_matching)
        await self._write_matches(found)
        await self._write_keys(found)
        if found.text:
            await self.graph.write(
                store_match_policy, version=found.version, text=found.text, now=self.clock()
            )

    async def _write_matches(self, found: Found) -> None:
        written, deleted = list(found.difference.written.items()), found.difference.deleted
        total = len(written) + len(deleted)
        for start, batch in _batches(written, MATCHES_BATCH_MAX):
            await self.graph.write(_write, batch, found.version, self.clock())
            self.watched.writing(start + len(batch), total)
        for start, gone in _batches(deleted, MATCHES_BATCH_MAX):
            await self.graph.write(_delete, gone, self.clock())
            self.watched.writing(len(written) + start + len(gone), total)

    async def _write_keys(self, found: Found) -> None:
        """Let every record that says enough have its match keys; who changed since it was read waits to be compared, and so does who
        ceased to say enough.
        """
        full = await self.graph.read(list_full_keys)
        for _, some in _batches(sorted(full - found.full), KEYS_BATCH_MAX):
            await self.graph.write(free_match_keys, hashes=some)
        for _, some in _batches(sorted(found.full - full), KEYS_BATCH_MAX):
            await self.graph.write(fill_match_keys, hashes=some)
        policy = read_learned_policy(found.text) if found.text else MatchPolicy()
        records = [record for record in found.records if record.says_enough]
        for start, batch in _batches(records, RECORDS_BATCH_MAX):
            await self.graph.write(_keep_keys, batch, policy, found.full)
            self.watched.keeping(start + len(batch), len(records))
        await self._limit_keys(found.limited, policy.candidates_max)

    async def _limit_keys(self, limited: frozenset[RecordKey], candidates_max: int) -> None:
        """Let those who have too many candidates look for others by their rarest keys only, now that all keys are written, and who
        had too many before by all of them.
        """
        before = await self.graph.read(list_limited)
        for _, batch in _batches(sorted(limited.union(before)), RECORDS_BATCH_MAX):
            await self.graph.write(
                limit_match_keys, record_keys=batch, hashes=(), candidates_max=candidates_max
            )

    async def _read(self) -> list[MatchableRecord]:
        total = await self.graph.read(count_records)
        records: list[MatchableRecord] = []
        while page := await self.graph.read(
            list_matchable_records, after_key=records[-1].key if records else "", row_limit=PAGE
        ):
            records += page
            self.watched.reading(len(records), max(total, len(records)))
        return records

    async def _read_verdicts(self) -> list[Verdict]:
        verdicts: list[Verdict] = []
        while page := await self.graph.read(
            list_verdicts, after_id=verdicts[-1].id if verdicts else "", row_limit=PAGE
        ):
            verdicts += page
        return verdicts


async def _write(tx: Tx, batch: Sequence[tuple[Pair, Strength]], version: str, now: Millis) -> None:
    await write_matches(tx, matches=batch, policy=version)
    await mark_unresolved(tx, record_keys={key for pair, _ in batch for key in pair}, now=now)


async def _delete(tx: Tx, batch: Sequence[Pair], now: Millis) -> None:
    await delete_matches(tx, matches=batch, now=now)
    await mark_unresolved(tx, record_keys={key for pair in batch for key in pair}, now=now)


async def _keep_keys(
    tx: Tx, batch: Sequence[MatchableRecord], policy: MatchPolicy, full: frozenset[MatchKey]
) -> None:
    said = {record.key: (record.source, record.said) for record in batch}
    held = await hold_records(tx, record_keys=said)
    as_read = [record for record in held if said[record.key] == (record.source, record.said)]
    if changes := key_changes(as_read, policy, full=full):
        await write_match_keys(tx, changes=changes)
    if waited := [record.key for record in as_read if record.is_unmatched]:
        await settle_unmatched(tx, record_keys=waited)


def _learned_text(matched: Matched, policy: MatchPolicy) -> str:
    """The policy with what was learned; empty where there was nothing to learn from."""
    if matched.model is None:
        return ""
    known = replace(policy, day_first=matched.records.day_first)
    return write_learned_policy(known, matched.model, matched.duplicate_free_sources)


def _batches(rows: Sequence[T], size: int) -> Iterator[tuple[int, Sequence[T]]]:
    """Parts of a sequence, and where each begins."""
    for start in range(0, len(rows), size):
        yield start, rows[start : start + size]
