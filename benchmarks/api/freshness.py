"""How soon an event is seen: from the moment at which it was due to be sent, to its place in the person's 360 view, and to what a
subscription tells of it, while the service is sent 1,000 events a second.

    python -m benchmarks.api.freshness --rate 1000 --seconds 30

The load is that of `collect.http`: batches of 100 on a schedule, by a process of its own. Beside it, 10 times a second and on a
schedule too, one event about one of 20 people who are watched goes to `POST /v1/batch`. Then their view is asked for, again 20 ms
after each answer, until the event is in it; and each has a subscription (`facts_added`, graphql-transport-ws). A slow answer
delays nothing that comes after it, and is counted. Each event must be told once. The database of the settings is EMPTIED.
"""

import asyncio
import json
import os
import tempfile
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any

import httpx
import orjson
import typer
from rich.console import Console
from rich.table import Table
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Subprotocol

from benchmarks.collect.http import WARM_RATE, WARM_SECONDS, Step, run_load
from benchmarks.database import emptied_database
from benchmarks.percentiles import percentiles
from benchmarks.service import Service, serving
from graph_cdp.access.model import NewKey
from graph_cdp.access.service import system_clock
from graph_cdp.commands.keys import create_key
from graph_cdp.graph.server import ensure_database
from graph_cdp.settings import Settings

SOURCE = "load"
PEOPLE, EVENTS_A_SECOND = 20, 10
P99_MS_MAX = 1_000
LOOK_SECONDS = 0.02
LOOKS_MAX = 1_000
"""Between two looks at a view, and how many there are at most."""

SEEN_SECONDS_MAX = 30.0
"""An event that is nowhere to be seen for so long ends the run."""

VIEW = """query View($user: String!) { person(identifier: { kind: "user_id", value: $user }) {
  person_id golden_record { first_name last_name email city } records { edges { node { key } } }
  events(first: 10) { edges { node { name } } } } }"""

FACTS = """subscription Facts($user: String!) { facts_added(identifier: { kind: "user_id", value: $user }) {
  cursor facts { event { name } } } }"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """When each event was due, and how many milliseconds later it was acknowledged, in the view, and told."""

    due: dict[str, float] = field(default_factory=dict[str, float])
    acknowledged: dict[str, float] = field(default_factory=dict[str, float])
    in_view: dict[str, float] = field(default_factory=dict[str, float])
    told: dict[str, float] = field(default_factory=dict[str, float])

    def note(self, seen: dict[str, float], name: str) -> None:
        """An event is seen now. Raises SystemExit where it was before."""
        if name in seen:
            raise SystemExit(f"{name} was told twice.")
        seen[name] = 1000 * (time.perf_counter() - self.due[name])


def user_of(number: int) -> str:
    """Whom an event is about: those who are watched, in turn."""
    return f"watched-{number % PEOPLE}"


async def send(client: httpx.AsyncClient, message: dict[str, Any]) -> None:
    """Send one message in a batch of its own."""
    (await client.post("/v1/batch", content=orjson.dumps({"batch": [message]}))).raise_for_status()


async def look(client: httpx.AsyncClient, user: str, name: str) -> bool:
    """Whether an event is in a person's view."""
    body = orjson.dumps({"query": VIEW, "variables": {"user": user}})
    answer = (await client.post("/graphql", content=body)).raise_for_status().json()
    events = answer["data"]["person"]["events"]["edges"]
    return any(edge["node"]["name"] == name for edge in events)


async def follow(clients: tuple[httpx.AsyncClient, httpx.AsyncClient], seen: Seen, name: str) -> None:
    """Send one event, and look until it is there."""
    collect, query = clients
    user = user_of(int(name.rpartition(" ")[2]))
    await send(collect, {"type": "track", "event": name, "userId": user, "messageId": name})
    seen.note(seen.acknowledged, name)
    for _ in range(LOOKS_MAX):
        if await look(query, user, name):
            return seen.note(seen.in_view, name)
        await asyncio.sleep(LOOK_SECONDS)
    raise SystemExit(f"{name} was acknowledged, and is not in the view.")


async def hear(socket: ClientConnection, seen: Seen, heard: asyncio.Semaphore) -> None:
    """Note what the subscriptions of a socket tell. `heard` is released by each that begins to listen, and for each event."""
    async for text in socket:
        frame = json.loads(text)
        if frame["type"] != "next":
            raise SystemExit(f"A subscription ended: {frame}")
        facts = frame["payload"]["data"]["facts_added"]["facts"]
        if not facts:
            heard.release()
        for fact in facts:
            if fact["event"]["name"] in seen.due:
                seen.note(seen.told, fact["event"]["name"])
                heard.release()


