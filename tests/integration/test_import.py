"""Importing files into a real graph."""

import io

import pytest

from graph_cdp.access.service import system_clock
from graph_cdp.collect.importer import Import, Rejection, Tally, import_file
from graph_cdp.collect.mapping import parse_mapping
from graph_cdp.flows.ingest import Ingest
from graph_cdp.flows.state_facts import StateFacts
from graph_cdp.graph.transactions import Graph
from graph_cdp.identity.policy import DEFAULT_POLICY
from graph_cdp.intake.record import RowReceipt
from tests.integration.querying import query

pytestmark = pytest.mark.neo4j

CUSTOMERS = """
entity: record
record_id: id
timestamp: changed
traits: {email: mail, first_name: first, city: city}
identifiers: [{kind: loyalty_card, column: card}]
"""
ORDERS = """
entity: transaction
transaction_id: number
customer_id: customer
timestamp: at
amount: amount
currency: {value: EUR}
quantity: count
"""
LINES = """
entity: transaction_line
transaction_id: ticket
timestamp: at
customer: {identifier: loyalty_card, column: card}
line: {sku: ean, quantity: count, unit_price: price}
"""
COMPANIES = "entity: company\ncompany_id: siren\ncustomer_id: contact"
PEOPLE = """
MATCH (p:Person)<-[:RESOLVES_TO]-(r:SourceRecord) WITH p, r ORDER BY r.key
WITH p, collect(r.key) AS records RETURN records, p.city AS city ORDER BY records
"""


async def load(graph: Graph, source: str, mapping: str, content: str) -> tuple[Tally, list[Rejection]]:
    rejections: list[Rejection] = []
    job = Import(
        mapping=parse_mapping(mapping),
        receipt=RowReceipt(source=source, received_at=system_clock(), region="FR"),
        ingest=Ingest(graph=graph, policy=DEFAULT_POLICY, clock=system_clock),
        state=StateFacts(graph=graph, clock=system_clock),
    )
    return await import_file(io.BytesIO(content.encode()), job, reject=rejections.extend), rejections


async def test_customers_of_two_files_meet_and_a_corrected_row_parts_them(graph: Graph) -> None:
    header = "id,changed,mail,first,city,card\n"
    await load(
        graph,
        "crm",
        CUSTOMERS,
        header + "1,2026-01-01,Marc@x.fr,Marc,Lyon,2990-0017\n2,2026-01-01,b@x.fr,Bea,Nice,\n",
    )
    await load(graph, "pos", CUSTOMERS, header + "t9,2026-01-02,,Marc,Paris,29900017\n")
    assert await query(graph, PEOPLE) == [
        {"records": ["crm:row:1", "pos:row:t9"], "city": "Paris"},
        {"records": ["crm:row:2"], "city": "Nice"},
    ]
    await load(graph, "pos", CUSTOMERS, header + "t9,2026-01-03,,Paul,Paris,29900018\n")
    assert await query(graph, PEOPLE) == [
        {"records": ["crm:row:1"], "city": "Lyon"},
        {"records": ["crm:row:2"], "city": "Nice"},
        {"records": ["pos:row:t9"], "city": "Paris"},
    ]


async def test_the_lines_of_a_till_become_one_purchase_of_whoever_holds_the_card(graph: Graph) -> None:
    await load(
        graph, "crm", CUSTOMERS, "id,changed,mail,first,city,card\n1,2026-01-01,a@x.fr,Ada,Lyon,2990-0017\n"
    )
    lines = (
        "ticket,at,card,ean,count,price\n"
        "T1,2026-01-02,29900017,3600,2,19.90\nT1,2026-01-02,29900017,3601,1,5\nT2,2026-01-03,29900017,3600,1,19.90\n"
        "T1,2026-01-02,29900017,3602,1,1\n"
    )
    tally, rejections = await load(graph, "pos", LINES, lines)
    assert (tally.accepted, [(one.line, one.code) for one in rejections]) == (2, [(5, "LINES_APART")])
    assert await query(
        graph,
        "MATCH (p:Person {email: 'a@x.fr'})<-[:RESOLVES_TO]-(:SourceRecord)-[:MADE]->(t) "
        "RETURN t.key AS key, t.amount AS amount, t.quantity AS quantity ORDER BY key",
    ) == [{"key": "pos:T1", "amount": 44.8, "quantity": 3}, {"key": "pos:T2", "amount": 19.9, "quantity": 1}]


async def test_rows_about_customers_and_about_nobody_go_each_their_way(graph: Graph) -> None:
    tally, rejections = await load(graph, "crm", COMPANIES, "siren,contact\n1,17\n2,\n3,null\n4,18\n")
    assert (tally.accepted, [(one.line, one.code) for one in rejections]) == (3, [(4, "NO_IDENTITY")])
    assert await query(graph, "MATCH (e:Event) RETURN e.name AS name, e.record_key AS key ORDER BY key") == [
        {"name": "company", "key": "crm:row:17"},
        {"name": "company", "key": "crm:row:18"},
    ]


async def test_importing_again_changes_nothing(graph: Graph) -> None:
    content = "id,changed,mail,first,city,card\n" + "".join(
        f"{n},2026-01-01,c{n % 400}@x.fr,,Lyon,\n" for n in range(1, 801)
    )
    first, _ = await load(graph, "crm", CUSTOMERS, content)
    everything = await query(graph, "MATCH (n) RETURN count(n) AS nodes, sum(COUNT { (n)--() }) AS ends")
    again, _ = await load(graph, "crm", CUSTOMERS, content)
    assert (first.accepted, again.accepted, again.duplicates) == (800, 0, 800)
    assert (
        await query(graph, "MATCH (n) RETURN count(n) AS nodes, sum(COUNT { (n)--() }) AS ends") == everything
    )
    assert await query(graph, "MATCH (p:Person) WHERE NOT p:Merged RETURN count(p) AS people") == [
        {"people": 400}
    ]


async def test_an_order_that_comes_before_its_customer_is_theirs(graph: Graph) -> None:
    orders = "number,customer,at,amount,count\nA1,17,2026-01-01T10:00:00Z,12.50,3\nA2,null,2026-01-01,1,1\n"
    tally, rejections = await load(graph, "shop", ORDERS, orders)
    assert (tally.accepted, [(one.line, one.code) for one in rejections]) == (1, [(3, "NO_IDENTITY")])
    customers = "id,changed,mail,first,city,card\n17,2026-01-01,jean@x.fr,Jean,Lyon,\n"
    await load(graph, "shop", CUSTOMERS, customers)
    bought = await query(
        graph,
        """
        MATCH (p:Person)<-[:RESOLVES_TO]-(r:SourceRecord)-[:MADE]->(t:Transaction)
        RETURN p.email AS email, r.key AS record, t.key AS key, t.kind AS kind, t.amount AS amount,
               t.currency AS currency, t.quantity AS quantity, t.occurred_at AS at
        """,
    )
    assert bought == [
        {
            "email": "jean@x.fr", "record": "shop:row:17", "key": "shop:A1", "kind": "order", "amount": 12.5,
            "currency": "EUR", "quantity": 3, "at": 1_767_261_600_000,
        }
    ]  # fmt: skip


async def test_text_that_looks_like_a_formula_or_a_query_is_text(graph: Graph) -> None:
    odd = "=cmd|' /C calc'!A0 '}) DETACH DELETE n //"
    await load(graph, "crm", CUSTOMERS, f'id,changed,mail,first,city,card\n1,2026-01-01,,,"{odd}",\n')
    assert await query(graph, "MATCH (r:SourceRecord) RETURN r.city AS city") == [{"city": odd}]
