"""Bad input of mutations: each has an exact code, nothing of it is stored, and the rest of its call is."""

from typing import Any

import httpx
import pytest

from graph_cdp.graph.transactions import Graph
from tests.integration.mutating import (
    IDENTIFY,
    RECORD_CONSENT,
    RESULT,
    TRACK,
    WRITE_ORG_UNITS,
    WRITE_PRODUCTS,
    WRITE_RECORDS,
    WRITE_TRANSACTIONS,
    caller,
)
from tests.integration.querying import query

pytestmark = pytest.mark.neo4j

ID_TOO_LONG = "i" * 1_025
ORDER = {"about": {"user_id": "u1"}, "number": "1017", "occurred_at": "2026-01-01T00:00:00Z"}
EMAIL = {"kind": "email", "value": "marie@example.com"}
GIVEN = {"purpose": "newsletter", "channel": "EMAIL", "state": "GIVEN", "contact_point": EMAIL}


def nested(depth: int) -> Any:
    return 1 if depth == 0 else {"a": nested(depth - 1)}


async def dead_letters(graph: Graph) -> list[dict[str, Any]]:
    return await query(
        graph,
        "MATCH (n:DeadLetter) RETURN n.source AS source, n.code AS code, n.message_id AS message_id ORDER BY message_id",
    )


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"row_id": ""}, "NO_IDENTITY"),
        ({"row_id": "  "}, "NO_IDENTITY"),
        ({"row_id": "null"}, "NO_IDENTITY"),
        ({"row_id": "[object Object]"}, "NO_IDENTITY"),
        ({"row_id": ID_TOO_LONG}, "NO_IDENTITY"),
        ({"identifiers": [{"kind": "user_id", "value": ID_TOO_LONG}]}, "INVALID_FIELD"),
        ({"traits": {"description": "d" * 32_769}}, "EVENT_TOO_LARGE"),
        ({"changed_at": "yesterday"}, "INVALID_TIMESTAMP"),
        ({"changed_at": "2026-02-30T00:00:00Z"}, "INVALID_TIMESTAMP"),
        ({"changed_at": "0000-01-01T00:00:00Z"}, "INVALID_TIMESTAMP"),
        ({"changed_at": "1767225600"}, "INVALID_TIMESTAMP"),
        ({"changed_at": "1899-12-31T23:59:59Z"}, "INVALID_TIMESTAMP"),
        ({"changed_at": "9999-12-31T00:00:00Z"}, "INVALID_TIMESTAMP"),
        ({"idempotency_key": ""}, "INVALID_FIELD"),
        ({"idempotency_key": "k" * 101}, "INVALID_FIELD"),
    ],
)
async def test_a_bad_record_is_refused_and_the_others_are_written(
    service: httpx.AsyncClient, graph: Graph, fields: dict[str, object], code: str
) -> None:
    steward = await caller(service, graph, "steward")
    good = [{"idempotency_key": f"good-{number}", "row_id": str(number)} for number in (1, 2)]
    bad = {"idempotency_key": "bad", "row_id": "17", **fields}

    results = await steward.call(WRITE_RECORDS, source="crm", records=[good[0], bad, good[1]])

    assert [one["error"] and one["error"]["code"] for one in results] == [None, code, None]
    assert (results[1]["record_id"], results[1]["person_id"]) == (None, None)
    assert await query(graph, "MATCH (r:SourceRecord) RETURN r.key AS key ORDER BY key") == [
        {"key": "crm:row:1"},
        {"key": "crm:row:2"},
    ]
    ((letter),) = await dead_letters(graph)
    assert (letter["source"], letter["code"]) == ("crm", code)


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"about": {}}, "NO_IDENTITY"),
        ({"about": {"user_id": "undefined"}}, "NO_IDENTITY"),
        ({"about": {"email": "test@test.com"}}, "NO_IDENTITY"),
        ({"about": {"phone": "0000000000"}}, "NO_IDENTITY"),
        ({"about": {"user_id": ID_TOO_LONG}}, "INVALID_FIELD"),
        (
            {"about": {"user_id": "u1", "identifiers": [{"kind": "shoe_size", "value": "38"}]}},
            "INVALID_FIELD",
        ),
        ({"event": " \u200b "}, "INVALID_FIELD"),
        ({"event": "e" * 501}, "INVALID_FIELD"),
        ({"properties": nested(32)}, "TOO_DEEP"),
        ({"properties": {f"p{number}": 1 for number in range(10_001)}}, "EVENT_TOO_LARGE"),
        ({"properties": [2**63]}, "INVALID_NUMBER"),
        ({"occurred_at": "2026-13-01"}, "INVALID_TIMESTAMP"),
    ],
)
async def test_a_bad_event_is_refused(
    service: httpx.AsyncClient,
    graph: Graph,
    monkeypatch: pytest.MonkeyPatch,
    fields: dict[str, object],
    code: str,
) -> None:
    monkeypatch.setattr("graph_cdp.api.endpoint.BODY_BYTES_MAX", 1024 * 1024)
    web = await caller(service, graph, "ingest")
    item = {"idempotency_key": "k1", "about": {"user_id": "u1"}, "event": "Viewed", **fields}

    result = await web.call(TRACK, input=item)

    assert result["error"]["code"] == code
    assert await dead_letters(graph) == [{"source": "web", "code": code, "message_id": "k1"}]
    assert await query(graph, "MATCH (n) WHERE n:Event OR n:SourceRecord RETURN count(n) AS nodes") == [
        {"nodes": 0}
    ]


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"number": " \x00 "}, "INVALID_FIELD"),
        ({"number": "1" * 201}, "INVALID_FIELD"),
        ({"amount": 1e12}, "INVALID_NUMBER"),
        ({"quantity": 1_000_000_000}, "INVALID_NUMBER"),
        ({"currency": "eur"}, "INVALID_FIELD"),
        ({"currency": "€"}, "INVALID_FIELD"),
        ({"occurred_at": ""}, "INVALID_TIMESTAMP"),
        ({"lines": [{"sku": ""}]}, "INVALID_FIELD"),
        ({"lines": [{"sku": "1", "unit_price": -1e13}]}, "INVALID_NUMBER"),
        ({"lines": [{"sku": "1"}] * 101}, "INVALID_FIELD"),
        ({"coupon": "c" * 501}, "INVALID_FIELD"),
    ],
)
async def test_a_bad_transaction_is_refused_and_the_other_is_written(
    service: httpx.AsyncClient, graph: Graph, fields: dict[str, object], code: str
) -> None:
    shop = await caller(service, graph, "ingest", source="shop")

    results = await shop.call(
        WRITE_TRANSACTIONS,
        transactions=[{"idempotency_key": "bad", **ORDER, **fields}, {"idempotency_key": "good", **ORDER}],
    )

    assert [one["error"] and one["error"]["code"] for one in results] == [code, None]
    assert await query(graph, "MATCH (t:Transaction) RETURN t.key AS key") == [{"key": "shop:1017"}]


