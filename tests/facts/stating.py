"""Stating facts in tests: messages made short, and the whole of what a graph then says, without ids and times of writing."""

import hashlib
from collections.abc import Sequence
from typing import Any, LiteralString

from graph_cdp.flows.ingest import Ingest
from graph_cdp.graph.transactions import Graph
from graph_cdp.identity.policy import DEFAULT_POLICY
from graph_cdp.ids import RecordKey
from graph_cdp.source.facts.model import Fact
from graph_cdp.source.model import IdentifierKey, Message
from tests.integration.querying import query

NOON = 1_790_000_000_000
LOCAL = {"id", "created_at", "recorded_at"}
"""What depends on when and in which order things were written."""

NODES: LiteralString = """
MATCH (n)
WHERE n:Transaction OR n:Product OR n:Store OR n:Campaign OR n:Company OR n:Case OR n:ConsentRecord OR n:Interaction
  OR n:Device
RETURN labels(n) AS labels, properties(n) AS properties
"""
RELATIONSHIPS: LiteralString = """
MATCH (a)-[r:MADE|CONTAINS|AT|RETURNS|OF_CAMPAIGN|MEMBER_OF|RAISED|GAVE]->(b)
RETURN coalesce(a.key, a.message_id) AS from, type(r) AS type, properties(r) AS properties,
       coalesce(b.key, b.sku, b.code, b.purpose) AS to
UNION
MATCH (a:ConsentRecord)-[r:ABOUT]->(b:Identifier)
RETURN a.purpose AS from, type(r) AS type, properties(r) AS properties, b.kind + ' ' + b.value AS to
"""


def message(
    number: int, *facts: Fact, at: int = 0, user: str = "u1", anonymous: str | None = None
) -> Message:
    """A message that states these facts, `at` milliseconds after noon."""
    identifiers = [IdentifierKey(kind="user_id", value=user)]
    if anonymous:
        identifiers.append(IdentifierKey(kind="anonymous_id", value=anonymous))
    return Message(
        source="shop",
        message_id=f"m{number}",
        type="track",
        record_key=RecordKey(f"shop:user:{user}"),
        occurred_at=NOON + at,
        received_at=NOON + 1_000_000,
        payload="{}",
        body_hash=hashlib.sha256(str(number).encode()).hexdigest(),
        name="Something",
        identifiers=tuple(sorted(identifiers)),
        facts=facts,
    )


async def tell(graph: Graph, *batches: Sequence[Message]) -> None:
    """Ingest these batches, one after the other."""
    ingest = Ingest(graph=graph, policy=DEFAULT_POLICY, clock=lambda: NOON + 2_000_000)
    for batch in batches:
        await ingest(batch)


async def everything(graph: Graph) -> list[str]:
    """All facts of the graph, each as one line, sorted."""
    nodes = await query(graph, NODES)
    lines = [f"{sorted(row['labels'])} {_said(row['properties'])}" for row in nodes]
    relationships = await query(graph, RELATIONSHIPS)
    lines += [f"{r['from']} {r['type']} {_said(r['properties'])} {r['to']}" for r in relationships]
    return sorted(lines)


def _said(properties: dict[str, Any]) -> list[tuple[str, Any]]:
    return sorted((name, value) for name, value in properties.items() if name not in LOCAL)
