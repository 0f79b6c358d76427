"""What should never be sent, through real HTTP: each has its status and its code, nothing of it is stored but a dead
letter, and the rest of its batch is taken.
"""

import base64
import gzip
import json
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from graph_cdp.graph.transactions import Graph
from graph_cdp.intake.json_body import write_json_text
from tests.clients.conftest import Server
from tests.integration.querying import query

pytestmark = pytest.mark.neo4j

SOON = (datetime.now(UTC) + timedelta(days=2)).isoformat()
STORED = """
MATCH (n:Event|SourceRecord|Identifier|Person|DeadLetter)
RETURN count(CASE WHEN n:Event THEN 1 END) AS events, count(CASE WHEN n:SourceRecord THEN 1 END) AS records,
  count(CASE WHEN n:Identifier THEN 1 END) AS identifiers, count(CASE WHEN n:DeadLetter THEN 1 END) AS letters
"""


def said(members: str) -> bytes:
    return b'{"type":"track","event":"A",' + members.encode("utf-8", "surrogateescape") + b"}"


def timed(value: object) -> bytes:
    return said(f'"userId":"u1","timestamp":{json.dumps(value)}')


BAD: dict[str, tuple[bytes, int, str]] = {
    "no id": (said('"name":"x"'), 400, "NO_IDENTITY"),
    "blank id": (said('"userId":" \\t"'), 400, "NO_IDENTITY"),
    "null ids": (said('"userId":null,"anonymousId":null'), 400, "NO_IDENTITY"),
    "junk id": (said('"userId":"[object Object]","anonymousId":"undefined"'), 400, "NO_IDENTITY"),
    "1,025-byte id": (said(f'"userId":"{"u" * 1_025}"'), 400, "INVALID_FIELD"),
    "id of nothing but NUL": (said('"userId":"\\u0000\\u200b"'), 400, "NO_IDENTITY"),
    "array for id": (said('"userId":["u1"]'), 400, "INVALID_FIELD"),
    "object for id": (said('"userId":{"$gt":""}'), 400, "INVALID_FIELD"),
    "fraction for id": (said('"userId":1.0'), 400, "INVALID_FIELD"),
    "101-character messageId": (said(f'"userId":"u1","messageId":"{"m" * 101}"'), 400, "INVALID_FIELD"),
    "array for e-mail": (said('"userId":"u1","traits":{"email":["a@x.fr"]}'), 400, "INVALID_FIELD"),
    "text for context": (said('"userId":"u1","context":"x"'), 400, "INVALID_FIELD"),
    "unknown type": (b'{"type":"delete","userId":"u1"}', 400, "UNKNOWN_TYPE"),
    "number for message": (b"7", 400, "INVALID_FIELD"),
    "array for message": (b"[]", 400, "INVALID_FIELD"),
    "33 kB": (said(f'"userId":"u1","p":"{"x" * 32_769}"'), 413, "EVENT_TOO_LARGE"),
    "10,001 properties": (
        said('"userId":"u1","properties":{' + ",".join(f'"p{n}":0' for n in range(10_001)) + "}"), 413, "EVENT_TOO_LARGE",
    ),
    "depth 33": (said('"userId":"u1","p":' + "[" * 32 + "]" * 32), 400, "TOO_DEEP"),
    "NaN": (said('"userId":"u1","p":NaN'), 400, "INVALID_NUMBER"),
    "-Infinity": (said('"userId":"u1","q":-Infinity'), 400, "INVALID_NUMBER"),
    "1e400": (said('"userId":"u1","r":1e400'), 400, "INVALID_NUMBER"),
    "2^63": (said('"userId":"u1","s":9223372036854775808'), 400, "INVALID_NUMBER"),
    "duplicate key": (said('"userId":"u1","userId":"u2"'), 400, "DUPLICATE_KEY"),
    "deep duplicate key": (said('"userId":"u1","p":{"a":{"b":1,"b":1}}'), 400, "DUPLICATE_KEY"),
    "lone surrogate": (said('"userId":"u1","p":"\\ud800"'), 400, "INVALID_TEXT"),
    "invalid UTF-8": (said('"userId":"u1","p":"\udcff"'), 400, "INVALID_TEXT"),
    "overlong UTF-8": (said('"userId":"u1","p":"\udcc0\udcaf"'), 400, "INVALID_TEXT"),
    "epoch in s": (timed(1_700_000_000), 400, "INVALID_FIELD"),
    "epoch in ms": (timed(1_700_000_000_000), 400, "INVALID_FIELD"),
    "epoch in µs as text": (timed("1700000000000000"), 400, "INVALID_TIMESTAMP"),
    "year 0000": (timed("0000-01-01T00:00:00Z"), 400, "INVALID_TIMESTAMP"),
    "year 9999": (timed("9999-12-31T23:59:59Z"), 400, "INVALID_TIMESTAMP"),
    "30 February": (timed("2026-02-30"), 400, "INVALID_TIMESTAMP"),
    "2 days in the future": (timed(SOON), 400, "INVALID_TIMESTAMP"),
    "skewed sentAt": (
        said('"userId":"u1","timestamp":"2026-01-01T00:00:00Z","sentAt":"1970-01-01T00:00:00Z"'), 400, "INVALID_TIMESTAMP",
    ),
}  # fmt: skip
"""Messages of a batch that are refused: their bytes, and what strict mode says of them."""

