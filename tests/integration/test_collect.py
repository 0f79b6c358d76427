"""Collection into a real graph: once, whole, and with a reason where not."""

import asyncio
import json
import secrets
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass

import httpx
import pytest
from starlette.applications import Starlette

from graph_cdp.access.model import KeyId, NewKey
from graph_cdp.access.rules import SECRET_BYTES, make_secret
from graph_cdp.access.service import Keyring, issue_key, revoke_key, system_clock
from graph_cdp.collect.batcher import Batcher
from graph_cdp.collect.dead_letters import bury_in
from graph_cdp.collect.http import Collection, collect_routes
from graph_cdp.flows.ingest import Ingest
from graph_cdp.graph.transactions import Graph
from graph_cdp.identity.policy import DEFAULT_POLICY
from graph_cdp.ids import new_id
from tests.integration.querying import query

TRACK = {
    "type": "track",
    "event": "A",
    "userId": "u1",
    "messageId": "m1",
    "timestamp": "2026-01-01T00:00:00Z",
}
EVENTS = "MATCH (e:Event) RETURN e.message_id AS id, e.record_key AS record ORDER BY id"
LETTERS = "MATCH (l:DeadLetter) RETURN l.code AS code, l.message_id AS id ORDER BY code, id"


@dataclass(frozen=True, kw_only=True)
class Door:
    """A client of the routes, with the write key of the source `web`."""

    client: httpx.AsyncClient
    graph: Graph
    key_id: KeyId

    async def send(self, *messages: object, **headers: str) -> httpx.Response:
        body = json.dumps({"batch": messages}).encode()
        return await self.client.post("/v1/batch", content=body, headers={"X-Strict-Mode": "1"} | headers)

    async def post(self, body: bytes) -> httpx.Response:
        return await self.client.post("/v1/batch", content=body)


@pytest.fixture
async def door(graph: Graph) -> AsyncIterator[Door]:
    secret, key_id = make_secret(secrets.token_bytes(SECRET_BYTES)), KeyId(new_id())
    new = NewKey(name="test", role="ingest", source="web")
    await graph.write(issue_key, new, key_id=key_id, secret=secret, now=system_clock())
    ingest = Ingest(graph=graph, policy=DEFAULT_POLICY, clock=system_clock)
    async with Batcher(ingest, messages_max=500, wait_ms=2, queue_max=10_000) as batcher:
        collection = Collection(
            keyring=Keyring(graph), submit=batcher.submit, bury=bury_in(graph), region="FR"
        )
        transport = httpx.ASGITransport(Starlette(routes=collect_routes(collection)))
        async with httpx.AsyncClient(
            transport=transport, base_url="http://collect", auth=(secret, ""), timeout=60
        ) as client:
            yield Door(client=client, graph=graph, key_id=key_id)


async def test_a_message_is_answered_after_it_is_stored_and_stored_once(door: Door) -> None:
    first, again = await door.send(TRACK), await door.send(TRACK)
    assert (first.status_code, first.json()["results"][0]["result"]) == (200, "accepted")
    assert (again.status_code, again.json()["results"][0]["result"]) == (200, "duplicate")
    assert await query(door.graph, EVENTS) == [{"id": "m1", "record": "web:user:u1"}]
    assert await query(door.graph, LETTERS) == []


async def test_a_slash_behind_the_call_is_no_other_call(door: Door) -> None:
    """It was answered by a redirect, which hardly a client follows with its body."""
    sent = await door.client.post("/v1/track/", content=json.dumps(TRACK).encode())
    assert (sent.status_code, sent.json()) == (200, {"success": True})
    assert await query(door.graph, EVENTS) == [{"id": "m1", "record": "web:user:u1"}]


async def test_one_message_id_for_two_messages_keeps_the_first(door: Door) -> None:
    await door.send(TRACK)
    other = await door.send({**TRACK, "event": "B"})
    assert other.status_code == 207
    assert other.json()["results"][0]["code"] == "MESSAGE_ID_REUSED"
    assert await query(door.graph, "MATCH (e:Event) RETURN e.name AS name") == [{"name": "A"}]
    assert await query(door.graph, LETTERS) == [{"code": "MESSAGE_ID_REUSED", "id": "m1"}]


async def test_a_message_twice_in_one_batch_is_stored_once(door: Door) -> None:
    answer = await door.send(TRACK, TRACK)
    assert [item["result"] for item in answer.json()["results"]] == ["accepted", "duplicate"]
    assert len(await query(door.graph, EVENTS)) == 1


