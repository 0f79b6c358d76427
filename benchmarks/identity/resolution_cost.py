"""What resolution adds to writing: the ingest flow against the raw driver, in one run, on one database.

    python -m benchmarks.identity.resolution_cost --batches 40

Raw is the same facts by one statement a batch: merge the record, its source and its two identifiers, relate them with
the times at which they were first and last seen, create the event with its unique message id, relate it; nobody is
resolved, nothing is read back. Bare is less than the facts: no source, no times. Batches of 500 by one writer, all
three in turn, batch by batch; each figure is the median of the batches. The database is emptied first.
"""

import asyncio
import statistics
import time
from collections.abc import Awaitable, Callable, Sequence
from typing import Annotated, LiteralString

import typer
from neo4j import AsyncDriver, AsyncManagedTransaction
from rich.console import Console
from rich.progress import track
from rich.table import Table

from benchmarks.database import emptied_database
from graph_cdp.flows.ingest import Ingest
from graph_cdp.graph.driver import open_session
from graph_cdp.identity.policy import DEFAULT_POLICY
from graph_cdp.ids import RecordKey, new_id
from graph_cdp.source.model import IdentifierKey, Message

BATCH = 500
BATCHES_WARM = 10
NOW = 1_790_000_000_000
LIMITS = {"known": "40%", "new": "150%"}
"""What resolution may add to raw."""

RAW: LiteralString = """
UNWIND $rows AS row
MERGE (record:SourceRecord {key: row.record_key})
ON CREATE SET record.id = row.record_id, record.source = row.event.source, record.kind = 'user', record.created_at = $now
FOREACH (_ IN CASE WHEN record.id = row.record_id THEN [1] ELSE [] END |
  MERGE (source:Source {name: row.event.source}) ON CREATE SET source.created_at = $now
  CREATE (record)-[:FROM]->(source))
FOREACH (identifier IN row.identifiers |
  MERGE (i:Identifier {kind: identifier[0], value: identifier[1]})
  ON CREATE SET i.id = identifier[2], i.created_at = $now
  MERGE (record)-[holding:HAS_IDENTIFIER]->(i)
  ON CREATE SET holding.first_seen_at = row.event.occurred_at, holding.last_seen_at = row.event.occurred_at
  ON MATCH SET holding.last_seen_at = row.event.occurred_at)
CREATE (record)-[:PERFORMED]->(event:Event)
SET event = row.event
"""
BARE: LiteralString = """
UNWIND $rows AS row
MERGE (record:SourceRecord {key: row.record_key}) ON CREATE SET record.id = row.record_id, record.created_at = $now
FOREACH (identifier IN row.identifiers |
  MERGE (i:Identifier {kind: identifier[0], value: identifier[1]}) ON CREATE SET i.id = identifier[2]
  MERGE (record)-[:HAS_IDENTIFIER]->(i))
CREATE (record)-[:PERFORMED]->(event:Event)
SET event = row.event
"""

Write = Callable[[Sequence[Message]], Awaitable[object]]


def messages(prefix: str, round_: int, count: int) -> list[Message]:
    """Identify messages, each about a record of its own: a user id and an e-mail, no traits."""
    return [
        Message(
            source="bench",
            message_id=f"{prefix}-{round_}-{n}",
            type="track",
            record_key=RecordKey(f"bench:user:{prefix}{n}"),
            occurred_at=NOW + round_,
            received_at=NOW + round_,
            payload='{"event":"Product Viewed","properties":{"sku":"12345678","price":19.9}}',
            body_hash=f"{n:064d}",
            name="Product Viewed",
            identifiers=(
                IdentifierKey(kind="email", value=f"{prefix}{n}@example.fr"),
                IdentifierKey(kind="user_id", value=f"{prefix}{n}"),
            ),
        )
        for n in range(count)
    ]


def raw_row(message: Message) -> dict[str, object]:
    """A message as the raw statement takes it."""
    return {
        "record_key": message.record_key,
        "record_id": new_id(),
        "identifiers": [[key.kind, key.value, new_id()] for key in message.identifiers],
        "event": {
            "id": new_id(),
            "source": message.source,
            "message_id": message.message_id,
            "type": message.type,
            "name": message.name,
            "occurred_at": message.occurred_at,
            "received_at": message.received_at,
            "record_key": message.record_key,
            "payload": message.payload,
            "body_hash": message.body_hash,
        },
    }


def writer(driver: AsyncDriver, statement: LiteralString) -> Write:
    """Writes messages by one statement of the raw driver."""

    async def work(tx: AsyncManagedTransaction, rows: list[dict[str, object]]) -> None:
        result = await tx.run(statement, rows=rows, now=NOW)
        await result.consume()

    async def write(some: Sequence[Message]) -> None:
        rows = [raw_row(message) for message in some]
        async with open_session(driver, database="neo4j") as session:
            await session.execute_write(work, rows)

    return write


async def measure(batches: int) -> dict[tuple[str, str], list[float]]:
    """Seconds of each batch: by each writer, of records that are new, and of the same ones once they are known."""
    seconds: dict[tuple[str, str], list[float]] = {}
    async with emptied_database() as (driver, graph):
        writers: dict[str, Write] = {
            "bare": writer(driver, BARE),
            "raw": writer(driver, RAW),
            "flow": Ingest(graph=graph, policy=DEFAULT_POLICY, clock=lambda: NOW),
        }
        for number in track(range(-BATCHES_WARM, batches), description="writing batches"):
            for label, repeat in (("new", 0), ("known", 1)):
                for name, write in writers.items():
                    some = messages(f"{name}{number}x", repeat, BATCH)
                    started = time.perf_counter()
                    await write(some)
                    if number >= 0:
                        seconds.setdefault((name, label), []).append(time.perf_counter() - started)
    return seconds


def report(seconds: dict[tuple[str, str], list[float]]) -> Table:
    """The figures: messages a second, and what the flow costs on top of raw and of bare."""
    table = Table("record", "bare/s", "raw/s", "ingest flow/s", "on top of bare", "on top of raw", "at most")
    for label, limit in LIMITS.items():
        bare, raw, flow = (statistics.median(seconds[name, label]) for name in ("bare", "raw", "flow"))
        rates = [f"{BATCH / one:,.0f}" for one in (bare, raw, flow)]
        table.add_row(label, *rates, f"{flow / bare - 1:.0%}", f"{flow / raw - 1:.0%}", limit)
    return table


def main(
    batches: Annotated[int, typer.Option(help="Batches of 500 messages, after 10 to warm up.")] = 40,
) -> None:
    """Measure what resolution adds to writing. The database of the settings is EMPTIED."""
    Console().print(report(asyncio.run(measure(batches))))


if __name__ == "__main__":
    typer.run(main)
