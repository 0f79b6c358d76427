"""`POST /v1/*`: what is answered, and what becomes a dead letter."""

import json

import httpx
import pytest
from neo4j.exceptions import ServiceUnavailable

from graph_cdp.collect.batcher import QueueFull
from graph_cdp.flows.outcome import DUPLICATE, REUSED
from tests.unit.collect.conftest import NOON, TRACK, Door, batch


async def test_success_is_exactly_200_and_success(client: httpx.AsyncClient, door: Door) -> None:
    answer = await client.post("/v1/track", json=TRACK)
    assert (answer.status_code, answer.content) == (200, b'{"success":true}')
    assert [message.record_key for message in door.messages] == ["web:user:u1"]


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