ODD = {
    "-0": "-0.0",
    "2^63-1": "9223372036854775807",
    "prototype": '{"__proto__":{"admin":true},"constructor":{"prototype":{}}}',
    "Cypher": '"\'}) DETACH DELETE n //"',
    "backticks": '{"`a` SET n:Admin":"`"}',
    "formula": "\"=cmd|' /C calc'!A0\"",
    "controls": '"\\u0000\\u001f\\u0085"',
    "directions": '"\\u202e\\u200b\\ufeff"',
    "composed and decomposed": '"\u00e9 e\u0301"',
    "Turkish I": '"\u0130\u0131"',
    "emoji": '"\\ud83d\\ude00"',
    "depth 32": "[" * 30 + "]" * 30,
}
"""Values of a property that are kept as they are."""


def client(server: Server, key: str, **headers: str) -> httpx.AsyncClient:
    return httpx.AsyncClient(
        base_url=server.url,
        auth=(key, ""),
        timeout=60,
        headers={k.replace("_", "-"): v for k, v in headers.items()},
    )


def good(number: int) -> bytes:
    return b'{"type":"page","anonymousId":"good","messageId":"good-%d"}' % number


async def test_each_bad_message_is_refused_by_its_code_and_all_others_are_taken(
    server: Server, write_key: str, graph: Graph
) -> None:
    items = [item for number, (bad, _, _) in enumerate(BAD.values()) for item in (bad, good(number))]
    async with client(server, write_key, X_Strict_Mode="1") as http:
        answer = await http.post("/v1/batch", content=b'{"batch":[' + b",".join(items) + b"]}")
    assert answer.status_code == 207
    results = [(item["status"], item.get("code", item["result"])) for item in answer.json()["results"]]
    refusals = dict(zip(BAD, results[::2], strict=True))
    assert refusals == {name: (status, code) for name, (_, status, code) in BAD.items()}
    assert results[1::2] == [(200, "accepted")] * len(BAD)
    assert await query(graph, STORED) == [
        {"events": len(BAD), "records": 1, "identifiers": 1, "letters": len(BAD)}
    ]


