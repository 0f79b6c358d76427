"""Dead letters that came from files, settled in GraphQL: rows about somebody, about nobody, and of several lines."""

import io
import json
import uuid
from typing import Any

import httpx
import pytest

from graph_cdp.collect.import_jobs import ImportJob, bury_in, save_in
from graph_cdp.collect.importer import Import, Tally, import_file
from graph_cdp.collect.mapping import parse_mapping
from graph_cdp.flows.declared import parse_declared
from graph_cdp.flows.ingest import Ingest
from graph_cdp.flows.state_facts import StateFacts
from graph_cdp.graph.transactions import Graph
from graph_cdp.identity.policy import DEFAULT_POLICY
from graph_cdp.intake.record import RowReceipt
from tests.integration.mutating import MEND_DEAD_LETTER, REPLAY_DEAD_LETTERS, Caller, caller
from tests.integration.querying import query

pytestmark = pytest.mark.neo4j

NOON = 1_790_000_000_000
RULES = """
sources:
  crm:
    rules: [{name: country-known, field: country, allowed: [FR], otherwise: reject}]
"""
CUSTOMERS = (
    "entity: record\nrecord_id: id\nas_of: 2026-01-31\ntraits: {country: land, city: city}\n",
    "id,land,city\n1,DE,Bonn\n2,FR\n",
)
PRODUCTS = ("entity: product\nsku: ean\nprice: price\n", "ean,price\n3600,cheap\n")
LINES = (
    """
entity: transaction_line
transaction_id: ticket
timestamp: at
customer: {identifier: loyalty_card, column: card}
line: {sku: ean, quantity: count, unit_price: price}
""",
    "ticket,at,card,ean,count,price\nT1,2026-01-01,29900017,3600,1,5\nT1,2026-01-01,29900017,3601,two,7\n",
)
LETTERS = """query { dead_letters(first: 100, filter: {state: WAITING}) {
  edges { node { dead_letter_id code door line is_whole body } } } }"""


async def load(graph: Graph, mapping: str, rows: str) -> None:
    """Import a file of the CRM as the command does, and keep what is refused."""
    rules = parse_declared(RULES).sources.rules("crm")
    receipt = RowReceipt(source="crm", received_at=NOON, region="FR", rules=rules)
    job = ImportJob(source="crm", file_hash="f", mapping_hash=mapping, mapping=mapping)
    await save_in(graph, job, lambda: NOON)(Tally(), "pending")
    work = Import(
        mapping=parse_mapping(mapping),
        receipt=receipt,
        ingest=Ingest(graph=graph, policy=DEFAULT_POLICY, clock=lambda: NOON),
        state=StateFacts(graph=graph, clock=lambda: NOON),
        bury=bury_in(graph, job, receipt),
    )
    await import_file(io.BytesIO(rows.encode()), work, reject=lambda _: None)


async def waiting(steward: Caller) -> dict[str, dict[str, Any]]:
    """The letters that wait, by their codes."""
    answer = await steward.ask(LETTERS)
    nodes = [edge["node"] for edge in answer["data"]["dead_letters"]["edges"]]
    assert {node["door"] for node in nodes} == {"FILE"}
    return {node["code"]: node for node in nodes}


async def mend(steward: Caller, letter: dict[str, Any], body: object) -> list[str]:
    """What becomes of a letter in whose place a body is sent."""
    item = {
        "idempotency_key": str(uuid.uuid4()),
        "id": letter["dead_letter_id"],
        "body": json.dumps(body),
    }
    return [one["became"] for one in (await steward.call(MEND_DEAD_LETTER, input=item))["letters"]]


async def test_rows_of_customers_are_replayed_by_the_rules_of_today_as_of_their_file(
    service: httpx.AsyncClient, graph: Graph
) -> None:
    steward = await caller(service, graph, "steward")
    await load(graph, *CUSTOMERS)
    letters = await waiting(steward)
    assert [(one["code"], one["line"], one["is_whole"]) for one in letters.values()] == [
        ("WRONG_NUMBER_OF_CELLS", 3, False),
        ("RULE_REJECTED", 2, True),
    ]

    result = await steward.call(
        REPLAY_DEAD_LETTERS, input={"idempotency_key": "k1", "filter": {"source": "crm"}}
    )
    became = {one["letter"]["code"]: one["became"] for one in result["letters"]}
    assert became == {"RULE_REJECTED": "REPLAYED", "WRONG_NUMBER_OF_CELLS": "NOT_REPLAYABLE"}
    torn = letters["WRONG_NUMBER_OF_CELLS"]
    assert await mend(steward, torn, {"id": 2, "land": "FR", "city": "Lyon"}) == ["REPLAYED"]

    assert await query(graph, "MATCH (r:SourceRecord) RETURN r.key AS key, r.city AS city ORDER BY key") == [
        {"key": "crm:row:1", "city": "Bonn"},
        {"key": "crm:row:2", "city": "Lyon"},
    ]
    as_of = 1_769_817_600_000
    assert (
        await query(graph, "MATCH (e:Event {source: 'crm'}) RETURN e.occurred_at AS at")
        == [{"at": as_of}] * 2
    )
    assert (await steward.ask(LETTERS))["data"]["dead_letters"]["edges"] == []


async def test_rows_about_nobody_and_lines_of_a_purchase_are_mended(
    service: httpx.AsyncClient, graph: Graph
) -> None:
    steward = await caller(service, graph, "steward")
    await load(graph, *PRODUCTS)
    (letter,) = (await waiting(steward)).values()
    assert await mend(steward, letter, {"ean": "3600", "price": 1.10}) == ["REPLAYED"]
    await load(graph, *LINES)
    (letter,) = (await waiting(steward)).values()
    lines = json.loads(letter["body"])
    assert await mend(steward, letter, lines) == ["REFUSED_AGAIN"]
    lines[1]["count"] = 2
    assert await mend(steward, letter, lines) == ["REPLAYED"]

    assert await query(graph, "MATCH (p:Product {sku: '3600'}) RETURN p.price AS price") == [{"price": 1.1}]
    bought = """MATCH (:SourceRecord {key: 'crm:loyalty_card:29900017'})-[:MADE]->(t:Transaction)-[line:CONTAINS]->(p:Product)
    RETURN t.key AS key, t.amount AS amount, p.sku AS sku, line.quantity AS quantity ORDER BY sku"""
    assert await query(graph, bought) == [
        {"key": "crm:T1", "amount": 19.0, "sku": "3600", "quantity": 1.0},
        {"key": "crm:T1", "amount": 19.0, "sku": "3601", "quantity": 2.0},
    ]
