"""What facts become in the graph, exactly."""

import pytest

from graph_cdp.graph.transactions import Graph
from graph_cdp.source.facts.model import Consent, Interaction, Line, Product, Transaction, TransactionStatus
from tests.facts.stating import NOON, message, tell
from tests.integration.querying import query

pytestmark = pytest.mark.neo4j


async def test_an_order_has_its_lines_its_store_and_its_amount(graph: Graph) -> None:
    lines = (
        Line(sku="b", name="Bowl", quantity=2, unit_price=4.5),
        Line(sku="a"),
        Line(sku="b", unit_price=4.0),
    )
    order = Transaction(
        key="shop:o1",
        kind="order",
        amount=13.0,
        currency="EUR",
        quantity=4,
        tax=2.0,
        store="paris",
        lines=lines,
    )
    await tell(graph, [message(1, order)])
    found = await query(
        graph,
        "MATCH (:SourceRecord {key: 'shop:user:u1'})-[:MADE]->(t:Transaction)-[:AT]->(s:Store) "
        "MATCH (t)-[line:CONTAINS]->(p:Product) "
        "RETURN t.amount AS amount, t.tax AS tax, t.occurred_at AS at, s.code AS store, line.position AS position, "
        "p.sku AS sku, p.name AS name, p.introduced AS introduced, line.quantity AS quantity, line.unit_price AS price "
        "ORDER BY position",
    )
    same = {"amount": 13.0, "tax": 2.0, "at": NOON, "store": "paris", "introduced": True}
    assert found == [
        {**same, "position": 1, "sku": "b", "name": "Bowl", "quantity": 2, "price": 4.5},
        {**same, "position": 2, "sku": "a", "name": None, "quantity": 1, "price": None},
        {**same, "position": 3, "sku": "b", "name": "Bowl", "quantity": 1, "price": 4.0},
    ]


async def test_what_the_newest_statement_leaves_out_is_unknown(graph: Graph) -> None:
    first = Transaction(
        key="shop:o1", kind="order", amount=10, coupon="X", store="paris", lines=(Line(sku="a"),)
    )
    await tell(
        graph, [message(1, first)], [message(2, Transaction(key="shop:o1", kind="order", amount=9), at=1)]
    )
    found = await query(
        graph,
        "MATCH (t:Transaction) RETURN t.amount AS amount, t.coupon AS coupon, "
        "COUNT { (t)-[:CONTAINS]->() } AS lines, COUNT { (t)-[:AT]->() } AS stores",
    )
    assert found == [{"amount": 9, "coupon": None, "lines": 0, "stores": 0}]


async def test_a_status_alone_keeps_the_amount_and_the_lines(graph: Graph) -> None:
    order = Transaction(key="shop:o1", kind="order", amount=10, status="completed", lines=(Line(sku="a"),))
    cancelled = TransactionStatus(key="shop:o1", kind="order", status="cancelled")
    await tell(graph, [message(1, order)], [message(2, cancelled, at=1)])
    found = await query(
        graph,
        "MATCH (t:Transaction)-[:CONTAINS]->(p) RETURN t.amount AS amount, t.status AS status, p.sku AS sku",
    )
    assert found == [{"amount": 10, "status": "cancelled", "sku": "a"}]


async def test_a_message_that_mentions_a_product_never_changes_what_its_feed_says(graph: Graph) -> None:
    fed = Product(sku="a", name="Mug", price=9.5, stock=3)
    await tell(
        graph,
        [message(1, fed)],
        [message(2, Product(sku="a", name="mug!!", price=1.0, introduces=True), at=9)],
    )
    found = await query(graph, "MATCH (p:Product) RETURN p.name AS name, p.price AS price, p.stock AS stock")
    assert found == [{"name": "Mug", "price": 9.5, "stock": 3}]


async def test_a_consent_about_a_contact_point_that_nobody_holds_never_covers_the_whole_person(
    graph: Graph,
) -> None:
    said = Consent(
        purpose="marketing", channel="email", state="given", about=("email", "lea@x.fr"), notice_version="3"
    )
    await tell(graph, [message(1, said)])
    found = await query(
        graph,
        "MATCH (r:SourceRecord)-[:GAVE]->(c:ConsentRecord)-[:ABOUT]->(i:Identifier) "
        "RETURN r.key AS record, c.purpose AS purpose, c.channel AS channel, c.state AS state, c.notice_version AS notice, "
        "c.occurred_at AS at, i.kind AS kind, i.value AS value",
    )
    assert found == [
        {
            "record": "shop:user:u1", "purpose": "marketing", "channel": "email", "state": "given", "notice": "3",
            "at": NOON, "kind": "email", "value": "lea@x.fr",
        }
    ]  # fmt: skip


async def test_the_same_message_again_states_nothing_again(graph: Graph) -> None:
    said = message(
        1,
        Consent(purpose="marketing", channel="email", state="given"),
        Interaction(campaign_key="shop:c", kind="opened"),
    )
    await tell(graph, [said], [said], [said, said])
    found = await query(
        graph,
        "MATCH (c:ConsentRecord) WITH count(c) AS consents MATCH (:Event)-[r:OF_CAMPAIGN]->(:Campaign) "
        "RETURN consents, count(r) AS interactions",
    )
    assert found == [{"consents": 1, "interactions": 1}]
