"""How quickly `graph-cdp import` takes customers, in what memory, and how many bytes they are in the store.

    python -m benchmarks.collect.files --rows 100000

The file is made by a seeded generator: a fifth of the rows hold the e-mail or the phone of an earlier one. The import
is the command itself, in a process of its own, whose greatest memory the operating system tells. Raw is the same facts
by one statement a batch (`RAW` of resolution_cost), batches of 500, in the same run: after the import, on the same database.
Bytes are those of the store's folder, the server being stopped, before and after the import. The database is emptied first; what was
deleted leaves room in the store that is used again, so for bytes the database must be new: `graph-cdp db reset --yes`.
"""

import asyncio
import os
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, LiteralString

import typer
from neo4j import AsyncDriver
from rich.console import Console
from rich.table import Table

from benchmarks.database import TIMEOUT_S, emptied_database
from benchmarks.identity.resolution_cost import BATCH, RAW, messages, writer
from graph_cdp.graph.driver import open_driver, open_session
from graph_cdp.graph.server import ensure_database
from graph_cdp.settings import Settings

COMMAND = "from graph_cdp.cli import main; main()"
SEED = 17
SHARING = 0.2
RAW_BATCHES = 20
RAW_BATCHES_WARM = 5
MAPPING = """\
entity: record
timestamp: changed
record_id: id
traits: {first_name: first, last_name: last, email: mail, phone: phone, postal_code: zip, city: city, country: {value: FR}}
"""
FIRST = ("Léa", "Hugo", "Marie", "Jean", "Inès", "Louis", "Chloé", "Paul", "Zoé", "Karim")
LAST = ("Martin", "Petit", "Durand", "Moreau", "Garcia", "Nguyen", "Roux", "Blanc", "Diallo", "Faure")
CITIES = (
    ("75002", "Paris"),
    ("69001", "Lyon"),
    ("13006", "Marseille"),
    ("59000", "Lille"),
    ("31000", "Toulouse"),
)

COUNT: LiteralString = """
CALL () { MATCH (event:Event) RETURN count(event) AS events }
CALL () { MATCH (person:Person) WHERE NOT person:Merged RETURN count(person) AS people }
RETURN events, people
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What one import cost."""

    rows: int
    seconds: float
    memory_bytes: int
    store_bytes: int
    events: int
    people: int


def customers(rows: int, seed: int = SEED) -> Iterator[str]:
    """Lines of CSV: a header, and customers."""
    chance = random.Random(seed)
    yield "id,changed,first,last,mail,phone,zip,city"
    for number in range(rows):
        shared = chance.randrange(number) if number and chance.random() < SHARING else None
        by_mail = chance.random() < 0.5
        mail = shared if shared is not None and by_mail else number
        phone = shared if shared is not None and not by_mail else number
        zip_code, city = chance.choice(CITIES)
        named = f"{chance.choice(FIRST)},{chance.choice(LAST)}"
        yield f"c{number},2026-01-{1 + number % 28:02},{named},c{mail}@example.fr,+336{phone:08},{zip_code},{city}"


def write_files(folder: Path, rows: int) -> list[str]:
    """Write the file and its mapping; the words of the command that imports them."""
    path, mapping = folder / "customers.csv", folder / "customers.yaml"
    with path.open("w", encoding="utf-8") as file:
        file.writelines(f"{line}\n" for line in customers(rows))
    mapping.write_text(MAPPING)
    return ["import", str(path), "--source", "bench", "--mapping", str(mapping)]


async def measure_raw(driver: AsyncDriver) -> float:
    """Messages a second by the raw statement: the median of its batches."""
    write = writer(driver, RAW)
    seconds: list[float] = []
    for number in range(-RAW_BATCHES_WARM, RAW_BATCHES):
        some = messages(f"raw{number}x", 0, BATCH)
        started = time.perf_counter()
        await write(some)
        if number >= 0:
            seconds.append(time.perf_counter() - started)
    return BATCH / statistics.median(seconds)


def store_bytes() -> int:
    """Bytes of the store's files, once all is written there: the server of this machine is stopped, and started again."""
    subprocess.run([sys.executable, "-c", COMMAND, "db", "down"], check=True)
    folder = Settings().data_dir / "neo4j"
    found = [path.stat().st_blocks for path in folder.rglob("databases/neo4j/**/*") if path.is_file()]
    ensure_database(Settings())
    return sum(found) * 512


async def measure(rows: int) -> tuple[float, Measured]:
    """The raw rate, and what the import cost."""
    with tempfile.TemporaryDirectory() as folder:
        words = await asyncio.to_thread(write_files, Path(folder), rows)
        async with emptied_database():
            pass
        before = await asyncio.to_thread(store_bytes)
        started = time.perf_counter()
        await asyncio.to_thread(subprocess.run, [sys.executable, "-c", COMMAND, *words], check=True)
        seconds = time.perf_counter() - started
    after = await asyncio.to_thread(store_bytes)
    target = ensure_database(Settings())
    async with open_driver(target, timeout_s=TIMEOUT_S) as driver:
        async with open_session(driver, database=target.database) as session:
            counts = await (await session.run(COUNT)).single(strict=True)
        raw = await measure_raw(driver)
    kilobytes = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    return raw, Measured(
        rows=rows,
        seconds=seconds,
        memory_bytes=kilobytes * (1 if sys.platform == "darwin" else 1024),
        store_bytes=after - before,
        events=counts["events"],
        people=counts["people"],
    )


def report(raw: float, measured: Measured) -> Table:
    """The figures."""
    table = Table("figure", "measured")
    table.add_row("rows", f"{measured.rows:,}")
    table.add_row("import, rows a second", f"{measured.rows / measured.seconds:,.0f}")
    table.add_row("raw statement, messages a second", f"{raw:,.0f}")
    table.add_row("import against raw", f"{measured.rows / measured.seconds / raw:.0%}")
    table.add_row("greatest memory of the importer", f"{measured.memory_bytes / 2**20:,.0f} MiB")
    table.add_row("people", f"{measured.people:,}")
    table.add_row("bytes in the store per event", f"{measured.store_bytes / measured.events:,.0f}")
    table.add_row("bytes in the store per person", f"{measured.store_bytes / measured.people:,.0f}")
    table.add_row("load of the machine (1 minute, at the end)", f"{os.getloadavg()[0]:.1f}")
    return table


def main(rows: Annotated[int, typer.Option(help="Customers in the file.")] = 100_000) -> None:
    """Measure an import of customers. The database of the settings is EMPTIED."""
    raw, measured = asyncio.run(measure(rows))
    Console().print(report(raw, measured))


if __name__ == "__main__":
    typer.run(main)