@pytest.mark.parametrize(
    ("statements", "code"),
    [
        ([], "INVALID_FIELD"),
        ([GIVEN] * 51, "INVALID_FIELD"),
        ([{**GIVEN, "contact_point": None}], "INVALID_FIELD"),
        ([{**GIVEN, "contact_point": {"kind": "user_id", "value": "u1"}}], "INVALID_FIELD"),
        ([{**GIVEN, "contact_point": {"kind": "email", "value": "noreply@example.com"}}], "INVALID_FIELD"),
        ([{**GIVEN, "purpose": ""}], "INVALID_FIELD"),
    ],
)
async def test_a_bad_consent_is_refused(
    service: httpx.AsyncClient, graph: Graph, statements: list[object], code: str
) -> None:
    web = await caller(service, graph, "ingest")
    item = {"idempotency_key": "k1", "about": {"user_id": "u1"}, "statements": statements}

    assert (await web.call(RECORD_CONSENT, input=item))["error"]["code"] == code
    assert await query(graph, "MATCH (e:Event) RETURN count(e) AS events") == [{"events": 0}]


async def test_bad_products_are_refused_and_the_other_is_kept(
    service: httpx.AsyncClient, graph: Graph
) -> None:
    shop = await caller(service, graph, "ingest", source="shop")
    products = [
        {"idempotency_key": "k1", "sku": ""},
        {"idempotency_key": "k2", "sku": "1", "price": -1},
        {"idempotency_key": "k3", "sku": "1", "url": "u" * 2_001},
        {"idempotency_key": "k4", "sku": "1", "price": 59.9},
        {"idempotency_key": "k4", "sku": "2", "price": 59.9},
    ]

    results = await shop.call(WRITE_PRODUCTS, products=products)

    assert [one["error"] and one["error"]["code"] for one in results] == [
        "INVALID_FIELD",
        "INVALID_NUMBER",
        "INVALID_FIELD",
        None,
        "IDEMPOTENCY_KEY_REUSED",
    ]
    assert await query(graph, "MATCH (e:Event) RETURN e.message_id AS message_id") == [{"message_id": "k4"}]


