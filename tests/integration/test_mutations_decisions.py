"""Mutations that decide, and facts about nobody: verdicts, the network of units, the catalogue."""

import asyncio
from typing import Any

import httpx
import pytest

from graph_cdp.graph.transactions import Graph
from tests.integration.mutating import (
    GIVE_VERDICT,
    WRITE_ORG_UNITS,
    WRITE_PRODUCTS,
    WRITE_RECORDS,
    WRITE_STORES,
    Caller,
    caller,
)
from tests.integration.people import NOBODY
from tests.integration.querying import query

pytestmark = pytest.mark.neo4j


async def two_records(steward: Caller) -> list[dict[str, Any]]:
    """Two records of one person: father and son share a phone."""
    return await steward.call(
        WRITE_RECORDS,
        source="crm",
        records=[
            {"idempotency_key": f"k{row}", "row_id": str(row), "traits": {"phone": "+33612345678"}}
            for row in (1, 2)
        ],
    )


def verdict(
    key: str, kind: str, left: object, right: object, reason: str = "Father and son."
) -> dict[str, object]:
    return {"idempotency_key": key, "kind": kind, "left": [left], "right": [right], "reason": reason}


async def test_a_verdict_is_applied_and_answered_with_where_its_records_stand(
    service: httpx.AsyncClient, graph: Graph
) -> None:
    steward = await caller(service, graph, "steward")
    father, son = await two_records(steward)
    assert father["person_id"] == son["person_id"]

    given = await steward.call(
        GIVE_VERDICT, input=verdict("v1", "NOT_SAME", father["record_id"], son["record_id"])
    )

    ((stored),) = await query(
        graph, "MATCH (v:Verdict) RETURN v.id AS id, v.kind AS kind, v.reason AS reason"
    )
    assert stored == {"id": given["verdict_id"], "kind": "not_same", "reason": "Father and son."}
    assert [one["record_id"] for one in given["records"]] == [father["record_id"], son["record_id"]]
    assert len({one["person_id"] for one in given["records"]}) == 2
    assert (given["was_duplicate"], given["error"]) == (False, None)


async def test_sixteen_equal_verdicts_at_once_are_one(service: httpx.AsyncClient, graph: Graph) -> None:
    steward = await caller(service, graph, "steward")
    father, son = await two_records(steward)
    said = verdict("v1", "NOT_SAME", father["record_id"], son["record_id"])

    answers = await asyncio.gather(*(steward.call(GIVE_VERDICT, input=said) for _ in range(16)))

    assert sorted(one["was_duplicate"] for one in answers) == [False] + [True] * 15
    assert len({one["verdict_id"] for one in answers}) == 1
    assert await query(graph, "MATCH (v:Verdict) RETURN count(v) AS verdicts") == [{"verdicts": 1}]


async def test_refused_verdicts_leave_nothing(service: httpx.AsyncClient, graph: Graph) -> None:
    steward = await caller(service, graph, "steward")
    father, son = await two_records(steward)
    one, other = father["record_id"], son["record_id"]
    await steward.call(GIVE_VERDICT, input=verdict("v1", "NOT_SAME", one, other))

    refused = [
        await steward.call(GIVE_VERDICT, input=said)
        for said in (
            verdict("v1", "SAME", one, other),
            verdict("v2", "SAME", one, NOBODY),
            verdict("v3", "SAME", one, one),
            verdict("v4", "SAME", one, other, reason=" "),
            verdict("v5", "SAME", one, "17"),
        )
    ]

    assert [answer["error"]["code"] for answer in refused] == [
        "IDEMPOTENCY_KEY_REUSED",
        "NOT_FOUND",
        "INVALID_FIELD",
        "INVALID_FIELD",
        "INVALID_FIELD",
    ]
    assert {(answer["verdict_id"], tuple(answer["records"])) for answer in refused} == {(None, ())}
    assert await query(graph, "MATCH (v:Verdict) RETURN count(v) AS verdicts") == [{"verdicts": 1}]