async def test_requests_at_once_are_all_stored_once(door: Door) -> None:
    """Fifty requests, every message in two of them, all about five people on five devices."""
    messages = [
        {**TRACK, "messageId": f"m{n:03}", "userId": f"u{n % 5}", "anonymousId": f"a{n % 5}"}
        for n in range(250)
    ]
    batches = [messages[start : start + 10] for start in range(0, 250, 10)]
    answers = await asyncio.gather(*(door.send(*batch) for batch in batches + batches))
    results = [item["result"] for answer in answers for item in answer.json()["results"]]
    assert (results.count("accepted"), results.count("duplicate")) == (250, 250)
    assert [row["id"] for row in await query(door.graph, EVENTS)] == [f"m{n:03}" for n in range(250)]
    assert await query(door.graph, "MATCH (p:Person) WHERE NOT p:Merged RETURN count(p) AS people") == [
        {"people": 5}
    ]


async def test_a_refused_message_is_a_dead_letter_once_and_the_rest_is_stored(door: Door) -> None:
    bad = {**TRACK, "messageId": "m2", "userId": "null"}
    for _ in range(2):
        answer = await door.post(json.dumps({"batch": [TRACK, bad]}).encode())
        assert (answer.status_code, answer.content) == (200, b'{"success":true}')
    assert await query(door.graph, EVENTS) == [{"id": "m1", "record": "web:user:u1"}]
    letters = await query(
        door.graph, "MATCH (l:DeadLetter) RETURN l.source AS s, l.code AS c, l.payload AS p, l.message AS m"
    )
    assert [(row["s"], row["c"], json.loads(row["p"])) for row in letters] == [("web", "NO_IDENTITY", bad)]
    assert letters[0]["m"].startswith("Nothing says whom this is about")


HOSTILE: Sequence[tuple[bytes, str]] = [
    (b'{"type":"track","event":"A","userId":"\\ud800","messageId":"x"}', "INVALID_TEXT"),
    (b'{"type":"track","event":"A","userId":"u\xff","messageId":"\xff"}', "INVALID_TEXT"),
    (b'{"type":"track","event":"A","userId":"u1","p":NaN}', "INVALID_NUMBER"),
    (b'{"type":"track","event":"A","userId":"u1","p":9223372036854775808}', "INVALID_NUMBER"),
    (b'{"type":"track","event":"A","userId":"u1","userId":"u2"}', "DUPLICATE_KEY"),
    (b'{"type":"track","event":"A","userId":"' + b"u" * 1_025 + b'"}', "INVALID_FIELD"),
    (b'{"type":"track","event":"A","userId":"u1","p":"' + b"x" * 32_769 + b'"}', "EVENT_TOO_LARGE"),
    (b'{"type":"track","event":"A","userId":"u1","p":' + b"[" * 33 + b"]" * 33 + b"}", "TOO_DEEP"),
    (b'{"type":"track","event":"A","userId":"u1","timestamp":"2026-02-30"}', "INVALID_TIMESTAMP"),
    (b'{"type":"track","event":"A","userId":["u1"]}', "INVALID_FIELD"),
    (b"7", "INVALID_FIELD"),
]


@pytest.mark.parametrize(("bad", "code"), HOSTILE)
async def test_nothing_of_a_hostile_message_is_stored_but_its_dead_letter(
    door: Door, bad: bytes, code: str
) -> None:
    answer = await door.post(b'{"batch":[' + bad + b"," + json.dumps(TRACK).encode() + b"]}")
    assert answer.status_code == 200
    assert await query(door.graph, EVENTS) == [{"id": "m1", "record": "web:user:u1"}]
    assert [row["code"] for row in await query(door.graph, LETTERS)] == [code]
    assert await query(door.graph, "MATCH (n:SourceRecord|Identifier) RETURN count(n) AS nodes") == [
        {"nodes": 2}
    ]


async def test_odd_but_lawful_text_comes_back_as_it_was_sent(door: Door) -> None:
    odd = "\x00\x1f\x85\u202e\u200b\ufeff`'}) DETACH DELETE n //\U0001f600İı"
    await door.send({**TRACK, "event": odd, "properties": {"__proto__": odd, odd: [odd]}})
    (row,) = await query(door.graph, "MATCH (e:Event) RETURN e.name AS name, e.payload AS payload")
    assert row["name"] == odd
    assert json.loads(row["payload"])["properties"] == {"__proto__": odd, odd: [odd]}


async def test_names_of_properties_are_never_minted_by_senders(door: Door) -> None:
    await door.send(
        {"type": "identify", "userId": "u1", "messageId": "m1", "traits": {"never_minted_by_senders": "x"}}
    )
    minted = await query(
        door.graph,
        "CALL db.propertyKeys() YIELD propertyKey WHERE propertyKey CONTAINS 'never_minted' RETURN propertyKey",
    )
    assert minted == []


async def test_a_revoked_key_stores_nothing(door: Door) -> None:
    await door.graph.write(revoke_key, key_id=door.key_id, now=system_clock())
    answer = await door.send(TRACK)
    assert (answer.status_code, answer.json()["code"]) == (401, "UNAUTHENTICATED")
    assert await query(door.graph, "MATCH (n:Event|DeadLetter|SourceRecord) RETURN count(n) AS nodes") == [
        {"nodes": 0}
    ]
