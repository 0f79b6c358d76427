"""What resolution adds to writing: the ingest flow against the raw driver, in one run, on one database.

    python -m benchmarks.identity.resolution_cost --messages 5000

Raw is the same facts by one statement a batch: merge the record and its two identifiers with their relationships,
create the event with its unique message id, relate it; nobody is resolved, nothing is read back. Batches of 500 by
one writer, alternating raw and flow; each figure is the median of the rounds. The database is emptied first.
"""

import asyncio
import statistics
import time
from collections.abc import Awaitable, Callable, Sequence
from typing import Annotated

import typer
from neo4j import AsyncDriver
from rich.console import Console
from rich.table import Table

from graph_cdp.flows.ingest import Ingest
from graph_cdp.graph.driver import Neo4jTarget, open_driver, open_session
from graph_cdp.graph.migrations import load_migrations, migrate
from graph_cdp.graph.server import ensure_database
from graph_cdp.graph.transactions import Graph
from graph_cdp.identity.policy import DEFAULT_POLICY
from graph_cdp.ids import RecordKey, new_id
from graph_cdp.settings import Settings
from graph_cdp.source.model import IdentifierKey, Message

BATCH = 500
EMPTY = "MATCH (n) WHERE NOT n:Migration CALL (n) { DETACH DELETE n } IN TRANSACTIONS OF 5000 ROWS"
RAW = """
UNWIND $rows AS row
MERGE (record:SourceRecord {key: row.record_key}) ON CREATE SET record.id = row.record_id
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
            occurred_at=1_790_000_000_000 + round_,
            received_at=1_790_000_000_000 + round_,
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


async def measure(write: Write, some: Sequence[Message]) -> float:
    """Seconds to write these messages in batches."""
    started = time.perf_counter()
    for start in range(0, len(some), BATCH):
        await write(some[start : start + BATCH])
    return time.perf_counter() - started


async def compare(
    driver: AsyncDriver, target: Neo4jTarget, count: int, rounds: int
) -> dict[str, list[float]]:
    """Seconds of each round: raw and flow, of records that are new, and of the same ones once they are known."""
    graph = Graph(driver, database=target.database, timeout_s=120)
    await migrate(graph, load_migrations())
    async with open_session(driver, database=target.database) as session:
        await (await session.run(EMPTY)).consume()
    flow = Ingest(graph=graph, policy=DEFAULT_POLICY, clock=lambda: 1_790_000_000_000)

    async def raw(some: Sequence[Message]) -> None:
        rows = [raw_row(message) for message in some]
        async with open_session(driver, database=target.database) as session:
            await session.execute_write(lambda tx: _consume(tx.run(RAW, rows=rows)))

    seconds: dict[str, list[float]] = {}
    for round_ in range(-1, rounds):  # the first warms the JVM up
        for name, write in (("raw", raw), ("flow", flow)):
            prefix = f"{name}{round_}x"
            for label, repeat in (("new", 0), ("known", 1)):
                took = await measure(write, messages(prefix, repeat, count))
                if round_ >= 0:
                    seconds.setdefault(f"{name} {label}", []).append(took)
    return seconds


async def _consume(running: Awaitable[object]) -> None:
    result = await running
    await result.consume()  # type: ignore[attr-defined]


def report(seconds: dict[str, list[float]], count: int) -> Table:
    """The figures: messages a second, and what the flow costs on top of raw."""
    table = Table("record", "raw, messages/s", "ingest flow, messages/s", "added cost", "at most")
    for label, limit in (("known", "40%"), ("new", "150%")):
        raw, flow = (statistics.median(seconds[f"{name} {label}"]) for name in ("raw", "flow"))
        table.add_row(label, f"{count / raw:,.0f}", f"{count / flow:,.0f}", f"{flow / raw - 1:.0%}", limit)
    return table


def main(
    count: Annotated[int, typer.Option("--messages", help="Messages a round.")] = 5_000,
    rounds: Annotated[int, typer.Option(help="Rounds, after one to warm up.")] = 3,
) -> None:
    """Measure what resolution adds to writing. The database of the settings is EMPTIED."""

    async def run() -> dict[str, list[float]]:
        settings = Settings()
        target = ensure_database(settings)
        async with open_driver(target, timeout_s=120) as driver:
            return await compare(driver, target, count, rounds)

    Console().print(report(asyncio.run(run()), count))


if __name__ == "__main__":
    typer.run(main)