async def test_units_are_written_once_and_moved(service: httpx.AsyncClient, graph: Graph) -> None:
    steward = await caller(service, graph, "steward")
    network = {
        "idempotency_key": "k1",
        "org_units": [{"id": "lyon", "part_of": "france"}, {"id": "france", "name": "France"}],
    }
    moved = {"idempotency_key": "k2", "org_units": [{"id": "lyon", "name": "Lyon"}]}

    answers = [await steward.call(WRITE_ORG_UNITS, input=said) for said in (network, moved, network)]

    assert [(one["was_duplicate"], one["error"]) for one in answers] == [
        (False, None),
        (False, None),
        (True, None),
    ]
    assert await query(
        graph,
        """MATCH (u:OrgUnit) OPTIONAL MATCH (u)-[:PART_OF]->(above)
        RETURN u.id AS id, u.name AS name, above.id AS part_of ORDER BY id""",
    ) == [
        {"id": "france", "name": "France", "part_of": None},
        {"id": "lyon", "name": "Lyon", "part_of": None},
    ]


async def test_two_units_cannot_be_put_below_each_other_at_once(
    service: httpx.AsyncClient, graph: Graph
) -> None:
    steward = await caller(service, graph, "steward")
    await steward.call(
        WRITE_ORG_UNITS, input={"idempotency_key": "k0", "org_units": [{"id": "a"}, {"id": "b"}]}
    )

    answers = await asyncio.gather(
        *(
            steward.call(
                WRITE_ORG_UNITS,
                input={"idempotency_key": f"k{below}", "org_units": [{"id": below, "part_of": above}]},
            )
            for below, above in (("a", "b"), ("b", "a"))
        )
    )

    assert sorted(one["error"]["code"] if one["error"] else "" for one in answers) == ["", "BAD_NETWORK"]


async def test_what_is_about_nobody_makes_no_person_and_keeps_its_key(
    service: httpx.AsyncClient, graph: Graph
) -> None:
    shop = await caller(service, graph, "ingest", source="shop")
    shirt = {
        "idempotency_key": "k1",
        "sku": "SKU-12",
        "name": "Linen shirt",
        "price": 59.9,
        "currency": "EUR",
    }

    first = await shop.call(WRITE_PRODUCTS, products=[shirt])
    again = await shop.call(WRITE_PRODUCTS, products=[shirt])
    (store,) = await shop.call(
        WRITE_STORES, stores=[{"idempotency_key": "k2", "code": "LYO-1", "country": "France"}]
    )

    assert first == [
        {"idempotency_key": "k1", "was_duplicate": False, "record_id": None, "person_id": None, "error": None}
    ]
    assert again == [{**first[0], "was_duplicate": True}]
    assert (store["was_duplicate"], store["error"]) == (False, None)
    assert await query(
        graph,
        """MATCH (e:Event) RETURN e.message_id AS message_id, e.name AS name, e.record_key AS record_key,
        COUNT { (e)<-[:PERFORMED]-() } AS records ORDER BY message_id""",
    ) == [
        {"message_id": "k1", "name": "product", "record_key": None, "records": 0},
        {"message_id": "k2", "name": "store", "record_key": None, "records": 0},
    ]
    assert await query(graph, "MATCH (p:Person) RETURN count(p) AS people") == [{"people": 0}]


async def test_a_verdict_that_contradicts_earlier_ones_is_refused(
    service: httpx.AsyncClient, graph: Graph
) -> None:
    steward = await caller(service, graph, "steward")
    records = [{"idempotency_key": f"k{row}", "row_id": str(row)} for row in (1, 2, 3)]
    one, two, three = [
        record["record_id"] for record in await steward.call(WRITE_RECORDS, source="crm", records=records)
    ]
    for key, left, right in (("v1", one, two), ("v2", two, three)):
        assert (await steward.call(GIVE_VERDICT, input=verdict(key, "SAME", left, right)))["error"] is None

    refused = await steward.call(GIVE_VERDICT, input=verdict("v3", "NOT_SAME", one, three))

    assert refused["error"]["code"] == "CONFLICTING_VERDICTS"
    assert await query(graph, "MATCH (v:Verdict) RETURN count(v) AS verdicts") == [{"verdicts": 2}]
    assert await query(
        graph, "MATCH (e:Event) WHERE e.name = 'verdict' RETURN e.message_id AS id ORDER BY id"
    ) == [
        {"id": "v1"},
        {"id": "v2"},
    ]
