"""What other systems got wrong in collecting, each by the number of its report: here it goes right, through real HTTP."""

import asyncio

import httpx
import pytest

from graph_cdp.graph.transactions import Graph
from tests.clients.conftest import Server
from tests.integration.querying import query

pytestmark = pytest.mark.neo4j

AT_ONCE = 16
Json = dict[str, object]


def bought(message_id: str, **said: object) -> Json:
    return {"type": "track", "event": "Paid", "messageId": message_id, "userId": "u1", **said}


async def send(server: Server, key: str, *batch: Json) -> list[tuple[str, int, str]]:
    """What strict mode says of each message: its id, its status, and its code or what became of it."""
    async with httpx.AsyncClient(base_url=server.url, auth=(key, ""), timeout=60) as http:
        answer = await http.post("/v1/batch", json={"batch": batch}, headers={"X-Strict-Mode": "1"})
    return [
        (item["messageId"], item["status"], item.get("code", item["result"]))
        for item in answer.json()["results"]
    ]


async def stored(graph: Graph) -> list[str]:
    return [row["id"] for row in await query(graph, "MATCH (e:Event) RETURN e.message_id AS id ORDER BY id")]


async def test_rudder_server_709_a_message_whose_server_was_killed_is_no_duplicate_of_nothing(
    server: Server, write_key: str, graph: Graph
) -> None:
    """A message was marked as known before it was stored: after a crash its retry was dropped, and it was lost."""
    batch = [bought(f"m{n:03}") for n in range(100)]
    sending = asyncio.create_task(send(server, write_key, *batch))
    await asyncio.sleep(0.05)
    server.kill()
    with pytest.raises(httpx.TransportError):
        await sending
    await server.start()

    known = set(await stored(graph))
    expected = [(f"m{n:03}", 200, "duplicate" if f"m{n:03}" in known else "accepted") for n in range(100)]
    assert await send(server, write_key, *batch) == expected
    assert await stored(graph) == [f"m{n:03}" for n in range(100)]


async def test_rudder_server_337_only_the_messages_that_are_known_leave_a_batch(
    server: Server, write_key: str, graph: Graph
) -> None:
    """Removing duplicates from a batch removed the wrong items."""
    assert await send(server, write_key, bought("m2"), bought("m4")) == [
        ("m2", 200, "accepted"),
        ("m4", 200, "accepted"),
    ]
    assert await send(server, write_key, *(bought(f"m{n}") for n in (1, 2, 3, 4, 5, 3))) == [
        ("m1", 200, "accepted"),
        ("m2", 200, "duplicate"),
        ("m3", 200, "accepted"),
        ("m4", 200, "duplicate"),
        ("m5", 200, "accepted"),
        ("m3", 200, "duplicate"),
    ]
    assert await stored(graph) == ["m1", "m2", "m3", "m4", "m5"]


async def test_rudder_server_5602_one_message_sent_by_many_at_once_is_stored_once(
    server: Server, write_key: str, graph: Graph
) -> None:
    """Two writers raced on the key of one message, and both stored it."""
    answers = await asyncio.gather(*(send(server, write_key, bought("m1")) for _ in range(AT_ONCE)))
    assert sorted(answer for ((_, _, answer),) in answers) == ["accepted"] + ["duplicate"] * (AT_ONCE - 1)
    assert await stored(graph) == ["m1"]


async def test_rudder_sdk_android_359_a_bad_message_holds_up_none_behind_it(
    server: Server, write_key: str, graph: Graph
) -> None:
    """One message that the server refused was sent again for ever, and blocked the queue."""
    async with httpx.AsyncClient(base_url=server.url, auth=(write_key, ""), timeout=60) as http:
        bad = await http.post("/v1/track", json={"type": "track", "userId": "u1", "messageId": "bad"})
        good = await http.post("/v1/track", json=bought("good"))
    assert [(one.status_code, one.json()) for one in (bad, good)] == [(200, {"success": True})] * 2
    assert await stored(graph) == ["good"]
    assert await query(graph, "MATCH (l:DeadLetter) RETURN l.message_id AS id, l.code AS code") == [
        {"id": "bad", "code": "INVALID_FIELD"}
    ]


async def test_unomi_593_all_messages_of_one_request_are_stored(
    server: Server, write_key: str, graph: Graph
) -> None:
    """Of several events of one visitor in one request some were not saved."""
    visit: list[Json] = [{"type": "page", "messageId": f"m{n}", "anonymousId": "a1"} for n in range(9)]
    visit.append({"type": "identify", "messageId": "m9", "anonymousId": "a1", "userId": "u1"})
    assert {code for _, _, code in await send(server, write_key, *visit)} == {"accepted"}
    hanging = """MATCH (:Person)<-[:RESOLVES_TO]-(:SourceRecord)-[:PERFORMED]->(e:Event)
      RETURN e.message_id AS id ORDER BY id"""
    assert [row["id"] for row in await query(graph, hanging)] == [f"m{n}" for n in range(10)]


async def test_tracardi_474_a_text_that_is_said_twice_stays_a_text(
    server: Server, write_key: str, graph: Graph
) -> None:
    """The second value of a trait made a list of it."""
    for n, city in enumerate(("Lyon", "Nice")):
        said: Json = {
            "type": "identify",
            "messageId": f"m{n}",
            "userId": "u1",
            "timestamp": f"2026-01-0{n + 1}T00:00:00Z",
            "traits": {"city": city},
        }
        assert await send(server, write_key, said) == [(f"m{n}", 200, "accepted")]
    cities = "MATCH (r:SourceRecord)-[:RESOLVES_TO]->(p:Person) RETURN r.city AS record, p.city AS person"
    assert await query(graph, cities) == [{"record": "Nice", "person": "Nice"}]