@asynccontextmanager
async def subscriptions(service: Service, key: str, seen: Seen) -> AsyncGenerator[None]:
    """A subscription to each of the people, all heard; they end once all events were told."""
    url = f"{service.url.replace('http', 'ws', 1)}/graphql"
    async with connect(url, subprotocols=[Subprotocol("graphql-transport-ws")]) as socket:
        await socket.send(
            json.dumps({"type": "connection_init", "payload": {"authorization": f"Bearer {key}"}})
        )
        await socket.recv()
        for number in range(PEOPLE):
            payload = {"query": FACTS, "variables": {"user": user_of(number)}}
            await socket.send(json.dumps({"type": "subscribe", "id": str(number), "payload": payload}))
        heard = asyncio.Semaphore(0)
        hearing = asyncio.create_task(hear(socket, seen, heard))
        for _ in range(PEOPLE):
            await heard.acquire()
        yield
        async with asyncio.timeout(SEEN_SECONDS_MAX):
            for _ in seen.due:
                await heard.acquire()
        hearing.cancel()


async def watch(service: Service, keys: tuple[str, str], *, named: str, seconds: float) -> Seen:
    """Send events on a schedule for so long, and see each of them."""
    seen = Seen()
    limits = httpx.Limits(max_connections=None, max_keepalive_connections=100)
    collect, query = (
        httpx.AsyncClient(
            base_url=service.url,
            limits=limits,
            timeout=SEEN_SECONDS_MAX,
            headers={"Authorization": f"Bearer {key}", "Content-Type": "application/json"},
        )
        for key in keys
    )
    async with collect, query:
        for number in range(PEOPLE):
            user = user_of(number)
            await send(collect, {"type": "identify", "userId": user, "traits": {"first_name": "Marie"}})
        async with subscriptions(service, keys[1], seen), asyncio.TaskGroup() as group:
            start = time.perf_counter()
            for number in range(round(EVENTS_A_SECOND * seconds)):
                name, due = f"{named} {number}", start + number / EVENTS_A_SECOND
                seen.due[name] = due
                await asyncio.sleep(max(0.0, due - time.perf_counter()))
                group.create_task(follow((collect, query), seen, name))
    return seen


async def measure(rate: float, seconds: float, log: Path) -> tuple[Step, Seen]:
    """The load, and what was seen beside it."""
    async with emptied_database() as (_, graph):
        now = system_clock()
        _, writing = await create_key(graph, NewKey(name=SOURCE, role="ingest", source=SOURCE), now=now)
        _, reading = await create_key(graph, NewKey(name="page", role="app"), now=now)
        with serving(ensure_database(Settings()), log) as service:
            await run_load(service, writing, rate=WARM_RATE, seconds=WARM_SECONDS, seed=0)
            await watch(service, (writing, reading), named="warm", seconds=2)
            offered = rate - EVENTS_A_SECOND
            step, seen = await asyncio.gather(
                run_load(service, writing, rate=offered, seconds=seconds, seed=1),
                watch(service, (writing, reading), named="event", seconds=seconds),
            )
    return step, seen


def report(seen: Seen) -> Table:
    """A row for each place at which events are seen."""
    table = Table("seen", "events", "p50 ms", "p99 ms", "longest ms")
    places = {
        "acknowledged": seen.acknowledged,
        "in the view": seen.in_view,
        "told by a subscription": seen.told,
    }
    for name, found in places.items():
        took = sorted(found.values())
        table.add_row(name, str(len(took)), *percentiles(took, 0.5, 0.99), f"{took[-1]:.1f}")
    return table


def main(
    rate: Annotated[float, typer.Option(help="Events a second that are offered, in all.")] = 1_000,
    seconds: Annotated[float, typer.Option(help="For how long.")] = 30,
) -> None:
    """Measure how soon an event is seen. The database of the settings is EMPTIED."""
    with tempfile.TemporaryDirectory() as folder:
        step, seen = asyncio.run(measure(rate, seconds, Path(folder) / "service.log"))
    console = Console(width=120)
    console.print(report(seen))
    console.print(
        f"offered {rate:,.0f} events/s, acknowledged {step.events_a_second + EVENTS_A_SECOND:,.0f}/s, p99 of a batch "
        f"{step.load.percentile(0.99):.0f} ms; figure: p99 below {P99_MS_MAX} ms; load average {os.getloadavg()[0]:.1f}"
    )


if __name__ == "__main__":
    typer.run(main)
