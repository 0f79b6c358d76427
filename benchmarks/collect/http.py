"""What collection bears over HTTP: an open-loop load on `graph-cdp serve`, against what the database bears at most.

    python -m benchmarks.collect.http --seconds 30
    python -m benchmarks.collect.http --rate 1200 --seconds 600

The load: batches of 100 on a schedule, by a client in a process of its own. Track, identify and alias; four messages
in five about somebody who is known; one in ten is a duplicate. Each is answered once it is committed and resolved.
Latency is counted from the moment at which a request was due.

The limit: the same facts by one statement of 500 rows and one writer (`RAW` of `resolution_cost`), from the same
stream without its duplicates; nobody is resolved. It is measured before the load and after it, in the same run.

Without `--rate`, rates from 30% of the limit upwards, each for `--seconds`, until one does not hold. Then events are
counted in the graph: none may be lost, none doubled. The database of the settings is EMPTIED.
"""

import asyncio
import json
import os
import statistics
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, LiteralString

import typer
from neo4j import AsyncDriver
from rich.console import Console
from rich.table import Table

from benchmarks.database import emptied_database
from benchmarks.identity.resolution_cost import RAW, writer
from benchmarks.open_loop import Load
from benchmarks.service import Service, memory_mb, serving
from benchmarks.visitors import Visitors
from graph_cdp.access.model import NewKey
from graph_cdp.access.service import system_clock
from graph_cdp.collect.segment import Receipt, parse_message
from graph_cdp.commands.keys import create_key
from graph_cdp.graph.queries import Tx
from graph_cdp.graph.server import ensure_database
from graph_cdp.settings import Settings
from graph_cdp.source.model import Message

ROWS = 500
RAW_BATCHES, RAW_BATCHES_WARM = 20, 20
SHARES = (0.3, 0.4, 0.5, 0.6, 0.7, 0.8)
"""Of the limit, at which the load is tried."""

WARM_SECONDS, WARM_RATE = 40, 700
"""The JVM compiles, and the graph grows to a size at which its statements are not planned anew at every turn."""

LONG_SECONDS = 120
"""A longer load is told minute by minute, too."""

RATIO_MIN, RATE_MIN, P99_MS_MAX = 0.5, 1_000, 250
HOLDS_MIN = 0.97
"""Of the rate that was offered, what must be acknowledged by the end of a run for it to hold."""

SOURCE = "load"
EVENTS: LiteralString = """
MATCH (e:Event {source: $source}) RETURN count(e) AS events, count(DISTINCT e.message_id) AS ids
"""
LETTERS: LiteralString = "MATCH (l:DeadLetter) RETURN count(l) AS letters"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A load, with the service's memory when it began and ended."""

    rate: float
    load: Load
    memory_mb: tuple[float, float]

    @property
    def events_a_second(self) -> float:
        """Distinct messages, committed and resolved."""
        return self.load.distinct / self.load.seconds

    @property
    def holds(self) -> bool:
        """Whether answers kept up with the schedule."""
        offered = self.load.messages / self.load.seconds
        return offered >= HOLDS_MIN * self.rate and self.load.percentile(0.99) < P99_MS_MAX


async def measure_limit(driver: AsyncDriver, *, seed: int) -> list[float]:
    """Rows a second of each batch of the raw statement."""
    visitors = Visitors(seed=seed, prefix=f"raw{seed}-", duplicates=0)
    write = writer(driver, RAW)
    receipt = Receipt(source="raw", received_at=system_clock(), region="FR")
    rates: list[float] = []
    for number in range(RAW_BATCHES_WARM + RAW_BATCHES):
        parsed = [parse_message(item, receipt=receipt) for item in visitors.batch(ROWS)]
        messages = [one for one in parsed if isinstance(one, Message)]
        started = time.perf_counter()
        await write(messages)
        if number >= RAW_BATCHES_WARM:
            rates.append(len(messages) / (time.perf_counter() - started))
    return rates


async def run_load(service: Service, key: str, *, rate: float, seconds: float, seed: int) -> Step:
    """Load the service from another process."""
    before = memory_mb(service.pid)
    options = {"url": service.url, "key": key, "rate": rate, "seconds": seconds, "seed": seed}
    arguments = [text for name, value in options.items() for text in (f"--{name}", str(value))]
    client = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "benchmarks.open_loop", *arguments, stdout=asyncio.subprocess.PIPE
    )
    output, _ = await client.communicate()
    if client.returncode:
        raise SystemExit("The client failed; see above.")
    load = Load(**json.loads(output))
    return Step(rate=rate, load=load, memory_mb=(before, memory_mb(service.pid)))


