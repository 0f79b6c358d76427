"""`POST /v1/*`: who is let in, and what is read."""

import asyncio
import base64
import gzip
import json
import tracemalloc
from collections.abc import AsyncIterator

import httpx
import pytest

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
        (gzip.compress(b"[" * 10_000_000), "gzip", (413, "BODY_TOO_LARGE")),
        (gzip.compress(batch(TRACK))[:-9], "gzip", (400, "INVALID_GZIP")),
        (gzip.compress(batch(TRACK)) + b"x", "gzip", (400, "INVALID_GZIP")),
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


async def test_a_path_that_contradicts_the_message_is_refused(client: httpx.AsyncClient) -> None:
    answer = await client.post("/v1/identify", json=TRACK)
    assert (answer.status_code, answer.json()["code"]) == (400, "INVALID_FIELD")
