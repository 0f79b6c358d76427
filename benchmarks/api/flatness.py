"""Whether the 360 view takes the same whoever is asked for and however many others there are: over HTTP, one client.

    python -m benchmarks.api.flatness --people 1000000 --few 10000 --seconds 5

The same view is asked for while the database has `--few` people, and again once it has `--people`. Beside them two are made in each
of two ways: of one record with 10 events and with 100,000; of 2 records and of 200, with 10 events each. Their views are asked for in turn. All is
warm: the page cache must hold the store (about 4 kB a person). The database is emptied first.
"""

import asyncio
import os
import tempfile
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Annotated, LiteralString

import typer
import uvloop
from neo4j import AsyncManagedTransaction
from rich.console import Console
from rich.table import Table

from benchmarks.api.beside_peer import Ask, asks, over_http
from benchmarks.api.view import VIEW, fill
from benchmarks.database import emptied_database
from benchmarks.percentiles import percentiles
from benchmarks.service import serving
from graph_cdp.access.model import NewKey
from graph_cdp.access.service import system_clock
from graph_cdp.commands.keys import create_key
from graph_cdp.graph.server import ensure_database
from graph_cdp.graph.transactions import Graph
from graph_cdp.ids import new_id
from graph_cdp.settings import Settings

WRITERS = 2
EVENTS_A_STATEMENT = 5_000
PEOPLE_RATIO_MAX, EVENTS_RATIO_MAX, RECORDS_RATIO_MAX = 1.2, 1.5, 3.0

CREATE_PERSON: LiteralString = """
CREATE (p:Person {id: $id, known: true, created_at: 1, first_name: 'Marie', email: $id + '@example.com'})
WITH p
UNWIND range(1, $records) AS n
CREATE (p)<-[:RESOLVES_TO {since: 1}]-(r:SourceRecord {id: $id + '-' + n, key: 'crm:row:' + $id + '-' + n, source: 'crm', kind: 'row',
  created_at: n, updated_at: n})
CREATE (r)-[:HAS_IDENTIFIER {first_seen_at: n, last_seen_at: n}]->(:Identifier {id: 'i' + r.id, kind: 'email', value: r.id})
"""

CREATE_EVENTS: LiteralString = """
MATCH (:Person {id: $id})<-[:RESOLVES_TO]-(r:SourceRecord)
SET r.last_event_at = $last * 1000 + r.created_at
WITH r
UNWIND range($first, $last) AS e
CREATE (r)-[:PERFORMED]->(:Event {id: r.id + '-' + e, source: 'crm', message_id: r.id + '-' + e, type: 'track',
  name: 'Product Viewed', record_key: r.key, occurred_at: e * 1000 + r.created_at, received_at: e, payload: '{}'})
"""

Turns = dict[str, list[list[float]]]
"""The times of each turn, sorted, by who was asked for."""


async def _run(tx: AsyncManagedTransaction, text: LiteralString, **values: object) -> None:
    await (await tx.run(text, values)).consume()


async def add_person(graph: Graph, *, records: int, events: int) -> str:
    """The id of a person of so many records, of so many events each."""
    id_ = new_id()
    await graph.write(_run, CREATE_PERSON, id=id_, records=records)
    for first in range(1, events + 1, EVENTS_A_STATEMENT):
        last = min(events, first + EVENTS_A_STATEMENT - 1)
        await graph.write(_run, CREATE_EVENTS, id=id_, first=first, last=last)
    return id_


async def fill_at_once(graph: Graph, count: int) -> list[str]:
    """As `fill`, by several writers."""
    parts = await asyncio.gather(*(fill(graph, count // WRITERS) for _ in range(WRITERS)))
    return [id_ for part in parts for id_ in part]


async def take_turns(
    url: str, ask: Ask, people: dict[str, Sequence[str]], seconds: float, rounds: int
) -> Turns:
    """The times of each turn; the first turns warm up and are not counted."""
    found: Turns = {name: [] for name in people}
    for number in range(-1, rounds):
        for name, chances in people.items():
            took = await over_http(url, ask, chances, 1, seconds)
            if number >= 0:
                found[name].append(took)
    return found


async def measure(people: int, few: int, seconds: float, rounds: int) -> Turns:
    """The times of each turn."""
    target = ensure_database(Settings())
    async with emptied_database() as (_, graph):
        some = await fill_at_once(graph, few)
        _, secret = await create_key(graph, NewKey(name="bench", role="app"), now=system_clock())
        made = {
            "10 events": [await add_person(graph, records=1, events=10)],
            "100,000 events": [await add_person(graph, records=1, events=100_000)],
            "2 records": [await add_person(graph, records=2, events=10)],
            "200 records": [await add_person(graph, records=200, events=10)],
        }
        with (
            tempfile.TemporaryDirectory() as folder,
            serving(target, Path(folder) / "service.log") as service,
        ):
            ask = asks(VIEW.replace("$id", "$asked"), secret)
            turns = partial(take_turns, service.url, ask, seconds=seconds, rounds=rounds)
            found = await turns({f"of {few:,} people": some, **made})
            some += await fill_at_once(graph, people - few)
            return found | await turns({f"of {people:,} people": some})


def report(found: Turns) -> Table:
    """A row for each: the best of its turns, and how it stands to the one that it is held to."""
    table = Table("a view of somebody", "p50 ms", "p99 ms", "x", "wanted")
    first, few, many, two, two_hundred, last = found
    best = {name: min(turns, key=lambda took: took[len(took) // 2]) for name, turns in found.items()}
    middle = {name: took[len(took) // 2] for name, took in best.items()}
    for name, other, wanted in (
        (first, None, None),
        (last, first, PEOPLE_RATIO_MAX),
        (few, None, None),
        (many, few, EVENTS_RATIO_MAX),
        (two, None, None),
        (two_hundred, two, RECORDS_RATIO_MAX),
    ):
        beside = ("", "") if other is None else (f"{middle[name] / middle[other]:.2f}", f"<= {wanted}")
        table.add_row(name, *percentiles(best[name], 0.5, 0.99), *beside)
    return table


def main(
    people: Annotated[int, typer.Option(help="How many people the database has in the end.")] = 1_000_000,
    few: Annotated[int, typer.Option(help="How many it has at first.")] = 10_000,
    seconds: Annotated[float, typer.Option(help="How long each turn lasts.")] = 5.0,
    rounds: Annotated[int, typer.Option(help="How many turns each has; the best counts.")] = 3,
) -> None:
    """Measure whether the view is flat. The database of the settings is EMPTIED."""
    found = uvloop.run(measure(people, few, seconds, rounds))
    console = Console()
    console.print(report(found))
    console.print(f"load average {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    typer.run(main)
