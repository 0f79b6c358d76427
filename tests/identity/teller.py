"""Telling the ingest flow what happened, message by message or at once, and asking the graph what it made of it."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from neo4j import AsyncDriver

from graph_cdp.flows.ingest import Ingest
from graph_cdp.graph.transactions import Graph
from graph_cdp.identity.policy import DEFAULT_POLICY
from graph_cdp.source.model import TRAITS
from tests.faults.faulty import FaultyGraph, Plan
from tests.identity.scenario import TIMESTAMP, Json
from tests.identity.through_graph import RECEIVED_AT, observe, parse
from tests.integration.querying import query

LATER = "2026-01-02T00:00:00Z"


def ingest_on(graph: Graph) -> Ingest:
    """The flow on a graph, at a fixed time."""
    return Ingest(graph=graph, policy=DEFAULT_POLICY, clock=lambda: RECEIVED_AT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Teller:
    """What a test says and asks. Records are named by their keys, people by those of their records."""

    graph: Graph
    driver: AsyncDriver
    numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def make(self, **said: object) -> Json:
        """A message with an id of its own, of the source `web` where it names none."""
        return {"messageId": f"m{next(self.numbers)}", "timestamp": TIMESTAMP, "source": "web", **said}

    def row(self, record_id: str, at: str = TIMESTAMP, **traits: str) -> Json:
        """A version of a row of the CRM."""
        return self.make(type="record", source="crm", record_id=record_id, timestamp=at, traits=traits)

    async def tell(self, *messages: Json) -> list[str]:
        """What became of each message of one batch."""
        outcomes = await ingest_on(self.graph)([parse(message) for message in messages])
        return [outcome.status for outcome in outcomes]

    async def tell_apart(self, *messages: Json) -> None:
        """Send messages one after the other."""
        for message in messages:
            assert await self.tell(message) == ["accepted"]

    async def tell_at_once(self, *messages: Json) -> list[str]:
        """What became of each message, each sent by a writer of its own, all at the same time."""
        outcomes = await asyncio.gather(*(self.tell(message) for message in messages))
        return [status for (status,) in outcomes]

    async def tell_badly(self, plan: Plan, *messages: Json) -> list[str]:
        """What became of each message of a batch whose transaction fails as planned."""
        flow = ingest_on(FaultyGraph(self.driver, plan))
        return [outcome.status for outcome in await flow([parse(message) for message in messages])]

    async def people(self) -> list[list[str]]:
        """The record keys of each person."""
        people: dict[object, list[str]] = {}
        for key, person in sorted((await observe(self.driver)).person_of.items()):
            people.setdefault(person, []).append(key)
        return sorted(people.values())

    async def person_id(self, record_key: str) -> str:
        """The id of the person that a record resolves to."""
        (row,) = await query(
            self.graph,
            "MATCH (:SourceRecord {key: $key})-[:RESOLVES_TO]->(p:Person) RETURN p.id AS id",
            key=record_key,
        )
        return row["id"]

    async def person(self, person_id: str) -> dict[str, Any]:
        """The properties of the person that an id stands for now."""
        (row,) = await query(
            self.graph,
            "MATCH (:Person {id: $id})-[:MERGED_INTO*0..]->(p:Person) WHERE NOT p:Merged RETURN properties(p) AS person",
            id=person_id,
        )
        return row["person"]

    async def golden(self, record_key: str) -> dict[str, str]:
        """The golden record of the person that a record resolves to."""
        person = await self.person(await self.person_id(record_key))
        return {trait: person[trait] for trait in TRAITS if trait in person}

    async def timeline(self, record_key: str) -> list[str]:
        """The message ids of all events of the person that a record resolves to."""
        rows = await query(
            self.graph,
            "MATCH (:SourceRecord {key: $key})-[:RESOLVES_TO]->(p:Person) "
            "MATCH (p)<-[:RESOLVES_TO]-(:SourceRecord)-[:PERFORMED]->(e:Event) RETURN e.message_id AS id",
            key=record_key,
        )
        return sorted(row["id"] for row in rows)

    async def identifiers(self, record_key: str) -> list[str]:
        """The identifiers of the person that a record resolves to."""
        rows = await query(
            self.graph,
            "MATCH (:SourceRecord {key: $key})-[:RESOLVES_TO]->(p:Person) "
            "MATCH (p)<-[:RESOLVES_TO]-(:SourceRecord)-[:HAS_IDENTIFIER]->(i:Identifier) "
            "RETURN DISTINCT i.kind + ':' + i.value AS identifier",
            key=record_key,
        )
        return sorted(row["identifier"] for row in rows)

    async def journal(self) -> list[str]:
        """The kinds of the changes, in their order."""
        rows = await query(self.graph, "MATCH (c:IdentityChange) RETURN c.kind AS kind ORDER BY c.sequence")
        return [row["kind"] for row in rows]

    async def reviews(self) -> list[list[str]]:
        """The kind of identifier and the reason of each open review task."""
        rows = await query(
            self.graph,
            "MATCH (task:ReviewTask {state: 'open'})-[:ABOUT]->(i:Identifier) "
            "RETURN i.kind AS kind, task.reason AS reason ORDER BY kind",
        )
        return [[row["kind"], row["reason"]] for row in rows]
