"""`POST /v1/*`: who is let in, and what is read."""

import asyncio
import base64
import gzip
import json
import tracemalloc
from collections.abc import AsyncIterator, Sequence

import httpx
import pytest
from starlette.applications import Starlette

from graph_cdp.collect.body import Bodies
from graph_cdp.collect.http import Collection, collect_routes
from graph_cdp.flows.outcome import Outcome
from graph_cdp.source.model import Message
from tests.unit.collect.conftest import NOON, TRACK, Door, batch, refusal


@pytest.mark.parametrize(
    "path", ["identify", "track", "page", "screen", "group", "alias", "i", "t", "p", "s", "g", "a"]
)
async def test_a_single_message_takes_its_type_from_the_path(
    client: httpx.AsyncClient, door: Door, path: str
) -> None:
    body = {"userId": "u1", "event": "A", "groupId": "g", "previousId": "a1"}
    assert (await client.post(f"/v1/{path}", json=body)).status_code == 200
    assert [message.type[0] for message in door.messages] == [path[0]]
    assert door.letters == []


@pytest.mark.parametrize(
    ("headers", "key_in_body"),
    [
        ({"Authorization": "Basic " + base64.b64encode(b"good:").decode()}, None),
        ({"Authorization": "Basic " + base64.b64encode(b"good").decode()}, None),
        ({"Authorization": "Bearer good"}, None),
        ({"Authorization": "Basic " + base64.b64encode(b"good:").decode()}, "good"),
        ({"Authorization": "Basic !"}, "good"),
        ({"Authorization": "Digest x"}, "good"),
        ({}, "good"),
    ],
)
async def test_a_write_key_is_taken_wherever_clients_put_it(
    client: httpx.AsyncClient, door: Door, headers: dict[str, str], key_in_body: str | None
) -> None:
    client.auth = None  # pyright: ignore[reportAttributeAccessIssue]
    answer = await client.post("/v1/batch", headers=headers, content=batch(TRACK, writeKey=key_in_body))
    assert answer.status_code == 200
    assert [message.source for message in door.messages] == ["web"]
    assert "good" not in door.messages[0].payload


@pytest.mark.parametrize(
    ("headers", "key_in_body", "expected"),
    [
        ({}, None, (401, "UNAUTHENTICATED")),
        ({}, "bad", (401, "UNAUTHENTICATED")),
        ({"Authorization": "Bearer bad"}, "good", (401, "UNAUTHENTICATED")),
        ({"Authorization": "Bearer boss"}, None, (403, "FORBIDDEN")),
        ({"Authorization": "Bearer odd"}, None, (403, "FORBIDDEN")),
    ],
)
async def test_without_a_write_key_nothing_is_taken(
    client: httpx.AsyncClient,
    door: Door,
    headers: dict[str, str],
    key_in_body: str | None,
    expected: tuple[int, str],
) -> None:
    client.auth = None  # pyright: ignore[reportAttributeAccessIssue]
    assert await refusal(client, batch(TRACK, 7, writeKey=key_in_body), **headers) == expected
    assert (door.messages, door.letters) == ([], [])


@pytest.mark.parametrize("value", [b"Basic \xff", b"Basic \xc3\xa9", b"Bearer \xff", b"\xff \xff"])
async def test_credentials_that_are_not_ascii_are_no_key(
    client: httpx.AsyncClient, door: Door, value: bytes
) -> None:
    client.auth = None  # pyright: ignore[reportAttributeAccessIssue]
    answer = await client.post("/v1/batch", content=batch(TRACK), headers={b"Authorization": value})
    assert (answer.status_code, answer.json()["code"], door.messages) == (401, "UNAUTHENTICATED", [])


async def test_a_batch_gives_its_messages_what_they_lack(client: httpx.AsyncClient, door: Door) -> None:
    own = {**TRACK, "context": {"locale": "fr"}, "timestamp": "2016-01-01T00:00:00Z"}
    body = batch(
        own, {**TRACK, "messageId": "m2"}, context={"locale": "en", "app": "x"}, sentAt="2016-01-01T00:01:00Z"
    )
    assert (await client.post("/v1/batch", content=body)).status_code == 200
    first, second = door.messages
    assert first.occurred_at == NOON - 60_000
    assert json.loads(first.payload)["context"] == {"locale": "fr", "app": "x"}
    assert json.loads(second.payload)["context"] == {"locale": "en", "app": "x"}
    assert second.occurred_at == NOON


async def test_gzip_is_inflated(client: httpx.AsyncClient, door: Door) -> None:
    packed = gzip.compress(batch(TRACK))
    answer = await client.post("/v1/batch", content=packed, headers={"Content-Encoding": "gzip"})
    assert answer.status_code == 200
    assert len(door.messages) == 1


