"""Bad input of mutations: each has an exact code, nothing of it is stored, and the rest of its call is."""

import gzip
from collections.abc import Mapping

import httpx
import orjson
import pytest

from graph_cdp.graph.transactions import Graph
from tests.integration.bad_inputs import (
    APART,
    BAD_COMPANIES,
    BAD_EVENTS,
    BAD_PRODUCTS,
    BAD_RECORDS,
    BAD_STATEMENTS,
    BAD_STORES,
    BAD_TRANSACTIONS,
    ODD,
    ORDER,
    SEEN_AS,
    TOO_LONG,
    Bad,
)
from tests.integration.mutating import (
    IDENTIFY,
    RECORD_CONSENT,
    RESULT,
    TRACK,
    WRITE_COMPANIES,
    WRITE_ORG_UNITS,
    WRITE_PRODUCTS,
    WRITE_RECORDS,
    WRITE_STORES,
    WRITE_TRANSACTIONS,
    Answer,
    Caller,
    caller,
)
from tests.integration.querying import query

pytestmark = pytest.mark.neo4j


async def refuse_each(who: Caller, document: str, name: str, good: Answer, bad: Bad, **more: object) -> None:
    """Send each bad input between two good ones, and hold the results to the codes."""
    items = [
        item
        for number, (what, (fields, _)) in enumerate(bad.items())
        for item in (
            {**good, "idempotency_key": f"{name}-{number}"},
            {**good, "idempotency_key": what, **fields},
        )
    ]
    results = await who.call(document, **{name: items}, **more)
    refused = {
        what: one["error"] and one["error"]["code"] for what, one in zip(bad, results[1::2], strict=True)
    }
    assert refused == {what: code for what, (_, code) in bad.items()}
    assert {(one["record_id"], one["person_id"]) for one in results[1::2]} == {(None, None)}
    assert [one["error"] for one in results[::2]] == [None] * len(bad)


async def letters(graph: Graph) -> list[str]:
    rows = await query(graph, "MATCH (n:DeadLetter) RETURN n.code AS code ORDER BY code")
    return [row["code"] for row in rows]


async def test_bad_records_are_refused_and_the_others_are_written(
    service: httpx.AsyncClient, graph: Graph
) -> None:
    steward = await caller(service, graph, "steward")

    await refuse_each(steward, WRITE_RECORDS, "records", {"row_id": "17"}, BAD_RECORDS, source="crm")

    assert await query(graph, "MATCH (r:SourceRecord) RETURN r.key AS key") == [{"key": "crm:row:17"}]
    assert await query(graph, "MATCH (i:Identifier) RETURN i.kind AS kind, i.value AS value") == [
        {"kind": "customer_id", "value": "crm:17"}
    ]
    assert await letters(graph) == sorted(code for _, code in BAD_RECORDS.values())


async def test_bad_events_are_refused(service: httpx.AsyncClient, graph: Graph) -> None:
    web = await caller(service, graph, "ingest")
    good = {"about": {"user_id": "u1"}, "event": "Viewed"}

    refused = {
        what: (await web.call(TRACK, input={**good, "idempotency_key": what, **fields}))["error"]["code"]
        for what, (fields, _) in BAD_EVENTS.items()
    }

    assert refused == {what: code for what, (_, code) in BAD_EVENTS.items()}
    assert await letters(graph) == sorted(code for _, code in BAD_EVENTS.values())
    assert await stored(graph) == 0


async def test_bad_facts_are_refused_and_the_others_are_written(
    service: httpx.AsyncClient, graph: Graph
) -> None:
    shop = await caller(service, graph, "ingest", source="shop")

    await refuse_each(shop, WRITE_TRANSACTIONS, "transactions", ORDER, BAD_TRANSACTIONS)
    await refuse_each(shop, WRITE_PRODUCTS, "products", {"sku": "SKU-12"}, BAD_PRODUCTS)
    await refuse_each(shop, WRITE_STORES, "stores", {"code": "LYO-1"}, BAD_STORES)
    await refuse_each(shop, WRITE_COMPANIES, "companies", {"number": "0017"}, BAD_COMPANIES)

    things = "MATCH (n:Transaction|Product|Store|Company) RETURN coalesce(n.key, n.sku, n.code) AS key ORDER BY key"
    assert [row["key"] for row in await query(graph, things)] == ["LYO-1", "SKU-12", "shop:0017", "shop:1017"]
    assert await query(graph, "MATCH (r:SourceRecord) RETURN r.key AS key") == [{"key": "shop:user:u1"}]


