"""Facts that mutations state, as they are in the graph: purchases with their lines, consents, firms, stores."""

import httpx
import pytest

from graph_cdp.graph.transactions import Graph
from tests.integration.mutating import (
    RECORD_CONSENT,
    WRITE_COMPANIES,
    WRITE_PRODUCTS,
    WRITE_STORES,
    WRITE_TRANSACTIONS,
    caller,
)
from tests.integration.querying import query

pytestmark = pytest.mark.neo4j

NEW_YEAR = 1_767_225_600_000
ORDER = {
    "idempotency_key": "o1",
    "about": {"row_id": "17"},
    "number": "1017",
    "occurred_at": "2026-01-01T00:00:00Z",
    "amount": 119.8,
    "currency": "EUR",
    "status": "completed",
    "store": "LYO-1",
    "lines": [{"sku": "SKU-12", "name": "Linen shirt", "quantity": 2, "unit_price": 59.9}],
}

EMAIL = {"kind": "email", "value": "Marie@Example.com"}
CONSENT = {
    "idempotency_key": "c1",
    "about": {"user_id": "u1"},
    "occurred_at": "2026-01-01T00:00:00Z",
    "notice_id": "privacy",
    "notice_version": "2026-01",
    "method": "web form",
    "jurisdiction": "FR",
    "statements": [
        {"purpose": "newsletter", "channel": "EMAIL", "state": "GIVEN", "contact_point": EMAIL},
        {
            "purpose": "profiling",
            "channel": "WEB",
            "state": "REFUSED",
            "lawful_basis": "LEGITIMATE_INTERESTS",
        },
    ],
}

SAID = {"key": "web:user:u1", "version": "2026-01", "at": NEW_YEAR}
POINT = "marie@example.com"
BASIS = "legitimate_interests"


async def test_an_order_holds_its_lines_and_its_store_and_a_return_takes_it_back(
    service: httpx.AsyncClient, graph: Graph
) -> None:
    shop = await caller(service, graph, "ingest", source="shop")
    back = {
        "idempotency_key": "r1",
        "about": {"row_id": "17"},
        "number": "R-1",
        "kind": "RETURN",
        "occurred_at": "2026-01-05T00:00:00Z",
        "returns": "1017",
    }

    results = await shop.call(WRITE_TRANSACTIONS, transactions=[back, ORDER])

    assert [one["error"] for one in results] == [None, None]
    assert await query(
        graph,
        """MATCH (back:Transaction {kind: 'return'})-[:RETURNS]->(order:Transaction)
        MATCH (store:Store)<-[:AT]-(order)-[line:CONTAINS]->(product:Product)
        RETURN back.key AS back, order.key AS key, order.status AS status, store.code AS store, line.quantity AS quantity,
               line.unit_price AS unit_price, product.sku AS sku, product.name AS name, product.introduced AS introduced""",
    ) == [
        {
            "back": "shop:R-1",
            "key": "shop:1017",
            "status": "completed",
            "store": "LYO-1",
            "quantity": 2.0,
            "unit_price": 59.9,
            "sku": "SKU-12",
            "name": "Linen shirt",
            "introduced": True,
        }
    ]


async def test_the_later_statement_about_a_product_counts(service: httpx.AsyncClient, graph: Graph) -> None:
    shop = await caller(service, graph, "ingest", source="shop")
    now = {
        "idempotency_key": "p2",
        "sku": "SKU-12",
        "price": 49.9,
        "stock": 3,
        "occurred_at": "2026-02-01T00:00:00Z",
    }
    before = {"idempotency_key": "p1", "sku": "SKU-12", "price": 59.9, "occurred_at": "2026-01-01T00:00:00Z"}

    await shop.call(WRITE_TRANSACTIONS, transactions=[ORDER])
    await shop.call(WRITE_PRODUCTS, products=[now])
    await shop.call(WRITE_PRODUCTS, products=[before])

    assert await query(
        graph, "MATCH (p:Product) RETURN p.price AS price, p.stock AS stock, p.introduced AS introduced"
    ) == [{"price": 49.9, "stock": 3, "introduced": None}]


async def test_a_consent_is_about_its_contact_point_which_the_record_holds(
    service: httpx.AsyncClient, graph: Graph
) -> None:
    web = await caller(service, graph, "ingest")
    await web.call(RECORD_CONSENT, input=CONSENT)
    again = await web.call(RECORD_CONSENT, input=CONSENT)

    assert again["was_duplicate"] is True
    assert await query(
        graph,
        """MATCH (record:SourceRecord)-[:GAVE]->(consent:ConsentRecord)
        OPTIONAL MATCH (consent)-[:ABOUT]->(point:Identifier)<-[:HAS_IDENTIFIER]-(record)
        RETURN record.key AS key, consent.purpose AS purpose, consent.channel AS channel, consent.state AS state,
               consent.lawful_basis AS basis, consent.notice_version AS version, consent.occurred_at AS at,
               point.value AS point ORDER BY purpose""",
    ) == [
        {
            **SAID,
            "purpose": "newsletter",
            "channel": "email",
            "state": "given",
            "basis": "consent",
            "point": POINT,
        },
        {**SAID, "purpose": "profiling", "channel": "web", "state": "refused", "basis": BASIS, "point": None},
    ]


async def test_a_company_is_known_with_and_without_somebody_who_belongs_to_it(
    service: httpx.AsyncClient, graph: Graph
) -> None:
    crm = await caller(service, graph, "ingest", source="crm")
    acme = {"idempotency_key": "f1", "number": "0017", "name": "Acme", "plan": "enterprise"}
    marie = {"idempotency_key": "f2", "number": "0017", "industry": "Textiles", "about": {"row_id": "17"}}

    alone, member = await crm.call(WRITE_COMPANIES, companies=[acme, marie])

    assert (alone["record_id"], alone["error"]) == (None, None)
    assert await query(
        graph,
        """MATCH (record:SourceRecord)-[:MEMBER_OF]->(company:Company)
        RETURN record.id AS record_id, company.key AS key, company.name AS name, company.plan AS plan,
               company.industry AS industry""",
    ) == [
        {
            "record_id": member["record_id"],
            "key": "crm:0017",
            "name": "Acme",
            "plan": "enterprise",
            "industry": "Textiles",
        }
    ]


async def test_a_store_belongs_to_its_unit(service: httpx.AsyncClient, graph: Graph) -> None:
    till = await caller(service, graph, "ingest", source="pos")
    lyon = {"idempotency_key": "s1", "code": "LYO-1", "name": "Lyon", "country": "France", "org_unit": "lyon"}

    await till.call(WRITE_STORES, stores=[lyon])

    assert await query(
        graph,
        """MATCH (store:Store)-[:BELONGS_TO]->(unit:OrgUnit)
        RETURN store.code AS code, store.name AS name, store.country AS country, unit.id AS unit""",
    ) == [{"code": "LYO-1", "name": "Lyon", "country": "FR", "unit": "lyon"}]
