"""`POST /v1/*` without a database: who is let in, what is read, and what is answered."""

import asyncio
import base64
import gzip
import json
import tracemalloc
from collections.abc import AsyncIterator, Sequence

import httpx
import pytest
from neo4j.exceptions import ServiceUnavailable
from starlette.applications import Starlette

from graph_cdp.access.model import KeyId, Principal, Role
from graph_cdp.access.rules import BadKey
from graph_cdp.collect.batcher import QueueFull
from graph_cdp.collect.dead_letters import DeadLetter
from graph_cdp.collect.http import Collection, collect_routes
from graph_cdp.flows.outcome import ACCEPTED, DUPLICATE, REUSED, Outcome
from graph_cdp.source.model import Message

NOON = 1_767_268_800_000
TRACK = {"type": "track", "event": "A", "userId": "u1", "messageId": "m1"}
KEYS: dict[str, tuple[Role, str | None]] = {
    "good": ("ingest", "web"),
    "boss": ("admin", None),
    "odd": ("steward", "web"),
}


class Door:
    """All that collection needs, in memory: two keys, and lists of what came through."""

    def __init__(self) -> None:
        self.messages: list[Message] = []
        self.letters: list[DeadLetter] = []
        self.outcomes: dict[str, Outcome] = {}
        self.error: Exception | None = None

    async def authenticate(self, secret: str | None) -> Principal:
        if secret not in KEYS:
            raise BadKey("This key is not known.")
        role, source = KEYS[secret]
        return Principal(key_id=KeyId("k"), role=role, source=source)

    async def submit(self, messages: Sequence[Message]) -> list[Outcome]:
        if self.error:
            raise self.error
        self.messages.extend(messages)
        return [self.outcomes.get(message.message_id, ACCEPTED) for message in messages]

    async def bury(self, letters: Sequence[DeadLetter]) -> None:
        self.letters.extend(letters)


@pytest.fixture
def door() -> Door:
    return Door()


@pytest.fixture
async def client(door: Door) -> AsyncIterator[httpx.AsyncClient]:
    collection = Collection(keyring=door, submit=door.submit, bury=door.bury, region="FR", clock=lambda: NOON)
    transport = httpx.ASGITransport(Starlette(routes=collect_routes(collection)))
    async with httpx.AsyncClient(transport=transport, base_url="http://collect", auth=("good", "")) as client:
        yield client


async def refusal(client: httpx.AsyncClient, body: bytes, **headers: str) -> tuple[int, str]:
    answer = await client.post(
        "/v1/batch", content=body, headers={k.replace("_", "-"): v for k, v in headers.items()}
    )
    assert answer.headers["access-control-allow-origin"] == "*"
    assert set(answer.json()) == {"code", "message"}
    return answer.status_code, answer.json()["code"]


def batch(*messages: object, **rest: object) -> bytes:
    return json.dumps({"batch": messages, **rest}).encode()


async def test_success_is_exactly_200_and_success(client: httpx.AsyncClient, door: Door) -> None:
    answer = await client.post("/v1/track", json=TRACK)
    assert (answer.status_code, answer.content) == (200, b'{"success":true}')
    assert [message.record_key for message in door.messages] == ["web:user:u1"]


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


async def test_one_bad_message_of_a_batch_is_a_dead_letter_and_the_rest_is_taken(
    client: httpx.AsyncClient, door: Door
) -> None:
    bad = {"type": "track", "event": "A", "messageId": "m2", "userId": "null", "email": "jean@x.fr"}
    answer = await client.post(
        "/v1/batch", content=batch(TRACK, bad, {**TRACK, "messageId": "m3"}, 7, writeKey="k")
    )
    assert (answer.status_code, answer.json()) == (200, {"success": True})
    assert [message.message_id for message in door.messages] == ["m1", "m3"]
    assert [(letter.source, letter.message_id, letter.code) for letter in door.letters] == [
        ("web", "m2", "NO_IDENTITY"),
        ("web", None, "INVALID_FIELD"),
    ]
    assert json.loads(door.letters[0].payload) == bad
    assert door.letters[0].received_at == NOON


async def test_a_refused_message_that_is_sent_again_is_one_dead_letter(
    client: httpx.AsyncClient, door: Door
) -> None:
    for sent_at in ("2026-01-01T00:00:00Z", "2026-01-01T00:01:00Z"):
        await client.post("/v1/batch", content=batch({"type": "x"}, sentAt=sent_at))
    first, second = door.letters
    assert first.id == second.id


async def test_a_dead_letter_does_not_hold_the_key(client: httpx.AsyncClient, door: Door) -> None:
    await client.post("/v1/track", json={"event": "A", "writeKey": "good"})
    assert [letter.payload for letter in door.letters] == ['{"event":"A","type":"track"}']