async def test_bad_consents_are_refused(service: httpx.AsyncClient, graph: Graph) -> None:
    web = await caller(service, graph, "ingest")
    refused = {}
    for what, (statements, _) in BAD_STATEMENTS.items():
        item = {"idempotency_key": what, "about": {"user_id": "u1"}, "statements": statements}
        refused[what] = (await web.call(RECORD_CONSENT, input=item))["error"]["code"]

    assert refused == {what: code for what, (_, code) in BAD_STATEMENTS.items()}
    assert await stored(graph) == 0


async def test_a_key_is_one_input_of_its_call(service: httpx.AsyncClient, graph: Graph) -> None:
    shop = await caller(service, graph, "ingest", source="shop")
    products = [{"idempotency_key": "k1", "sku": "1"}, {"idempotency_key": "k1", "sku": "2"}]

    results = await shop.call(WRITE_PRODUCTS, products=products)

    assert [one["error"] and one["error"]["code"] for one in results] == [None, "IDEMPOTENCY_KEY_REUSED"]
    assert await query(graph, "MATCH (p:Product) RETURN p.sku AS sku") == [{"sku": "1"}]


async def test_bad_units_are_refused_all_together(service: httpx.AsyncClient, graph: Graph) -> None:
    steward = await caller(service, graph, "steward")
    bad: list[tuple[list[object], str]] = [
        ([], "INVALID_FIELD"),
        ([{"id": ""}], "INVALID_FIELD"),
        ([{"id": TOO_LONG}], "INVALID_FIELD"),
        ([{"id": "a"}, {"id": "a"}], "INVALID_FIELD"),
        ([{"id": "a", "part_of": "b"}], "BAD_NETWORK"),
        ([{"id": "a", "part_of": "a"}], "BAD_NETWORK"),
        ([{"id": "a", "part_of": "b"}, {"id": "b", "part_of": "a"}], "BAD_NETWORK"),
    ]

    refused = [
        (await steward.call(WRITE_ORG_UNITS, input={"idempotency_key": "k1", "org_units": units}))["error"]
        for units, _ in bad
    ]

    assert [error["code"] for error in refused] == [code for _, code in bad]
    assert await query(graph, "MATCH (n) WHERE n:Event OR n:OrgUnit RETURN count(n) AS nodes") == [
        {"nodes": 0}
    ]


async def test_a_wrong_type_refuses_the_whole_document(service: httpx.AsyncClient, graph: Graph) -> None:
    web = await caller(service, graph, "ingest")
    wrong = [
        'identify(input: {idempotency_key: "k1", about: {user_id: 1.5}})',
        'identify(input: {idempotency_key: "k1", about: {user_id: ["u1"]}})',
        'identify(input: {idempotency_key: "k1", about: {user_id: "u1", user_id: "u2"}})',
        'identify(input: {idempotency_key: "k1", about: {__proto__: "u1"}})',
        'write_transactions(transactions: [{idempotency_key: "k1", about: {user_id: "u1"}, number: "1", amount: "12"}])',
        'write_products(products: [{idempotency_key: "k1", sku: "1", stock: 9223372036854775808}])',
        'identify(input: {about: {user_id: "u1"}})',
    ]

    answers = [await web.ask(f"mutation {{ {arguments} {{ __typename }} }}") for arguments in wrong]

    codes = [{error["extensions"]["code"] for error in answer["errors"]} for answer in answers]
    assert codes == [{"GRAPHQL_INVALID"}] * len(wrong)
    assert await stored(graph) == 0


async def test_an_infinite_number_in_the_document_is_its_inputs_fault(
    service: httpx.AsyncClient, graph: Graph
) -> None:
    web = await caller(service, graph, "ingest")
    document = f"""mutation {{ write_products(products: [
      {{idempotency_key: "k1", sku: "1", price: 1e400}}, {{idempotency_key: "k2", sku: "1", price: -1e400}},
      {{idempotency_key: "k3", sku: "2"}}
    ]) {{ results {{ {RESULT} }} }} }}"""

    results = await web.call(document)

    codes = [one["error"] and one["error"]["code"] for one in results]
    assert codes == ["INVALID_NUMBER", "INVALID_NUMBER", None]


def tracked(properties: bytes) -> bytes:
    """The body of a call to `track`, byte for byte."""
    start = orjson.dumps({"query": TRACK})[:-1] + b',"variables":{"input":{"idempotency_key":"k1",'
    return start + b'"about":{"user_id":"u1"},"event":"A","properties":' + properties + b"}}}"