@pytest.mark.parametrize(
    ("body", "encoding", "expected"),
    [
        (gzip.compress(b"[" * 10_000_000, mtime=0), "gzip", (413, "BODY_TOO_LARGE")),
        (gzip.compress(batch(TRACK), mtime=0)[:-9], "gzip", (400, "INVALID_GZIP")),
        (gzip.compress(batch(TRACK), mtime=0) + b"x", "gzip", (400, "INVALID_GZIP")),
        (batch(TRACK), "gzip", (400, "INVALID_GZIP")),
        (b"", "gzip", (400, "INVALID_GZIP")),
        (batch(TRACK), "br", (415, "UNSUPPORTED_ENCODING")),
        (b" " * 512_001, "identity", (413, "BODY_TOO_LARGE")),
        (b"", "identity", (400, "INVALID_JSON")),
        (b'{"batch":[', "identity", (400, "INVALID_JSON")),
        (b"[" * 100_000, "identity", (400, "TOO_DEEP")),
        (b"[]", "identity", (400, "INVALID_FIELD")),
        (b'"batch"', "identity", (400, "INVALID_FIELD")),
        (b"{}", "identity", (400, "INVALID_FIELD")),
        (b'{"batch":{}}', "identity", (400, "INVALID_FIELD")),
        (b'{"batch":[],"batch":[]}', "identity", (400, "DUPLICATE_KEY")),
        (b'{"batch":[],"context":[]}', "identity", (400, "INVALID_FIELD")),
        (b'{"batch":[],"context":{"a":NaN}}', "identity", (400, "INVALID_NUMBER")),
        (b'{"batch":[],"context":{"a":"\\ud800"}}', "identity", (400, "INVALID_TEXT")),
        (batch(TRACK, context={"a": "x" * 33_000}), "identity", (413, "EVENT_TOO_LARGE")),
        (batch(*[TRACK] * 2_501), "identity", (413, "BATCH_TOO_LONG")),
    ],
)
async def test_a_request_that_cannot_be_read_is_refused_as_a_whole(
    client: httpx.AsyncClient, door: Door, body: bytes, encoding: str, expected: tuple[int, str]
) -> None:
    assert await refusal(client, body, content_encoding=encoding) == expected
    assert (door.messages, door.letters) == ([], [])


async def test_a_gzip_bomb_takes_no_more_memory_than_a_body_may(client: httpx.AsyncClient) -> None:
    bomb = gzip.compress(b" " * 100_000_000)
    tracemalloc.start()
    try:
        assert await refusal(client, bomb, content_encoding="gzip") == (413, "BODY_TOO_LARGE")
        _, peak_bytes = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak_bytes < 8_000_000


async def test_bodies_beyond_the_memory_that_is_meant_for_them_are_sent_again_later(door: Door) -> None:
    """Two requests that hold half of it each while their messages are written; the third finds no room, the fourth
    comes when they are gone.
    """
    body = batch(TRACK)
    bodies, waits = Bodies(bytes_max=2 * len(body)), asyncio.Event()

    async def submit(messages: Sequence[Message]) -> list[Outcome]:
        await waits.wait()
        return await door.submit(messages)

    collection = Collection(keyring=door, submit=submit, bury=door.bury, region="FR", bodies=bodies)
    transport = httpx.ASGITransport(Starlette(routes=collect_routes(collection)))
    async with httpx.AsyncClient(transport=transport, base_url="http://collect", auth=("good", "")) as client:
        held = [asyncio.create_task(client.post("/v1/batch", content=body)) for _ in range(2)]
        while bodies.bytes < 2 * len(body):  # noqa: ASYNC110 - what is awaited happens inside the service
            await asyncio.sleep(0)
        refused = await client.post("/v1/batch", content=body)
        waits.set()
        answers = [await task for task in held]
        later = await client.post("/v1/batch", content=body)
    assert (refused.status_code, refused.json()["code"]) == (429, "TOO_MANY_MESSAGES_WAITING")
    assert refused.headers["retry-after"] == "1"
    assert [answer.status_code for answer in (*answers, later)] == [200, 200, 200]
    assert bodies.bytes == 0


async def test_an_inflated_body_takes_room_for_what_it_is_inflated(door: Door) -> None:
    body = batch(TRACK) + b" " * 100_000
    collection = Collection(
        keyring=door, submit=door.submit, bury=door.bury, region="FR", bodies=Bodies(bytes_max=100_000)
    )
    transport = httpx.ASGITransport(Starlette(routes=collect_routes(collection)))
    async with httpx.AsyncClient(transport=transport, base_url="http://collect", auth=("good", "")) as client:
        answer = await client.post(
            "/v1/batch", content=gzip.compress(body), headers={"Content-Encoding": "gzip"}
        )
    assert (answer.status_code, door.messages, collection.bodies.bytes) == (429, [], 0)


async def test_a_body_that_does_not_arrive_is_not_waited_for(
    client: httpx.AsyncClient, door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("graph_cdp.collect.body.BODY_SECONDS_MAX", 0.02)

    async def slowly() -> AsyncIterator[bytes]:
        yield batch(TRACK)
        await asyncio.Event().wait()

    answer = await client.post("/v1/batch", content=slowly())
    assert (answer.status_code, answer.json()["code"]) == (408, "BODY_TIMEOUT")
    assert door.messages == []


async def test_the_largest_batch_is_taken(client: httpx.AsyncClient, door: Door) -> None:
    messages = [{"type": "page", "userId": "u1", "messageId": f"m{number}"} for number in range(2_500)]
    body = batch(*messages)
    answer = await client.post("/v1/batch", content=body + b" " * (512_000 - len(body)))
    assert answer.status_code == 200
    assert len(door.messages) == 2_500


@pytest.mark.parametrize("kind", [[], {}, 5, True])
async def test_a_type_that_is_no_text_is_refused_not_tried_again_for_ever(
    client: httpx.AsyncClient, door: Door, kind: object
) -> None:
    answer = await client.post("/v1/track", json={"type": kind, "userId": "u1", "event": "A"})
    assert (answer.status_code, answer.json()["code"]) == (400, "INVALID_FIELD")
    assert (door.messages, door.letters) == ([], [])


async def test_a_path_that_contradicts_the_message_is_refused(client: httpx.AsyncClient) -> None:
    answer = await client.post("/v1/identify", json=TRACK)
    assert (answer.status_code, answer.json()["code"]) == (400, "INVALID_FIELD")