async def test_what_no_text_can_hold_is_a_dead_letter_in_ascii(client: httpx.AsyncClient, door: Door) -> None:
    body = b'{"batch":[{"type":"track","messageId":"m\xff","userId":"\\ud800","p":NaN},{"a":1,"a":2}]}'
    assert (await client.post("/v1/batch", content=body)).status_code == 200
    assert [letter.payload for letter in door.letters] == [
        '{"type":"track","messageId":"m\\udcff","userId":"\\ud800","p":"<INVALID_NUMBER>"}',
        '"<DUPLICATE_KEY>"',
    ]
    assert door.letters[0].message_id == "m\\udcff"


async def test_strict_mode_answers_a_single_message_by_its_own_status(
    client: httpx.AsyncClient, door: Door
) -> None:
    door.outcomes = {"m4": REUSED, "m5": DUPLICATE}
    answers: list[tuple[int, object]] = []
    for changed in ({}, {"userId": None}, {"messageId": "m4"}, {"messageId": "m5"}, {"p": "x" * 33_000}):
        answer = await client.post("/v1/track", json={**TRACK, **changed}, headers={"X-Strict-Mode": "1"})
        answers.append((answer.status_code, answer.json().get("code", answer.json())))
    assert answers == [
        (200, {"success": True}),
        (400, "NO_IDENTITY"),
        (409, "MESSAGE_ID_REUSED"),
        (200, {"success": True}),
        (413, "EVENT_TOO_LARGE"),
    ]
    assert [letter.code for letter in door.letters] == ["NO_IDENTITY", "MESSAGE_ID_REUSED", "EVENT_TOO_LARGE"]


async def test_strict_mode_answers_each_message_of_a_batch(client: httpx.AsyncClient, door: Door) -> None:
    door.outcomes = {"m2": DUPLICATE}
    body = batch(TRACK, {**TRACK, "messageId": "m2"}, {"type": "page", "messageId": "m3"})
    answer = await client.post("/v1/batch", content=body, headers={"X-Strict-Mode": "1"})
    assert answer.status_code == 207
    assert answer.json() == {
        "success": False,
        "results": [
            {"index": 0, "messageId": "m1", "status": 200, "result": "accepted"},
            {"index": 1, "messageId": "m2", "status": 200, "result": "duplicate"},
            {
                "index": 2,
                "messageId": "m3",
                "status": 400,
                "result": "refused",
                "code": "NO_IDENTITY",
                "message": door.letters[0].message,
            },
        ],
    }
    answer = await client.post("/v1/batch", content=batch(TRACK), headers={"X-Strict-Mode": "1"})
    assert (answer.status_code, answer.json()["success"]) == (200, True)


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


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (QueueFull("Full."), (429, "TOO_MANY_MESSAGES_WAITING", "1")),
        (ServiceUnavailable("gone"), (503, "UNAVAILABLE", "5")),
        (RuntimeError("jean@secret.fr"), (500, "INTERNAL", None)),
    ],
)
async def test_what_the_sender_should_try_again_says_when(
    client: httpx.AsyncClient, door: Door, error: Exception, expected: tuple[int, str, str | None]
) -> None:
    door.error = error
    answer = await client.post("/v1/track", json=TRACK)
    assert (answer.status_code, answer.json()["code"], answer.headers.get("retry-after")) == expected
    assert "secret" not in answer.text


async def test_an_unforeseen_error_is_logged_without_its_text(
    client: httpx.AsyncClient, door: Door, capsys: pytest.CaptureFixture[str]
) -> None:
    door.error = RuntimeError("jean@secret.fr")
    await client.post("/v1/track", json=TRACK)
    logged = capsys.readouterr().out
    assert "request_failed" in logged
    assert "RuntimeError" in logged
    assert "secret" not in logged


async def test_a_browser_may_send_from_any_page(client: httpx.AsyncClient) -> None:
    answer = await client.options(
        "/v1/t", headers={"Origin": "https://shop.example", "Access-Control-Request-Method": "POST"}
    )
    assert answer.status_code == 204
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["access-control-allow-methods"] == "POST, OPTIONS"
    assert "Authorization" in answer.headers["access-control-allow-headers"]
    plain = await client.post("/v1/t", content=json.dumps(TRACK), headers={"Content-Type": "text/plain"})
    assert plain.status_code == 200


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [("GET", "/v1/track", 405, "METHOD_NOT_ALLOWED"), ("POST", "/v1/delete", 404, "NOT_FOUND")],
)
async def test_a_wrong_call_is_answered_in_json(
    client: httpx.AsyncClient, method: str, path: str, status: int, code: str
) -> None:
    answer = await client.request(method, path)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
