"""What a 360 view costs: the service (key, masking, limits, compiled selection) against the same answer by one hand-written
statement through the driver, which is the limit; and against the plain way, on which the GraphQL library walks the answer.

    python -m benchmarks.api.view --people 10000 --seconds 5

The service is called as an ASGI application in this process, so that no HTTP client is measured; the contenders take turns, on
one database, with 1 and with 16 at a time, each asking for people at random. The database is emptied first.
"""

import asyncio
import random
import secrets
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass
from string import ascii_lowercase
from typing import Annotated, Any, LiteralString

import orjson
import typer
from neo4j import AsyncDriver, AsyncManagedTransaction
from rich.console import Console
from rich.table import Table
from starlette.applications import Starlette

from benchmarks.closed_loop import take_turn
from benchmarks.database import emptied_database
from graph_cdp.access.model import KeyId, NewKey, Principal
from graph_cdp.access.rules import SECRET_BYTES, make_secret
from graph_cdp.access.service import Keyring, issue_key, system_clock
from graph_cdp.api.context import Context
from graph_cdp.api.endpoint import Endpoint
from graph_cdp.api.health import Readiness
from graph_cdp.api.routes import api_routes
from graph_cdp.api.schema import schema
from graph_cdp.graph.migrations import load_migrations
from graph_cdp.graph.transactions import Graph
from graph_cdp.ids import new_id

PEOPLE_A_STATEMENT = 500
NAMESAKES = 60
"""People of one last name, so that a search by it fills a page of 50."""

SHARE_OF_LIMIT = 0.45

CREATE: LiteralString = """
UNWIND $people AS person
WITH person[0] AS id, person[1] AS last_name
CREATE (p:Person {id: id, known: true, created_at: 1767225600000, first_name: 'Marie', first_name_from: id + '0', first_name_at: 1,
  last_name: last_name, last_name_from: id + '0', last_name_at: 1, email: id + '@example.com', email_from: id + '0', email_at: 1})
WITH p, id
UNWIND range(0, 1) AS n
CREATE (p)<-[:RESOLVES_TO {since: 1}]-(r:SourceRecord {id: id + n, key: 'crm:row:' + id + n, source: 'crm', kind: 'row',
  created_at: n, updated_at: n, last_event_at: 9, first_name: 'Marie', first_name_at: 1})
CREATE (r)-[:HAS_IDENTIFIER {first_seen_at: n, last_seen_at: n}]->(:Identifier {id: 'i' + id + n, kind: 'email', value: id + n})
WITH r, id, n
CALL (r, id, n) {
  UNWIND range(0, 9) AS e
  CREATE (r)-[:PERFORMED]->(:Event {id: id + n + '-' + e, source: 'crm', message_id: id + n + '-' + e, type: 'track',
    name: 'Product Viewed', record_key: r.key, occurred_at: e, received_at: e, payload: '{}'})
}
CALL (r, id, n) {
  UNWIND range(0, 2) AS t
  CREATE (r)-[:MADE]->(:Transaction {id: id + n + 't' + t, key: id + n + 't' + t, kind: 'order', amount: 10.5, currency: 'EUR',
    quantity: 1, record_key: r.key, occurred_at: t})
}
"""

BY_HAND: LiteralString = """
MATCH (p:Person {id: $id})
CALL (p) { MATCH (p)<-[:RESOLVES_TO]-(r:SourceRecord) WITH r ORDER BY r.created_at LIMIT 20
  RETURN collect([r.key, r.source, r.kind]) AS records }
CALL (p) { MATCH (p)<-[:RESOLVES_TO]-(:SourceRecord)-[h:HAS_IDENTIFIER]->(i:Identifier) WITH i, h ORDER BY h.first_seen_at LIMIT 20
  RETURN collect([i.kind, i.value, h.first_seen_at]) AS identifiers }
CALL (p) { MATCH (p)<-[:RESOLVES_TO]-(r:SourceRecord) CALL (r) { MATCH (e:Event) WHERE e.record_key = r.key AND e.occurred_at <= 99 AND e.id IS NOT NULL
  RETURN e ORDER BY e.record_key DESC, e.occurred_at DESC LIMIT 11 } WITH e ORDER BY e.occurred_at DESC LIMIT 10
  RETURN collect([e.type, e.name, e.occurred_at]) AS events }
CALL (p) { MATCH (p)<-[:RESOLVES_TO]-(:SourceRecord)-[:MADE]->(t:Transaction) WITH t ORDER BY t.occurred_at DESC LIMIT 10
  RETURN collect([t.kind, t.amount, t.currency, t.occurred_at]) AS transactions }
RETURN [p.id, p.first_name, p.last_name, p.email, p.city, p.phone, records, identifiers, events, transactions] AS answer
"""

VIEW = """query View($id: ID!) { person(id: $id) { person_id golden_record { first_name last_name email city phone }
  records { edges { node { key source kind } } } identifiers { edges { first_seen_at node { kind value } } }
  events(first: 10) { edges { node { type name occurred_at } } }
  transactions(first: 10) { edges { node { kind amount currency occurred_at } } } } }"""