WHOLE: Mapping[str, tuple[bytes, int, str]] = {
    "NaN": (tracked(b'{"p":NaN}'), 400, "INVALID_NUMBER"),
    "1e400": (tracked(b'{"p":1e400}'), 400, "INVALID_NUMBER"),
    "2^63": (tracked(b'{"p":9223372036854775808}'), 400, "INVALID_NUMBER"),
    "2^64": (tracked(b'{"p":18446744073709551616}'), 400, "INVALID_NUMBER"),
    "duplicate key": (tracked(b'{"p":1,"p":2}'), 400, "DUPLICATE_KEY"),
    "duplicate input": (tracked(b'1,"event":"B"'), 400, "DUPLICATE_KEY"),
    "lone surrogate": (tracked(rb'{"p":"\ud800"}'), 400, "INVALID_TEXT"),
    "invalid UTF-8": (tracked(b'{"p":"\xff"}'), 400, "INVALID_TEXT"),
    "overlong UTF-8": (tracked(b'{"p":"\xc0\xaf"}'), 400, "INVALID_TEXT"),
    "depth 40": (tracked(b"[" * 40 + b"]" * 40), 400, "TOO_DEEP"),
    "depth 10,000": (tracked(b"[" * 10_000 + b"]" * 10_000), 400, "TOO_DEEP"),
    "depth 100,000": (tracked(b"[" * 100_000 + b"]" * 100_000), 413, "BODY_TOO_LARGE"),
    "gzip": (gzip.compress(tracked(b"{}")), 400, "BAD_REQUEST"),
    "truncated": (tracked(b"{}")[:-1], 400, "BAD_REQUEST"),
    "10,001 properties": (
        tracked(b"{" + b",".join(b'"p%d":0' % number for number in range(10_001)) + b"}"),
        413,
        "BODY_TOO_LARGE",
    ),
}
"""Bodies that are refused as a whole: they are one JSON value, and what it is cannot be said."""


async def test_what_is_no_lawful_json_refuses_the_whole_body(
    service: httpx.AsyncClient, graph: Graph
) -> None:
    web = await caller(service, graph, "ingest")
    headers = {**web.headers, "Content-Type": "application/json"}
    answers = {}
    for what, (body, _, _) in WHOLE.items():
        response = await service.post("/graphql", content=body, headers=headers)
        answers[what] = (response.status_code, response.json()["code"])

    assert answers == {what: (status, code) for what, (_, status, code) in WHOLE.items()}
    assert await stored(graph) == 0
    assert await letters(graph) == []


async def test_a_call_has_1_to_100_inputs(service: httpx.AsyncClient, graph: Graph) -> None:
    steward = await caller(service, graph, "steward")
    for count in (0, 101):
        records = [{"idempotency_key": f"k{number}", "row_id": str(number)} for number in range(count)]
        assert await steward.refusal(WRITE_RECORDS, source="crm", records=records) == "TOO_MANY_ITEMS"
    assert await stored(graph) == 0


async def test_odd_but_lawful_values_are_kept(service: httpx.AsyncClient, graph: Graph) -> None:
    web = await caller(service, graph, "ingest")
    for odd in ODD.values():
        item = {"idempotency_key": odd, "about": {"user_id": odd}, "traits": {"name": odd}}
        assert (await web.call(IDENTIFY, input=item))["error"] is None

    kept = await query(graph, "MATCH (e:Event) RETURN e.message_id AS id ORDER BY id")
    assert [row["id"] for row in kept] == sorted(ODD.values())
    assert await query(graph, "MATCH (n:Admin) RETURN count(n) AS admins") == [{"admins": 0}]


async def test_spellings_of_one_value_are_one_record_and_lookalikes_are_two(
    service: httpx.AsyncClient, graph: Graph
) -> None:
    web = await caller(service, graph, "ingest")

    async def record_of(key: str, about: Answer) -> str:
        item = {"idempotency_key": key, "about": about, "occurred_at": "2026-01-01T12:00:00"}
        return (await web.call(IDENTIFY, input=item))["record_id"]

    one = {
        what: await record_of(f"{what} 1", left) == await record_of(f"{what} 2", right)
        for what, (_, left, right) in SEEN_AS.items()
    }
    two = {
        what: await record_of(f"{what} 1", left) == await record_of(f"{what} 2", right)
        for what, (left, right) in APART.items()
    }

    assert one == dict.fromkeys(SEEN_AS, True)
    assert two == dict.fromkeys(APART, False)


async def stored(graph: Graph) -> int:
    """How many messages and records there are."""
    ((row),) = await query(graph, "MATCH (n) WHERE n:Event OR n:SourceRecord RETURN count(n) AS nodes")
    return row["nodes"]