async def test_odd_values_are_kept_as_they_are(server: Server, write_key: str, graph: Graph) -> None:
    items = [
        f'{{"type":"track","event":"A","userId":"u1","messageId":"{name}","properties":{{"p":{value}}}}}'
        for name, value in ODD.items()
    ]
    async with client(server, write_key, X_Strict_Mode="1") as http:
        answer = await http.post(
            "/v1/batch", content=b"\xef\xbb\xbf" + f'{{"batch":[{",".join(items)}]}}'.encode()
        )
    assert (answer.status_code, {item["result"] for item in answer.json()["results"]}) == (200, {"accepted"})
    rows = await query(graph, "MATCH (e:Event) RETURN e.message_id AS id, e.payload AS payload")
    kept = {row["id"]: write_json_text(json.loads(row["payload"])["properties"]["p"]) for row in rows}
    assert kept == {name: write_json_text(json.loads(value)) for name, value in ODD.items()}


WHOLE: dict[str, tuple[bytes, str, int, str]] = {
    "2,501 messages": (b'{"batch":[' + b",".join([b"{}"] * 2_501) + b"]}", "identity", 413, "BATCH_TOO_LONG"),
    "512,001 bytes": (b'{"batch":[]}' + b" " * 511_989, "identity", 413, "BODY_TOO_LARGE"),
    "depth 100,000": (b"[" * 100_000 + b"]" * 100_000, "identity", 400, "TOO_DEEP"),
    "truncated JSON": (b'{"batch":[{"type":"track"', "identity", 400, "INVALID_JSON"),
    "nothing": (b"", "identity", 400, "INVALID_JSON"),
    "batch twice": (b'{"batch":[],"batch":[]}', "identity", 400, "DUPLICATE_KEY"),
    "object for batch": (b'{"batch":{"0":{}}}', "identity", 400, "INVALID_FIELD"),
    "truncated gzip": (gzip.compress(b'{"batch":[]}')[:-4], "gzip", 400, "INVALID_GZIP"),
    "two gzip members": (gzip.compress(b'{"batch":[]}') * 2, "gzip", 400, "INVALID_GZIP"),
    "no gzip": (b'{"batch":[]}', "gzip", 400, "INVALID_GZIP"),
    "gzip of gzip": (gzip.compress(gzip.compress(b'{"batch":[]}')), "gzip", 400, "INVALID_JSON"),
    "brotli": (b'{"batch":[]}', "br", 415, "UNSUPPORTED_ENCODING"),
    "two encodings": (gzip.compress(b'{"batch":[]}'), "gzip, gzip", 415, "UNSUPPORTED_ENCODING"),
}
"""Requests that are refused as a whole."""


async def test_each_bad_request_is_refused_by_its_code_and_nothing_is_stored(
    server: Server, write_key: str, graph: Graph
) -> None:
    answers: dict[str, tuple[int, str]] = {}
    async with client(server, write_key) as http:
        for name, (body, encoding, _, _) in WHOLE.items():
            answer = await http.post("/v1/batch", content=body, headers={"Content-Encoding": encoding})
            answers[name] = (answer.status_code, answer.json()["code"])
    assert answers == {name: (status, code) for name, (_, _, status, code) in WHOLE.items()}
    assert await query(graph, STORED) == [{"events": 0, "records": 0, "identifiers": 0, "letters": 0}]


async def test_bad_keys_are_refused_by_their_code_and_nothing_is_stored(server: Server, graph: Graph) -> None:
    basic = base64.b64encode(b"'}) DETACH DELETE n //:")
    values = [b"Bearer " + b"x" * 4_000, b"Basic " + basic, b"Basic \xff", b"Bearer \xff", b"Basic", b""]
    async with httpx.AsyncClient(base_url=server.url, timeout=60) as http:
        answers = [
            await http.post(
                "/v1/batch", content=b'{"batch":[%s]}' % good(1), headers={b"Authorization": value}
            )
            for value in values
        ]
        answers.append(await http.post("/v1/batch", content=b'{"batch":[%s],"writeKey":["x"]}' % good(1)))
    assert [(answer.status_code, answer.json()["code"]) for answer in answers] == [
        *[(401, "UNAUTHENTICATED")] * 6,
        (400, "INVALID_FIELD"),
    ]
    assert await query(graph, STORED) == [{"events": 0, "records": 0, "identifiers": 0, "letters": 0}]
