"""Products that only messages mention: each field keeps the newest word, whatever the order and the batches."""

import random
from collections.abc import Sequence
from typing import Any

import pytest
from neo4j import AsyncDriver
from neo4j.exceptions import ClientError

from graph_cdp.graph.transactions import Graph
from graph_cdp.source.facts.model import Product, Statement
from graph_cdp.source.facts.products import Introduced
from graph_cdp.source.facts.rows import DAY_MS
from graph_cdp.source.facts.write import FactWriter
from tests.facts.stating import NOON
from tests.faults.faulty import FaultyGraph, Plan
from tests.graph import empty
from tests.identity.teller import ingest_on
from tests.identity.through_graph import parse
from tests.integration.querying import query

pytestmark = pytest.mark.neo4j

SKUS = [f"sku-{number}" for number in range(12)]
WORDS: dict[str, Sequence[Any]] = {
    "name": ("Mug", "Cup", "mug", "\u00c9cuelle", "\U0001f375"),
    "category": ("Mugs", "Cups"),
    "price": (1.0, 9.5, 10.0),
    "currency": (None, "EUR", "USD"),
}
PRODUCTS = """
MATCH (p:Product)
RETURN p.sku AS sku, p.name AS name, p.category AS category, p.price AS price, p.currency AS currency, p.introduced AS introduced
ORDER BY sku
"""


def mention(chance: random.Random, number: int) -> Statement:
    """One message's word about one product: some of its fields, on one of four days."""
    words = {name: chance.choice([None, *some]) for name, some in WORDS.items()}
    fact = Product(sku=chance.choice(SKUS), introduces=True, **words)
    at = NOON + chance.randrange(4) * DAY_MS + chance.randrange(1_000)
    return Statement(fact=fact, source="shop", message_id=f"m{number}", occurred_at=at, body_hash=f"{number}")


def expected(statements: Sequence[Statement]) -> list[dict[str, Any]]:
    """What the graph must say: by field the greatest of (day, word), the price with its currency."""
    said: dict[str, dict[str, tuple[Any, ...]]] = {}
    for one in statements:
        product = one.fact
        assert isinstance(product, Product)
        day = one.occurred_at // DAY_MS
        known = said.setdefault(product.sku, {})
        for name in ("name", "category", "price"):
            value = getattr(product, name)
            if value is not None:
                word = (day, value, product.currency or "") if name == "price" else (day, value)
                known[name] = max(word, known.get(name, word))
    return [
        {
            "sku": sku,
            **{name: known[name][1] if name in known else None for name in ("name", "category", "price")},
            "currency": (known["price"][2] or None) if "price" in known else None,
            "introduced": True,
        }
        for sku, known in sorted(said.items())
    ]


@pytest.mark.parametrize("seed", [1, 2])
async def test_each_field_keeps_its_newest_word(graph: Graph, driver: AsyncDriver, seed: int) -> None:
    """However many products a process remembers to have introduced."""
    chance = random.Random(seed)
    statements = [mention(chance, number) for number in range(150)]
    for skus_max in (0, 4, 5_000):
        writer = FactWriter(
            now=NOON, new_id=lambda: f"{chance.getrandbits(64)}", introduced=Introduced(skus_max=skus_max)
        )
        await empty(driver)
        chance.shuffle(statements)
        size = chance.randrange(5, 40)
        for start in range(0, len(statements), size):
            some = statements[start : start + size]
            writer.introduced.remember(await graph.write(writer.write, statements=some))
        assert await query(graph, PRODUCTS) == expected(statements)


async def test_an_order_finds_its_products_though_somebody_deleted_one_that_was_introduced(
    graph: Graph, driver: AsyncDriver
) -> None:
    """A catalogue that was emptied under a running service, or a backup that was restored."""

    def bought(name: str) -> dict[str, Any]:
        lines = [{"sku": "sku-1", "name": "Mug"}, {"sku": "sku-2", "name": "Cup"}]
        order = {"properties": {"order_id": name, "products": lines}}
        said = {"type": "track", "event": "Order Completed", "userId": name}
        return {"messageId": name, "timestamp": "2026-01-01T00:00:00Z", "source": "web", **said, **order}

    ingest = ingest_on(graph)
    await ingest([parse(bought("o1"))])
    await driver.execute_query("MATCH (product:Product {sku: 'sku-1'}) DETACH DELETE product")
    await ingest([parse(bought("o2"))])

    found = (
        "MATCH (t:Transaction)-[:CONTAINS]->(p) RETURN t.key AS key, collect(p.name) AS names ORDER BY key"
    )
    assert [sorted(row["names"]) for row in await query(graph, found)] == [["Cup"], ["Cup", "Mug"]]


async def test_a_product_whose_batch_was_not_stored_is_introduced_by_the_next(
    graph: Graph, driver: AsyncDriver
) -> None:
    def viewed(name: str) -> dict[str, Any]:
        said = {"type": "track", "event": "Product Viewed", "userId": name, "properties": {"sku": "sku-1"}}
        return {"messageId": name, "timestamp": "2026-01-01T00:00:00Z", "source": "web", **said}

    plan = Plan(fault="broken", at=7)  # the last statement: the product is written by then
    ingest = ingest_on(FaultyGraph(driver, plan))

    with pytest.raises(ClientError):
        await ingest([parse(viewed("u1"))])
    assert ingest.introduced.rows == {}
    assert await query(graph, PRODUCTS) == []
    await ingest([parse(viewed("u1"))])
    await ingest([parse(viewed("u2"))])

    (product,) = await query(graph, PRODUCTS)
    assert product["sku"] == "sku-1"
    assert ingest.introduced.rows.keys() == {"sku-1"}
