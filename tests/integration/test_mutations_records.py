"""Mutations about who somebody is and what they did: committed once, answered with where it hangs."""

import asyncio
from pathlib import Path

import httpx
import pytest

from graph_cdp.app import create_app
from graph_cdp.graph.driver import Neo4jTarget
from graph_cdp.graph.transactions import Graph
from graph_cdp.settings import Settings
from tests.integration.mutating import (
    IDENTIFY,
    TRACK,
    WRITE_RECORDS,
    WRITE_TRANSACTIONS,
    caller,
)
from tests.integration.querying import query

pytestmark = pytest.mark.neo4j

MARIE = {"first_name": "Marie", "email": "Marie@Example.com", "country": "France"}


def record(key: str, row_id: str = "17", **fields: object) -> dict[str, object]:
    return {"idempotency_key": key, "row_id": row_id, **fields}


async def records_of(graph: Graph) -> list[dict[str, object]]:
    return await query(
        graph,
        """MATCH (record:SourceRecord)-[:RESOLVES_TO]->(person:Person)
        RETURN record.key AS key, record.id AS record_id, person.id AS person_id ORDER BY key""",
    )


async def test_a_record_is_written_and_answered_with_where_it_hangs(
    service: httpx.AsyncClient, graph: Graph
) -> None:
    steward = await caller(service, graph, "steward")

    (result,) = await steward.call(WRITE_RECORDS, source="crm", records=[record("k1", traits=MARIE)])

    ((row),) = await records_of(graph)
    assert row["key"] == "crm:row:17"
    assert result == {
        "idempotency_key": "k1",
        "was_duplicate": False,
        "record_id": row["record_id"],
        "person_id": row["person_id"],
        "error": None,
    }
    assert await query(
        graph,
        """MATCH (record:SourceRecord)-[:PERFORMED]->(event:Event)
        RETURN record.email AS email, record.country AS country, event.message_id AS message_id, event.type AS type,
               event.payload AS payload""",
    ) == [
        {
            "email": "marie@example.com",
            "country": "FR",
            "message_id": "k1",
            "type": "record",
            "payload": '{"idempotency_key":"k1","mutation":"write_records","row_id":"17","traits":'
            '{"country":"France","email":"Marie@Example.com","first_name":"Marie"}}',
        }
    ]


async def test_the_newest_state_counts_and_what_it_no_longer_says_is_gone(
    service: httpx.AsyncClient, graph: Graph
) -> None:
    steward = await caller(service, graph, "steward")
    later = record("k1", traits={"first_name": "Marie"}, changed_at="2026-02-01T00:00:00Z")
    earlier = record("k2", traits={**MARIE, "city": "Lyon"}, changed_at="2026-01-01T00:00:00Z")

    await steward.call(WRITE_RECORDS, source="crm", records=[later, earlier])

    assert await query(
        graph, "MATCH (r:SourceRecord) RETURN r.first_name AS first_name, r.email AS email, r.city AS city"
    ) == [{"first_name": "Marie", "email": None, "city": None}]


async def test_what_two_sources_say_is_one_person(service: httpx.AsyncClient, graph: Graph) -> None:
    steward = await caller(service, graph, "steward")
    web = await caller(service, graph, "ingest", source="web")

    (row,) = await steward.call(WRITE_RECORDS, source="crm", records=[record("k1", traits=MARIE)])
    visitor = {"idempotency_key": "k1", "about": {"user_id": "u1"}, "traits": {"email": "marie@example.com"}}
    seen = await web.call(IDENTIFY, input=visitor)

    rows = await records_of(graph)
    assert [one["key"] for one in rows] == ["crm:row:17", "web:user:u1"]
    assert {one["person_id"] for one in rows} == {row["person_id"]}
    assert (seen["record_id"], seen["person_id"]) == (rows[1]["record_id"], None)


async def test_somebody_is_named_by_the_most_identifying_field(
    service: httpx.AsyncClient, graph: Graph
) -> None:
    admin = await caller(service, graph, "admin")
    about = {
        "user_id": "u1",
        "email": "a@example.com",
        "anonymous_id": "a1",
        "identifiers": [
            {"kind": "loyalty_card", "value": "92-50"},
            {"kind": "customer_id", "value": "crm:17"},
        ],
    }

    await admin.call(
        TRACK, source="web", input={"idempotency_key": "k1", "about": about, "event": "Brochure Downloaded"}
    )

    assert await query(
        graph,
        """MATCH (r:SourceRecord)-[:HAS_IDENTIFIER]->(i:Identifier)
        RETURN r.key AS key, i.kind AS kind, i.value AS value ORDER BY kind""",
    ) == [
        {"key": "web:user:u1", "kind": "anonymous_id", "value": "a1"},
        {"key": "web:user:u1", "kind": "customer_id", "value": "crm:17"},
        {"key": "web:user:u1", "kind": "email", "value": "a@example.com"},
        {"key": "web:user:u1", "kind": "loyalty_card", "value": "9250"},
        {"key": "web:user:u1", "kind": "user_id", "value": "u1"},
    ]


async def test_an_event_is_kept_with_its_properties(service: httpx.AsyncClient, graph: Graph) -> None:
    web = await caller(service, graph, "ingest")
    item = {
        "idempotency_key": "k1",
        "about": {"anonymous_id": "a1"},
        "event": "Brochure Downloaded",
        "properties": {"pages": 12, "tags": ["a", None]},
        "occurred_at": "2026-01-01T01:00:00+01:00",
    }

    await web.call(TRACK, input=item)

    ((row),) = await query(
        graph,
        "MATCH (e:Event) RETURN e.type AS type, e.name AS name, e.occurred_at AS at, e.payload AS payload",
    )
    assert (row["type"], row["name"], row["at"]) == ("track", "Brochure Downloaded", 1_767_225_600_000)
    assert '"properties":{"pages":12,"tags":["a",null]}' in row["payload"]


