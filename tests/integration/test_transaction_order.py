"""Statements about one transaction: the newest wins, in whatever order they arrive."""

import itertools
from collections.abc import Sequence

import pytest

from graph_cdp.flows.ingest import Ingest
from graph_cdp.graph.transactions import Graph
from graph_cdp.identity.policy import DEFAULT_POLICY
from graph_cdp.ids import RecordKey
from graph_cdp.source.model import IdentifierKey, Message, Transaction
from tests.integration.querying import query

pytestmark = pytest.mark.neo4j

NOW = 1_790_000_000_000


def stated(at: int, body_hash: str, **says: float | str) -> Message:
    """What the till says of one order."""
    return Message(
        source="till",
        message_id=body_hash,
        type="transaction",
        record_key=RecordKey("till:row:1"),
        occurred_at=at,
        received_at=NOW,
        payload="{}",
        body_hash=body_hash,
        identifiers=(IdentifierKey(kind="customer_id", value="till:1"),),
        transaction=Transaction(key="till:A1", kind="order", **says),  # type: ignore[arg-type]
    )


OLDEST = stated(NOW, "f", amount=1.0)
LESSER = stated(NOW + 1, "a", amount=2.0, quantity=2)
GREATER = stated(NOW + 1, "b", amount=3.0, currency="EUR")


async def state_after(graph: Graph, *batches: Sequence[Message]) -> list[dict[str, object]]:
    """The transaction once these batches are ingested, one after the other."""
    ingest = Ingest(graph=graph, policy=DEFAULT_POLICY, clock=lambda: NOW)
    for batch in batches:
        await ingest(batch)
    return await query(
        graph,
        "MATCH (t:Transaction) RETURN t.amount AS amount, t.currency AS currency, t.quantity AS quantity",
    )


@pytest.mark.parametrize("order", list(itertools.permutations((OLDEST, LESSER, GREATER))))
@pytest.mark.parametrize("is_one_batch", [True, False])
async def test_of_two_statements_of_one_time_the_greater_hash_wins(
    graph: Graph, order: Sequence[Message], is_one_batch: bool
) -> None:
    batches = [order] if is_one_batch else [[message] for message in order]
    assert await state_after(graph, *batches) == [{"amount": 3.0, "currency": "EUR", "quantity": None}]
