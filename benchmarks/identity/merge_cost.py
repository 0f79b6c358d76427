"""What a merge costs when the people have 10 events each, and when they have 100,000: one statement re-points their
records, so the events should not matter.

    python -m benchmarks.identity.merge_cost --rounds 50

Two pairs of people are two rows of a CRM each, with an e-mail of their own and their events. A new version of a row
says the other's e-mail, too: one message, which merges two people. The next version no longer says it, and splits
them again; so each pair is merged as often as there are rounds. Pairs take turns, in one process; each figure is the
median of the rounds, of the whole ingest, commit included. The database is emptied first.
"""

import asyncio
import statistics
import time
from typing import Annotated, LiteralString

import typer
from neo4j import AsyncManagedTransaction
from rich.console import Console
from rich.progress import track
from rich.table import Table

from benchmarks.database import emptied_database
from graph_cdp.flows.ingest import Ingest
from graph_cdp.graph.transactions import Graph
from graph_cdp.identity.policy import DEFAULT_POLICY
from graph_cdp.ids import RecordKey
from graph_cdp.source.model import IdentifierKey, Message

NOW = 1_790_000_000_000
FEW, MANY = 10, 100_000
RATIO_MAX = 1.3
ROUNDS_WARM = 20
EVENTS_A_STATEMENT = 10_000

CREATE_EVENTS: LiteralString = """
MATCH (record:SourceRecord {key: $record_key})
UNWIND range($first, $first + $count - 1) AS number
CREATE (record)-[:PERFORMED]->(:Event {
  id: $record_key + ' ' + number, source: 'bench', message_id: $record_key + ' ' + number, type: 'track',
  name: 'Product Viewed', occurred_at: $at + number, received_at: $at + number, record_key: $record_key,
  payload: '{"event":"Product Viewed"}', body_hash: ''
})
"""
COUNT_PEOPLE: LiteralString = """
MATCH (record:SourceRecord)-[:RESOLVES_TO]->(person:Person) WHERE record.key IN $record_keys
RETURN count(DISTINCT person) AS people
"""


def version(pair: int, row: int, number: int, *, joined: bool) -> Message:
    """A version of a row: its own e-mail, and where the pair is joined the other's."""
    own, other = (IdentifierKey(kind="email", value=f"p{pair}r{n}@example.fr") for n in (row, 1 - row))
    body = f"{pair} {row} {number}"
    return Message(
        source="crm",
        message_id=body,
        type="record",
        record_key=record_key(pair, row),
        occurred_at=NOW + number,
        received_at=NOW,
        payload=body,
        body_hash=body,
        identifiers=(own, other) if joined else (own,),
        complete=True,
    )


def record_key(pair: int, row: int) -> RecordKey:
    """The record of a row: pair 0 has few events, pair 1 many."""
    return RecordKey(f"crm:row:{pair}-{row}")


async def create_events(tx: AsyncManagedTransaction, key: RecordKey, first: int, count: int) -> None:
    """A slice of a record's events."""
    result = await tx.run(CREATE_EVENTS, record_key=key, first=first, count=count, at=NOW)
    await result.consume()


async def count_people(tx: AsyncManagedTransaction, pair: int) -> int:
    """How many people a pair is."""
    result = await tx.run(COUNT_PEOPLE, record_keys=[record_key(pair, row) for row in range(2)])
    row = await result.single(strict=True)
    return row["people"]


async def seed(graph: Graph, ingest: Ingest) -> None:
    """Two pairs of people, with their events."""
    await ingest([version(pair, row, 0, joined=False) for pair in range(2) for row in range(2)])
    for pair, events in enumerate((FEW, MANY)):
        for row in range(2):
            for first in range(0, events, EVENTS_A_STATEMENT):
                count = min(events - first, EVENTS_A_STATEMENT)
                await graph.write(create_events, record_key(pair, row), first, count)


async def measure(rounds: int) -> dict[str, list[float]]:
    """Milliseconds of each round: merge and split, of each pair."""
    took: dict[str, list[float]] = {}
    async with emptied_database() as (_, graph):
        ingest = Ingest(graph=graph, policy=DEFAULT_POLICY, clock=lambda: NOW)
        await seed(graph, ingest)
        for round_ in track(range(1, ROUNDS_WARM + rounds + 1), description="merging and splitting"):
            for joined in (True, False):
                for pair in (0, 1) if round_ % 2 else (1, 0):
                    started = time.perf_counter()
                    await ingest([version(pair, 1, 2 * round_ + (not joined), joined=joined)])
                    seconds = time.perf_counter() - started
                    if round_ > ROUNDS_WARM:
                        took.setdefault(f"{'merge' if joined else 'split'} {pair}", []).append(1000 * seconds)
                    if await graph.read(count_people, pair) != (1 if joined else 2):
                        raise SystemExit("The pair was not merged or split: this measures nothing.")
    return took


def report(took: dict[str, list[float]]) -> Table:
    """The figures: medians, and how many times dearer the people with many events are."""
    table = Table("change", f"{FEW} events each, ms", f"{MANY:,} events each, ms", "ratio", "less than")
    for change in ("merge", "split"):
        few, many = (statistics.median(took[f"{change} {pair}"]) for pair in range(2))
        table.add_row(change, f"{few:.1f}", f"{many:.1f}", f"{many / few:.2f}", f"{RATIO_MAX}")
    return table


def main(rounds: Annotated[int, typer.Option(help="Rounds, after 20 to warm up.")] = 50) -> None:
    """Measure a merge and a split of people with few and many events. The database of the settings is EMPTIED."""
    Console().print(report(asyncio.run(measure(rounds))))


if __name__ == "__main__":
    typer.run(main)