async def find_rates(service: Service, key: str, limit: float, *, seconds: float) -> list[Step]:
    """Loads of growing rates, up to the first that does not hold."""
    steps: list[Step] = []
    for number, share in enumerate(SHARES, start=1):
        steps.append(await run_load(service, key, rate=share * limit, seconds=seconds, seed=number))
        if not steps[-1].holds:
            break
    return steps


async def count(tx: Tx) -> tuple[int, int, int]:
    """Events, distinct message ids of events, dead letters; of the load, not of the limit."""
    events = await (await tx.run(EVENTS, source=SOURCE)).single(strict=True)
    letters = await (await tx.run(LETTERS)).single(strict=True)
    return events["events"], events["ids"], letters["letters"]


async def measure(rate: float | None, seconds: float, log: Path) -> tuple[float, list[Step], tuple[int, int]]:
    """The limit, the loads, and how many events were lost and how many doubled."""
    async with emptied_database() as (driver, graph):
        _, key = await create_key(
            graph, NewKey(name=SOURCE, role="ingest", source=SOURCE), now=system_clock()
        )
        limits = await measure_limit(driver, seed=1)
        with serving(ensure_database(Settings()), log) as service:
            warm = await run_load(service, key, rate=WARM_RATE, seconds=WARM_SECONDS, seed=0)
            steps = (
                [await run_load(service, key, rate=rate, seconds=seconds, seed=1)]
                if rate
                else await find_rates(service, key, statistics.median(limits), seconds=seconds)
            )
        limits += await measure_limit(driver, seed=2)
        events, ids, letters = await graph.read(count)
    distinct = sum(step.load.distinct for step in (warm, *steps))
    if letters:
        raise SystemExit(f"{letters} messages were refused: this measures nothing.")
    return statistics.median(limits), steps, (distinct - ids, events - ids)


def report(limit: float, steps: list[Step]) -> Table:
    """A row for each load."""
    columns = (
        "offered/s",
        "events/s",
        "of the limit",
        "p50 ms",
        "p99 ms",
        "late ms",
        "memory MB",
        "answers",
        "holds",
    )
    table = Table(*columns, title=f"the limit: {limit:,.0f} events/s by one statement of {ROWS} rows")
    for step in steps:
        load = step.load
        answers = ", ".join(f"{status}: {number}" for status, number in sorted(load.statuses.items()))
        table.add_row(
            f"{step.rate:,.0f}",
            f"{step.events_a_second:,.0f}",
            f"{step.events_a_second / limit:.2f}",
            f"{load.percentile(0.5):.0f}",
            f"{load.percentile(0.99):.0f}",
            f"{load.late_ms:.0f}",
            "{:.0f} → {:.0f}".format(*step.memory_mb),
            answers,
            "yes" if step.holds else "no",
        )
    return table


def main(
    rate: Annotated[float | None, typer.Option(help="Messages a second; found out if left out.")] = None,
    seconds: Annotated[float, typer.Option(help="How long each rate is offered.")] = 20,
) -> None:
    """Measure what collection bears over HTTP. The database of the settings is EMPTIED."""
    console = Console(width=140)
    with tempfile.TemporaryDirectory() as folder:
        limit, steps, (lost, doubled) = asyncio.run(measure(rate, seconds, Path(folder) / "service.log"))
    console.print(report(limit, steps))
    if seconds > LONG_SECONDS:
        for step in steps:
            by_minute = " ".join(f"{ms:.0f}" for ms in step.load.percentiles_by_minute(0.99))
            console.print(f"p99 ms of each minute at {step.rate:,.0f}/s: {by_minute}")
    holding = [step for step in steps if step.holds]
    best = max((step.events_a_second for step in holding), default=0.0)
    console.print(
        f"holds {best:,.0f} events/s, {best / limit:.2f} of the limit (wanted: {RATIO_MIN:g}, never below {RATE_MIN:,}; "
        f"p99 below {P99_MS_MAX} ms); lost {lost}, doubled {doubled}; load average {os.getloadavg()[0]:.1f}"
    )
    if lost or doubled:
        raise SystemExit(1)


if __name__ == "__main__":
    typer.run(main)