@pytest.mark.parametrize(
    ("units", "code"),
    [
        ([], "INVALID_FIELD"),
        ([{"id": ""}], "INVALID_FIELD"),
        ([{"id": "a"}, {"id": "a"}], "INVALID_FIELD"),
        ([{"id": "a", "part_of": "b"}], "BAD_NETWORK"),
        ([{"id": "a", "part_of": "a"}], "BAD_NETWORK"),
        ([{"id": "a", "part_of": "b"}, {"id": "b", "part_of": "a"}], "BAD_NETWORK"),
    ],
)
async def test_bad_units_are_refused_all_together(
    service: httpx.AsyncClient, graph: Graph, units: list[object], code: str
) -> None:
    steward = await caller(service, graph, "steward")

    result = await steward.call(WRITE_ORG_UNITS, input={"idempotency_key": "k1", "org_units": units})

    assert result["error"]["code"] == code
    assert await query(graph, "MATCH (n) WHERE n:Event OR n:OrgUnit RETURN count(n) AS nodes") == [
        {"nodes": 0}
    ]


@pytest.mark.parametrize(
    "arguments",
    [
        'identify(input: {idempotency_key: "k1", about: {user_id: 1.5}})',
        'write_transactions(transactions: [{idempotency_key: "k1", about: {user_id: "u1"}, number: "1", amount: "12"}])',
        'identify(input: {about: {user_id: "u1"}})',
    ],
)
async def test_a_wrong_type_refuses_the_whole_document(
    service: httpx.AsyncClient, graph: Graph, arguments: str
) -> None:
    web = await caller(service, graph, "ingest")

    assert {
        error["extensions"]["code"]
        for error in (await web.ask(f"mutation {{ {arguments} {{ __typename }} }}"))["errors"]
    } == {"GRAPHQL_INVALID"}
    assert await query(graph, "MATCH (e:Event) RETURN count(e) AS events") == [{"events": 0}]


@pytest.mark.parametrize(("literal", "code"), [("1e400", "INVALID_NUMBER"), ("-1e400", "INVALID_NUMBER")])
async def test_an_infinite_number_in_the_document_is_its_inputs_fault(
    service: httpx.AsyncClient, graph: Graph, literal: str, code: str
) -> None:
    web = await caller(service, graph, "ingest")
    document = f"""mutation {{ write_products(products: [
      {{idempotency_key: "k1", sku: "1", price: {literal}}}, {{idempotency_key: "k2", sku: "2"}}
    ]) {{ results {{ {RESULT} }} }} }}"""

    results = await web.call(document)

    assert [one["error"] and one["error"]["code"] for one in results] == [code, None]


@pytest.mark.parametrize("count", [0, 101])
async def test_a_call_has_1_to_100_inputs(service: httpx.AsyncClient, graph: Graph, count: int) -> None:
    steward = await caller(service, graph, "steward")
    records = [{"idempotency_key": f"k{number}", "row_id": str(number)} for number in range(count)]

    assert await steward.refusal(WRITE_RECORDS, source="crm", records=records) == "TOO_MANY_ITEMS"
    assert await query(graph, "MATCH (e:Event) RETURN count(e) AS events") == [{"events": 0}]


@pytest.mark.parametrize(
    "odd",
    ["'}) DETACH DELETE n //", "`x`", "__proto__", "=cmd|' /C calc'!A0", "\u202eabc", "İstanbul", "a+tag"],
)
async def test_odd_but_lawful_values_are_kept(service: httpx.AsyncClient, graph: Graph, odd: str) -> None:
    web = await caller(service, graph, "ingest")
    item = {"idempotency_key": odd, "about": {"user_id": odd}, "traits": {"name": odd}}

    result = await web.call(IDENTIFY, input=item)

    assert (result["idempotency_key"], result["error"]) == (odd, None)
    assert await query(graph, "MATCH (e:Event) RETURN e.message_id AS message_id") == [{"message_id": odd}]
