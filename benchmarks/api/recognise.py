"""How long a page waits for `POST /recognise`: the service over HTTP, asked by 16 at a time, each at once again.

    python -m benchmarks.api.recognise --people 100000 --seconds 20

Half of the devices asked for are known, half are not. Beside it, in turn, `GET /healthz`, which asks no database: what HTTP, the
client and the service's frame take of the time. The service is a process of its own; the client writes HTTP itself. The
database is emptied first.
"""

import os
import random
import tempfile
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path
from typing import Annotated, LiteralString

import orjson
import typer
import uvloop
from neo4j import AsyncManagedTransaction
from rich.console import Console
from rich.table import Table

from benchmarks.closed_loop import take_turn
from benchmarks.database import emptied_database
from benchmarks.http_client import Connection, connections
from benchmarks.percentiles import percentiles
from benchmarks.service import serving
from graph_cdp.access.model import NewKey
from graph_cdp.access.service import system_clock
from graph_cdp.commands.keys import create_key
from graph_cdp.graph.server import ensure_database
from graph_cdp.graph.transactions import Graph
from graph_cdp.settings import Settings

CLIENTS = 16
ROUNDS = 3
P95_MS_MAX = 50
PEOPLE_A_STATEMENT = 2_000

CREATE: LiteralString = """
UNWIND $numbers AS n
CREATE (p:Person {id: 'p' + n, known: true, created_at: 1})
CREATE (p)<-[:RESOLVES_TO {since: 1}]-(r:SourceRecord {id: 'r' + n, key: 'web:user:' + n, source: 'web', kind: 'user', created_at: 1})
CREATE (r)-[:HAS_IDENTIFIER {first_seen_at: 1, last_seen_at: 1}]->(:Identifier:Device {id: 'a' + n, kind: 'anonymous_id', value: 'a' + n})
CREATE (r)-[:HAS_IDENTIFIER {first_seen_at: 1, last_seen_at: 1}]->(:Identifier {id: 'u' + n, kind: 'user_id', value: 'u' + n})
"""

Ask = Callable[[Connection, str, int], Awaitable[bool]]


async def _create(tx: AsyncManagedTransaction, numbers: list[int]) -> None:
    await (await tx.run(CREATE, numbers=[str(number) for number in numbers])).consume()


async def fill(graph: Graph, people: int) -> None:
    """People of one record each, known, with a device."""
    for first in range(0, people, PEOPLE_A_STATEMENT):
        await graph.write(_create, list(range(first, min(people, first + PEOPLE_A_STATEMENT))))


async def recognise(connection: Connection, secret: str, number: int) -> bool:
    """Whether the answer is right: of the numbers below zero there is no device."""
    head = f"POST /recognise HTTP/1.1\r\nContent-Type: application/json\r\nAuthorization: Bearer {secret}"
    answer = await connection.exchange(head, orjson.dumps({"anonymous_id": f"a{number}"}))
    return orjson.loads(answer)["is_known"] == (number >= 0)


async def floor(connection: Connection, secret: str, number: int) -> bool:
    """Whether the service answers at all."""
    del secret, number
    return b"true" in await connection.exchange("GET /healthz HTTP/1.1")


async def times(ask: Ask, url: str, secret: str, *, people: int, seconds: float) -> list[float]:
    """Milliseconds of each request, sorted.

    Raises:
        SystemExit: an answer was wrong; then this measures nothing.
    """
    chance = random.Random(1)

    async def page(connection: Connection) -> None:
        if not await ask(connection, secret, chance.randrange(-people, people)):
            raise SystemExit("An answer was wrong.")

    async with connections(url, CLIENTS) as opened:
        return await take_turn([partial(page, one) for one in opened], seconds=seconds)


async def measure(people: int, seconds: float) -> dict[str, list[list[float]]]:
    """The times of each round, by what was asked."""
    asks: dict[str, Ask] = {"/recognise": recognise, "/healthz": floor}
    found: dict[str, list[list[float]]] = {name: [] for name in asks}
    async with emptied_database() as (_, graph):
        await fill(graph, people)
        _, secret = await create_key(
            graph, NewKey(name="page", role="ingest", source="web"), now=system_clock()
        )
        with (
            tempfile.TemporaryDirectory() as folder,
            serving(ensure_database(Settings()), Path(folder) / "service.log") as service,
        ):
            for number in range(-1, ROUNDS):
                for name, ask in asks.items():
                    took = await times(ask, service.url, secret, people=people, seconds=seconds)
                    if number >= 0:
                        found[name].append(took)
    return found


def report(found: dict[str, list[list[float]]], seconds: float) -> Table:
    """A row for each round of each."""
    table = Table("asked", "requests/s", "p50 ms", "p95 ms", "p99 ms")
    for name, rounds in found.items():
        for took in rounds:
            table.add_row(name, f"{len(took) / seconds:,.0f}", *percentiles(took, 0.5, 0.95, 0.99))
    return table


def main(
    people: Annotated[int, typer.Option(help="How many people the database has, a device each.")] = 100_000,
    seconds: Annotated[float, typer.Option(help="How long a turn lasts.")] = 20,
) -> None:
    """Measure how long a page waits to know its visitor. The database of the settings is EMPTIED."""
    found = uvloop.run(measure(people, seconds))
    console = Console()
    console.print(report(found, seconds))
    console.print(
        f"figure: p95 of /recognise below {P95_MS_MAX} ms, {CLIENTS} at a time, {people:,} people; "
        f"load average {os.getloadavg()[0]:.1f}"
    )


if __name__ == "__main__":
    typer.run(main)