async def test_a_transaction_hangs_on_its_record(service: httpx.AsyncClient, graph: Graph) -> None:
    web = await caller(service, graph, "ingest", source="shop")
    order = {
        "idempotency_key": "k1",
        "about": {"row_id": "17"},
        "number": "1017",
        "occurred_at": "2026-01-01T00:00:00Z",
        "amount": 119.8,
        "currency": "EUR",
        "quantity": 2,
    }

    (result,) = await web.call(WRITE_TRANSACTIONS, transactions=[order])

    assert await query(
        graph,
        """MATCH (r:SourceRecord)-[:MADE]->(t:Transaction)
        RETURN r.id AS record_id, t.key AS key, t.kind AS kind, t.amount AS amount, t.currency AS currency,
               t.quantity AS quantity""",
    ) == [
        {
            "record_id": result["record_id"],
            "key": "shop:1017",
            "kind": "order",
            "amount": 119.8,
            "currency": "EUR",
            "quantity": 2,
        }
    ]


async def test_a_retry_is_answered_as_the_first_call_was(service: httpx.AsyncClient, graph: Graph) -> None:
    steward = await caller(service, graph, "steward")
    batch = [record("k1", traits=MARIE), record("k2", row_id="18")]

    first = await steward.call(WRITE_RECORDS, source="crm", records=batch)
    again = await steward.call(WRITE_RECORDS, source="crm", records=batch)

    assert [one["was_duplicate"] for one in first] == [False, False]
    assert again == [{**one, "was_duplicate": True} for one in first]
    assert await query(graph, "MATCH (e:Event) RETURN count(e) AS events") == [{"events": 2}]


async def test_a_key_with_another_input_is_refused_and_the_first_stays(
    service: httpx.AsyncClient, graph: Graph
) -> None:
    web = await caller(service, graph, "ingest")
    item = {"idempotency_key": "k1", "about": {"user_id": "u1"}, "event": "Viewed"}
    await web.call(TRACK, input=item)

    other_event = await web.call(TRACK, input={**item, "event": "Bought"})
    other_mutation = await web.call(IDENTIFY, input={"idempotency_key": "k1", "about": {"user_id": "u1"}})

    expected = {
        "code": "IDEMPOTENCY_KEY_REUSED",
        "message": "This idempotency key was used for another input; the first is kept. Give each input a key of its own.",
    }
    for refused in (other_event, other_mutation):
        assert refused == {
            "idempotency_key": "k1",
            "was_duplicate": False,
            "record_id": None,
            "person_id": None,
            "error": expected,
        }
    assert await query(graph, "MATCH (e:Event) RETURN e.name AS name") == [{"name": "Viewed"}]


async def test_sixteen_equal_calls_at_once_are_one(service: httpx.AsyncClient, graph: Graph) -> None:
    steward = await caller(service, graph, "steward")
    batch = [record("k1", traits=MARIE)]

    answers = await asyncio.gather(
        *(steward.call(WRITE_RECORDS, source="crm", records=batch) for _ in range(16))
    )

    results = [result for (result,) in answers]
    assert sorted(one["was_duplicate"] for one in results) == [False] + [True] * 15
    assert len({(one["record_id"], one["person_id"]) for one in results}) == 1
    assert await query(graph, "MATCH (e:Event) RETURN count(e) AS events") == [{"events": 1}]


async def test_the_rules_of_the_source_judge_and_its_region_reads_phones(
    graph: Graph, neo4j_target: Neo4jTarget, tmp_path: Path
) -> None:
    declared = tmp_path / "sources.yaml"
    declared.write_text(
        """sources:
  web:
    region: BE
    rules: [{name: mailbox, field: email, required: true, otherwise: reject}]
"""
    )
    app = create_app(Settings(warm_up_s=0.1, sources_file=declared), neo4j_target)
    transport = httpx.ASGITransport(app)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://service") as client,
    ):
        web = await caller(client, graph, "ingest")
        unnamed = await web.call(IDENTIFY, input={"idempotency_key": "k1", "about": {"user_id": "u1"}})
        viewed = await web.call(
            TRACK, input={"idempotency_key": "k2", "about": {"phone": "0470 12 34 56"}, "event": "Viewed"}
        )

    assert unnamed["error"] == {
        "code": "RULE_REJECTED",
        "message": "The rule 'mailbox' of this source rejects it: see its email.",
    }
    assert viewed["error"] is None
    assert await query(graph, "MATCH (r:SourceRecord) RETURN r.key AS key") == [
        {"key": "web:phone:+32470123456"}
    ]
    assert await query(graph, "MATCH (n:DeadLetter) RETURN n.code AS code, n.message_id AS message_id") == [
        {"code": "RULE_REJECTED", "message_id": "k1"}
    ]


async def test_a_record_that_states_nothing_says_when_it_was_first_heard_of(
    service: httpx.AsyncClient, graph: Graph
) -> None:
    steward = await caller(service, graph, "steward")
    said = {"idempotency_key": "k1", "about": {"anonymous_id": "a-1"}, "event": "Viewed"}
    tracked = await steward.call(TRACK, source="web", input=said)
    times = "query ($id: ID!) { person(id: $id) { records(first: 1) { edges { node { created_at updated_at } } } } }"

    answer = await steward.ask(times, id=tracked["person_id"])

    assert "errors" not in answer
    (edge,) = answer["data"]["person"]["records"]["edges"]
    assert edge["node"]["updated_at"] == edge["node"]["created_at"]
