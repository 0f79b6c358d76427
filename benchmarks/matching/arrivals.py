"""What it costs to match records as they arrive, and how soon after its commit each is matched.

    python -m benchmarks.matching.arrivals --records 20000 --arrivals 2000 --rate 50

A French retail stream is stored, matched as a whole with training, and resolved; then more of it arrives, record by record at
the given rate (open loop), through the service's own batcher, while its job compares what arrives. Plain is the same ingest of records
of another set while nothing is compared. Lag is the time from a record's commit until it has been compared and whom it concerns
resolved. At the end all records are matched again by the same policy: nothing may differ. Churn are the people of before whose id or
records of before are others at the end, though no record that arrived is theirs. The database is emptied first.
"""

import asyncio
import statistics
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Annotated, LiteralString

import typer
from neo4j import AsyncDriver
from rich.console import Console
from rich.progress import track
from rich.table import Table

from benchmarks.database import emptied_database
from benchmarks.matching.data.stream import make_stream
from benchmarks.matching.data.words import Row
from benchmarks.percentiles import percentile
from graph_cdp.candidates.repository import list_unmatched
from graph_cdp.collect.batcher import Batcher
from graph_cdp.flows.ingest import Ingest
from graph_cdp.flows.match_graph import MatchGraph
from graph_cdp.flows.match_unmatched import MatchUnmatched
from graph_cdp.flows.resolve_marked import ResolveMarked
from graph_cdp.graph.driver import open_session
from graph_cdp.graph.transactions import Graph
from graph_cdp.identity.policy import DEFAULT_POLICY
from graph_cdp.ids import RecordKey
from graph_cdp.matching.identifiers import Normalised, normalise_identifier
from graph_cdp.matching.linkage.policy import MatchPolicy
from graph_cdp.matching.normalise import normalise_trait
from graph_cdp.settings import Settings
from graph_cdp.source.model import IdentifierKey, Message

BATCH = 500
SETTLE_S = 3.0
NOW = 1_790_000_000_000
TRAITS = {
    "prenom": "first_name",
    "nom": "last_name",
    "date_naissance": "birth_date",
    "email": "email",
    "telephone": "phone",
    "adresse": "street",
    "code_postal": "postal_code",
    "ville": "city",
}
KINDS = {"email": "email", "telephone": "phone", "device": "anonymous_id"}
CANDIDATES: LiteralString = """
UNWIND $record_keys AS record_key
MATCH (record:SourceRecord {key: record_key})
RETURN COUNT {
         MATCH (record)-[mine:HAS_MATCH_KEY]->()<-[theirs:HAS_MATCH_KEY]-(other)
         WHERE mine.unused IS NULL AND theirs.unused IS NULL
         RETURN DISTINCT other
       } AS candidates,
       COUNT { (record)-[:HAS_MATCH_KEY]->() } AS match_keys
"""

PEOPLE: LiteralString = (
    "MATCH (r:SourceRecord)-[:RESOLVES_TO]->(p:Person) RETURN r.key AS record, p.id AS person"
)


@dataclass(slots=True, kw_only=True)
class Lags:
    """Which records wait since when, and how long each of the others waited, in seconds."""

    graph: Graph
    since: dict[RecordKey, float] = field(default_factory=dict[RecordKey, float])
    seconds: list[float] = field(default_factory=list[float])

    async def settle(self) -> None:
        """Note who waits no longer."""
        sent = list(self.since.items())
        waiting = set(await self.graph.read(list_unmatched, row_limit=1_000_000))
        now = time.monotonic()
        for key, since in sent:
            if key not in waiting:
                self.seconds.append(now - since)
                del self.since[key]