Ask = Callable[[str], Awaitable[object]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Contender:
    """Somebody who answers for one person."""

    name: str
    ask: Ask


async def by_hand(tx: AsyncManagedTransaction, id_: str) -> object:
    """The limit: one statement, one record."""
    record = await (await tx.run(BY_HAND, {"id": id_})).single()
    return orjson.dumps(record[0]) if record else None


async def contenders(driver: AsyncDriver, graph: Graph) -> list[Contender]:
    """Who takes turns."""
    secret = make_secret(secrets.token_bytes(SECRET_BYTES))
    key = NewKey(name="bench", role="app")
    await graph.write(issue_key, key, key_id=KeyId(new_id()), secret=secret, now=system_clock())
    endpoint = Endpoint(
        schema=schema, graph=graph, keyring=Keyring(graph), default_region="FR", seconds_max=60.0
    )
    app = Starlette(
        routes=api_routes(
            endpoint=endpoint,
            subscriptions=None,
            readiness=Readiness(graph, load_migrations()),
            graphiql=False,
        )
    )
    context = Context(
        principal=Principal(key_id=KeyId("bench"), role="app"), graph=graph, default_region="FR"
    )

    async def plain(id_: str) -> object:
        result = await schema.execute(VIEW, variable_values={"id": id_}, context_value=context)
        return orjson.dumps(result.data)

    del driver
    return [
        Contender(name="hand-written, driver", ask=lambda id_: graph.read(by_hand, id_)),
        Contender(name="service", ask=lambda id_: call(app, secret, id_)),
        Contender(name="plain way", ask=plain),
    ]


async def call(app: Starlette, secret: str, id_: str) -> bytes:
    """The body that the application answers."""
    body = orjson.dumps({"query": VIEW, "variables": {"id": id_}})
    parts: list[bytes] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: MutableMapping[str, Any]) -> None:
        parts.append(message.get("body", b""))

    headers = [(b"content-type", b"application/json"), (b"x-api-key", secret.encode())]
    scope = {"type": "http", "method": "POST", "path": "/graphql", "raw_path": b"/graphql", "query_string": b"",
             "headers": headers, "root_path": "", "scheme": "http", "server": ("bench", 80), "http_version": "1.1"}  # fmt: skip
    await app(scope, receive, send)
    return b"".join(parts)


async def rate(ask: Ask, people: list[str], *, clients: int, seconds: float) -> float:
    """Answers a second."""
    chance = random.Random(1)
    client = lambda: ask(chance.choice(people))  # noqa: E731 - what each of them asks
    return len(await take_turn([client] * clients, seconds=seconds)) / seconds


async def _create(tx: AsyncManagedTransaction, people: list[tuple[str, str]]) -> None:
    await (await tx.run(CREATE, {"people": [list(person) for person in people]})).consume()


def last_names(count: int) -> list[str]:
    """Made-up names for so many people, each of `NAMESAKES` of them."""
    chance = random.Random(1)
    names = ["".join(chance.choices(ascii_lowercase, k=8)) for _ in range(-(-count // NAMESAKES))]
    return [names[number // NAMESAKES] for number in range(count)]


async def fill(graph: Graph, count: int) -> list[str]:
    """The ids of people of 2 records, 20 events and 6 transactions each."""
    people = [(new_id(), name) for name in last_names(count)]
    for first in range(0, count, PEOPLE_A_STATEMENT):
        await graph.write(_create, people[first : first + PEOPLE_A_STATEMENT])
    return [id_ for id_, _ in people]


async def measure(people_count: int, seconds: float, rounds: int) -> None:
    """Fill the database, let the contenders take turns, print the table."""
    async with emptied_database() as (driver, graph):
        people = await fill(graph, people_count)
        all_ = await contenders(driver, graph)
        for one in all_:
            await rate(one.ask, people, clients=4, seconds=seconds)
        table = Table("contender", "1 client", "x limit", "16 clients", "x limit")
        found: dict[tuple[str, int], list[float]] = {}
        for _ in range(rounds):
            for clients in (1, 16):
                for one in all_:
                    speed = await rate(one.ask, people, clients=clients, seconds=seconds)
                    found.setdefault((one.name, clients), []).append(speed)
        best = {key: max(speeds) for key, speeds in found.items()}
        for one in all_:
            cells = [
                f"{value:.0f}" if kind == "rate" else f"{value:.2f}"
                for clients in (1, 16)
                for kind, value in (
                    ("rate", best[one.name, clients]),
                    ("share", best[one.name, clients] / best[all_[0].name, clients]),
                )
            ]
            table.add_row(one.name, *cells)
        Console().print(table)
        Console().print(f"figure: the service reaches {SHARE_OF_LIMIT} of the limit")


def main(
    people: Annotated[int, typer.Option(help="How many people the database has.")] = 10_000,
    seconds: Annotated[float, typer.Option(help="How long each turn lasts.")] = 5.0,
    rounds: Annotated[int, typer.Option(help="How many turns each has; the best counts.")] = 3,
) -> None:
    """Measure what a 360 view costs."""
    asyncio.run(measure(people, seconds, rounds))


if __name__ == "__main__":
    typer.run(main)
