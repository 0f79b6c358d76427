"""The fast way and the plain way give the same bytes, for documents made by chance; what the fast way leaves, it leaves."""

import asyncio
import random
from typing import Any, get_args

import orjson
import pytest
from structlog.testing import capture_logs

from graph_cdp.access.model import KeyId, Principal, Role
from graph_cdp.api.context import Context
from graph_cdp.api.permissions import QUERY_ROLES
from graph_cdp.api.schema import schema
from graph_cdp.api.selection.documents import Asked, Documents
from graph_cdp.api.selection.sharing import STATEMENTS_MAX
from graph_cdp.graph.transactions import Graph
from tests.integration.documents import Writer
from tests.integration.rich import seed_rich

pytestmark = pytest.mark.neo4j

AT_ONCE = STATEMENTS_MAX + 2
"""The first go alone, two share a statement."""

SHARED_EVERY = 4
"""To plan a document's statement for several takes the database a second."""

ROLES = sorted(set(get_args(Role)) & QUERY_ROLES)


async def shared(documents: Documents, asked: Asked, graph: Graph) -> list[dict[str, Any] | None]:
    """Answers to one request, asked several times at once: the last two share a statement."""
    answers: list[dict[str, Any] | None] = []
    for _ in ("now the database plans the statement for several", "now it is used"):
        answers += await asyncio.gather(*(documents.answer(asked, graph) for _ in range(AT_ONCE)))
        await documents.sharing.settle()
    return answers


async def differences(graph: Graph, seed: int, count: int) -> tuple[list[str], int]:
    """The documents that are answered otherwise, and how many the fast way answered."""
    chance, documents = random.Random(seed), Documents(schema.core)
    found: list[str] = []
    fast = 0
    for _ in range(count):
        text, role = Writer(chance=chance).document(), chance.choice(ROLES)
        variables = {"yes": True} if chance.random() < 0.5 else {"few": chance.choice((1, 3))}
        asked = Asked(query=text, variables=variables, operation_name=None, role=role, region="FR")
        data = await documents.answer(asked, graph)
        if data is None:
            continue
        if fast % SHARED_EVERY == 0:
            with capture_logs() as logs:
                others = await shared(documents, asked, graph)
            found += [f"{role}, {log['event']}: {text}" for log in logs]
            found += [
                f"{role}, shared: {text}" for other in others if orjson.dumps(other) != orjson.dumps(data)
            ]
        fast += 1
        context = Context(
            principal=Principal(key_id=KeyId("key"), role=role), graph=graph, default_region="FR"
        )
        plain = await schema.execute(text, variable_values=variables, context_value=context)
        if plain.errors or orjson.dumps(data) != orjson.dumps(plain.data):
            found.append(
                f"{role}: {text}\n{plain.errors}\n{orjson.dumps(data)!r}\n{orjson.dumps(plain.data)!r}"
            )
    return found, fast


async def test_both_ways_give_the_same_bytes(graph: Graph) -> None:
    await seed_rich(graph)

    found, fast = await differences(graph, seed=1, count=30)

    assert found == []
    assert fast >= 15


@pytest.mark.soak
async def test_both_ways_give_the_same_bytes_for_2_000_documents(graph: Graph) -> None:
    seed = random.SystemRandom().randrange(10**9)
    await seed_rich(graph)

    found, fast = await differences(graph, seed=seed, count=2_000)

    assert found == [], f"seed {seed}"
    assert fast >= 1_000