def as_message(row: Row, *, at: int) -> Message:
    """A row of the stream as the doors hand it to ingest."""
    key = RecordKey(f"{row['source']}:row:{row['record_id']}")
    traits = {name: normalise_trait(name, row[column]) for column, name in TRAITS.items() if row[column]}
    found = [(kind, normalise_identifier(kind, row[column])) for column, kind in KINDS.items() if row[column]]
    return Message(
        source=str(row["source"]),
        message_id=key,
        type="record",
        record_key=key,
        occurred_at=at,
        received_at=at,
        payload="{}",
        body_hash=key,
        traits={name: value for name, value in traits.items() if value},
        identifiers=tuple(
            IdentifierKey(kind=kind, value=value.value)
            for kind, value in found
            if isinstance(value, Normalised)
        ),
        complete=True,
    )


async def store(ingest: Ingest, messages: Sequence[Message]) -> None:
    """Store the base, in batches."""
    for start in track(range(0, len(messages), BATCH), description="storing"):
        await ingest(messages[start : start + BATCH])


async def send(ingest: Batcher, messages: Iterable[Message], *, rate: float, lags: Lags) -> list[float]:
    """Send each when it is due, whether those before it are answered or not; the time of each, in seconds."""
    seconds: list[float] = []

    async def one(message: Message) -> None:
        started = time.monotonic()
        await ingest.submit([message])
        now = time.monotonic()
        seconds.append(now - started)
        if message.record_key:
            lags.since[message.record_key] = now

    start, tasks = time.monotonic(), set[asyncio.Task[None]]()
    for number, message in enumerate(messages):
        await asyncio.sleep(max(0.0, start + number / rate - time.monotonic()))
        tasks.add(asyncio.create_task(one(message)))
    await asyncio.gather(*tasks)
    return seconds


def milliseconds(seconds: Sequence[float]) -> str:
    """The median and the 99th percentile."""
    ordered = sorted(seconds)
    return f"{statistics.median(ordered) * 1_000:,.0f}, {percentile(ordered, 0.99) * 1_000:,.0f} ms"


@dataclass(frozen=True, slots=True, kw_only=True)
class Jobs:
    """The jobs of the service on this graph."""

    graph: Graph
    resolve: ResolveMarked

    def match(self, after: Callable[[], Awaitable[object]]) -> MatchUnmatched:
        """The job that compares what arrives."""
        return MatchUnmatched(graph=self.graph, clock=lambda: NOW, resolve=after)

    def match_all(self) -> MatchGraph:
        """The matching of all records."""
        return MatchGraph(
            graph=self.graph, policy=DEFAULT_POLICY, match_policy=MatchPolicy(), clock=lambda: NOW
        )


def batcher(ingest: Ingest) -> Batcher:
    """What groups the messages of requests, as the service does."""
    settings = Settings()
    return Batcher(
        ingest,
        messages_max=settings.batch_messages_max,
        wait_ms=settings.batch_wait_ms,
        queue_max=settings.queue_messages_max,
    )


async def train(jobs: Jobs) -> dict[str, str]:
    """Match all that is there, with training: how long each part took."""
    times = [time.monotonic()]
    found = await jobs.match_all().find()
    times.append(time.monotonic())
    await jobs.match_all().apply(found)
    times.append(time.monotonic())
    await jobs.resolve.run()
    times.append(time.monotonic())
    parts = ("read and matched, with training", "matches and match keys written", "people resolved")
    return {name: f"{times[place + 1] - times[place]:,.1f} s" for place, name in enumerate(parts)}


async def receive(jobs: Jobs, ingest: Batcher, messages: Sequence[Message], *, rate: float) -> dict[str, str]:
    """Let records arrive while the job goes on: what each cost its writer, and how long it waited."""
    lags, stopping = Lags(graph=jobs.graph), asyncio.Event()

    async def after() -> None:
        await jobs.resolve.run()
        await lags.settle()

    job = asyncio.create_task(jobs.match(after).run_until(stopping))
    seconds = await send(ingest, messages, rate=rate, lags=lags)
    await asyncio.sleep(SETTLE_S)
    stopping.set()
    await job
    return {
        "ingest of a record, while others are compared: p50, p99": milliseconds(seconds),
        "of these not yet compared 3 s after the last": str(len(lags.since)),
        "lag of its matching after its commit: p50, p99": milliseconds(lags.seconds),
    }


async def measure(*, records: int, arrivals: int, rate: float) -> dict[str, str]:
    """Each figure by what it is."""
    rows, _ = make_stream(records + 2 * arrivals, seed=11)
    messages = [as_message(row, at=NOW + number) for number, row in enumerate(rows)]
    base, plain, late = messages[:records], messages[records:-arrivals], messages[-arrivals:]
    async with emptied_database() as (driver, graph):
        ingest = Ingest(graph=graph, policy=DEFAULT_POLICY, clock=lambda: NOW)
        jobs = Jobs(graph=graph, resolve=ResolveMarked(graph=graph, policy=DEFAULT_POLICY, clock=lambda: NOW))
        await store(ingest, base)
        trained = await train(jobs)
        before = await read_people(driver)
        async with batcher(ingest) as batches:
            seconds = await send(batches, plain, rate=rate, lags=Lags(graph=graph))
            started = time.monotonic()
            compared = await jobs.match(jobs.resolve.run).run()
            backlog_s = time.monotonic() - started
            received = await receive(jobs, batches, late, rate=rate)
        candidates, keys = await count_candidates(driver, late)
        changed, people = count_churn(before, await read_people(driver))
        differing = (await jobs.match_all().find_again()).difference
    ordered = sorted(candidates)
    return {
        "records stored before": f"{records:,}",
        **trained,
        "ingest of a record, nothing compared: p50, p99": milliseconds(seconds),
        **received,
        "compared in one go, records a second": f"{compared / backlog_s:,.0f} of {compared:,}",
        "match keys of a record: mean": f"{statistics.mean(keys):.1f}",
        "candidates of a record: median, p99, most": f"{statistics.median(ordered):.0f}, {percentile(ordered, 0.99)}, {ordered[-1]}",
        "people who changed without a record that arrived": f"{changed:,} of {people:,} ({changed / people:.3%})",
        "matches that differ from those of all at once": str(len(differing.written) + len(differing.deleted)),
    }


async def read_people(driver: AsyncDriver) -> dict[str, str]:
    """The person of each record."""
    async with open_session(driver, database="neo4j") as session:
        return {row["record"]: row["person"] async for row in await session.run(PEOPLE)}


def count_churn(before: dict[str, str], after: dict[str, str]) -> tuple[int, int]:
    """How many people changed though nothing arrived about them, and how many there were."""
    then, now = defaultdict[str, set[str]](set), defaultdict[str, set[str]](set)
    for people, of in ((before, then), (after, now)):
        for record, person in people.items():
            of[person].add(record)
    changed = 0
    for person, records in then.items():
        together = set[str]().union(*(now[after[record]] for record in records))
        is_same = together == records and {after[record] for record in records} == {person}
        changed += not is_same and together <= before.keys()
    return changed, len(then)


async def count_candidates(driver: AsyncDriver, messages: Sequence[Message]) -> tuple[list[int], list[int]]:
    """How many candidates and match keys each record has."""
    async with open_session(driver, database="neo4j") as session:
        result = await session.run(CANDIDATES, record_keys=[one.record_key for one in messages])
        rows = [row async for row in result]
    return [row["candidates"] for row in rows], [row["match_keys"] for row in rows]


def main(
    *,
    records: Annotated[int, typer.Option(help="Records that are there before.")] = 20_000,
    arrivals: Annotated[int, typer.Option(help="Records that arrive, with and without comparison.")] = 2_000,
    rate: Annotated[float, typer.Option(help="Records a second.")] = 50.0,
) -> None:
    """Measure, and print."""
    table = Table("figure", "measured")
    for name, value in asyncio.run(measure(records=records, arrivals=arrivals, rate=rate)).items():
        table.add_row(name, value)
    Console().print(table)


if __name__ == "__main__":
    typer.run(main)
