"""Bad input, value by value: what is refused and by which code, and what is taken as it is."""

import json

import pytest

from graph_cdp.collect.segment import Receipt, Refused, parse_message
from graph_cdp.intake.json_body import BadJson, JsonObject, JsonValue, read_json
from graph_cdp.source.model import Message

NOON = 1_767_268_800_000
RECEIPT = Receipt(source="web", received_at=NOON, region="FR")
TRACK: JsonObject = {"type": "track", "event": "A", "userId": "u1"}
DEEP_32 = '{"a":' * 31 + "1" + "}" * 31
DEEP_33 = '{"a":' * 32 + "1" + "}" * 32


def parse_text(members: str | bytes) -> Message | Refused:
    """What becomes of a track message with these further members, given as JSON."""
    raw = members if isinstance(members, bytes) else members.encode()
    return parse_message(read_json(b'{"type":"track","event":"A",' + raw + b"}"), receipt=RECEIPT)


@pytest.mark.parametrize(
    ("members", "code"),
    [
        ('"userId":"u1","userId":"u2"', "DUPLICATE_KEY"),
        ('"userId":"u1","properties":{"a":{"b":1,"b":1}}', "DUPLICATE_KEY"),
        ('"userId":"u1","properties":{"a":NaN}', "INVALID_NUMBER"),
        ('"userId":"u1","properties":{"a":-Infinity}', "INVALID_NUMBER"),
        ('"userId":"u1","properties":{"a":1e400}', "INVALID_NUMBER"),
        ('"userId":"u1","properties":[{"a":9223372036854775808}]', "INVALID_NUMBER"),
        ('"userId":"u1","properties":{"a":-9223372036854775809}', "INVALID_NUMBER"),
        ('"userId":"u1","properties":{"a":' + "1" * 5000 + "}", "INVALID_NUMBER"),
        ('"userId":"u1","properties":' + DEEP_33, "TOO_DEEP"),
        ('"userId":"\\ud800"', "INVALID_TEXT"),
        ('"userId":"u1","properties":{"\\udc00":1}', "INVALID_TEXT"),
        (b'"userId":"u\xff1"', "INVALID_TEXT"),
        (b'"userId":"u1","properties":{"a":"\xc0\xaf"}', "INVALID_TEXT"),
    ],
)
def test_what_json_should_not_say_is_refused(members: str | bytes, code: str) -> None:
    refused = parse_text(members)
    assert isinstance(refused, Refused)
    assert refused.code == code


@pytest.mark.parametrize(
    ("members", "payload_end"),
    [
        ('"userId":"u1","p":-0', '"p":0}'),
        ('"userId":"u1","p":-0.0', '"p":-0.0}'),
        ('"userId":"u1","p":9223372036854775807', '"p":9223372036854775807}'),
        ('"userId":"u1","p":1e-400', '"p":0.0}'),
        ('"userId":"u1","p":"\\ud83d\\ude00"', '"p":"\U0001f600"}'),
        ('"userId":"u1","p":"\\u0000\\u0085\\u202e\\u200b"', '"p":"\\u0000\x85\u202e\u200b"}'),
        ('"userId":"u1","__proto__":{"a":1}', '"__proto__":{"a":1}}'),
        ('"userId":"u1","`p`":"\'}) DETACH DELETE n //"', '"`p`":"\'}) DETACH DELETE n //"}'),
        ('"userId":"u1","p":"=cmd|\' /C calc\'!A0"', '"p":"=cmd|\' /C calc\'!A0"}'),
        ('"userId":"u1","p":' + DEEP_32, '"p":' + DEEP_32 + "}"),
    ],
)
def test_odd_but_lawful_content_is_kept(members: str, payload_end: str) -> None:
    message = parse_text(members)
    assert isinstance(message, Message)
    assert message.payload == '{"type":"track","event":"A","userId":"u1",' + payload_end


@pytest.mark.parametrize("text", ["", "{", '{"a":1,}', "{'a':1}", "nul", '{"a":"\x01"}', "1" * 10 + "x"])
def test_no_json_is_refused_as_a_whole(text: str) -> None:
    with pytest.raises(BadJson) as error:
        read_json(text.encode())
    assert error.value.code == "INVALID_JSON"


def test_nesting_of_100_000_is_refused_as_a_whole() -> None:
    with pytest.raises(BadJson) as error:
        read_json(b"[" * 100_000 + b"]" * 100_000)
    assert error.value.code == "TOO_DEEP"


def test_a_byte_order_mark_is_ignored() -> None:
    assert read_json(b'\xef\xbb\xbf{"a":1}') == {"a": 1}


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"type": None}, "UNKNOWN_TYPE"),
        ({"type": "delete"}, "UNKNOWN_TYPE"),
        ({"type": ["track"]}, "INVALID_FIELD"),
        ({"event": None}, "INVALID_FIELD"),
        ({"event": " "}, "INVALID_FIELD"),
        ({"event": {"name": "A"}}, "INVALID_FIELD"),
        ({"event": "A" * 501}, "INVALID_FIELD"),
        ({"type": "group", "groupId": ""}, "INVALID_FIELD"),
        ({"userId": ["u1"]}, "INVALID_FIELD"),
        ({"userId": {"id": "u1"}}, "INVALID_FIELD"),
        ({"userId": True}, "INVALID_FIELD"),
        ({"userId": 17.0}, "INVALID_FIELD"),
        ({"userId": "u" * 1_025}, "INVALID_FIELD"),
        ({"userId": "é" * 513}, "INVALID_FIELD"),
        ({"anonymousId": "a" * 1_025}, "INVALID_FIELD"),
        ({"messageId": "m" * 101}, "INVALID_FIELD"),
        ({"messageId": ["m"]}, "INVALID_FIELD"),
        ({"context": []}, "INVALID_FIELD"),
        ({"context": {"externalIds": {}}}, "INVALID_FIELD"),
        ({"context": {"externalIds": ["x"]}}, "INVALID_FIELD"),
        ({"context": {"externalIds": [{"id": ["x"], "type": "email"}]}}, "INVALID_FIELD"),
        ({"context": {"device": "iPhone"}}, "INVALID_FIELD"),
        ({"traits": "x"}, "INVALID_FIELD"),
        ({"traits": {"email": ["a@x.fr", "b@x.fr"]}}, "INVALID_FIELD"),
        ({"traits": {"firstName": {"a": 1}}}, "INVALID_FIELD"),
        ({"traits": {"company": ["Acme"]}}, "INVALID_FIELD"),
        ({"traits": {"address": ["Paris"]}}, "INVALID_FIELD"),
        ({"traits": {"address": {"city": ["Paris"]}}}, "INVALID_FIELD"),
        ({"timestamp": 1_700_000_000}, "INVALID_FIELD"),
        ({"timestamp": 1_700_000_000_000}, "INVALID_FIELD"),
        ({"timestamp": "1700000000"}, "INVALID_TIMESTAMP"),
        ({"timestamp": "1700000000000000"}, "INVALID_TIMESTAMP"),
        ({"timestamp": "0000-01-01T00:00:00Z"}, "INVALID_TIMESTAMP"),
        ({"timestamp": "0001-01-01T00:00:00Z"}, "INVALID_TIMESTAMP"),
        ({"timestamp": "1899-12-31T23:59:59Z"}, "INVALID_TIMESTAMP"),
        ({"timestamp": "9999-12-31T23:59:59Z"}, "INVALID_TIMESTAMP"),
        ({"timestamp": "2026-02-30"}, "INVALID_TIMESTAMP"),
        ({"timestamp": "yesterday"}, "INVALID_TIMESTAMP"),
        ({"timestamp": "2026-01-03T12:00:00Z"}, "INVALID_TIMESTAMP"),
        ({"timestamp": "2026-01-02T12:00:00.001Z"}, "INVALID_TIMESTAMP"),
        ({"timestamp": "2026-01-01T12:00:00Z", "sentAt": "9999-01-01T00:00:00Z"}, "INVALID_TIMESTAMP"),
        ({"timestamp": "2026-01-01T12:00:00Z", "sentAt": "then"}, "INVALID_TIMESTAMP"),
        ({"timestamp": "2026-01-01T12:00:00Z", "sentAt": "2020-01-01T00:00:00Z"}, "INVALID_TIMESTAMP"),
    ],
)
def test_a_wrong_member_is_refused_by_name(changed: JsonObject, code: str) -> None:
    refused = parse_message({**TRACK, **changed}, receipt=RECEIPT)
    assert isinstance(refused, Refused)
    assert refused.code == code


@pytest.mark.parametrize("body", [None, 1, "x", [], True])
def test_only_an_object_is_a_message(body: JsonValue) -> None:
    assert parse_message(body, receipt=RECEIPT) == Refused(
        code="INVALID_FIELD", message="A message must be an object."
    )


def test_the_largest_message_is_taken_and_one_byte_more_is_refused() -> None:
    empty = len(json.dumps({**TRACK, "p": ""}, separators=(",", ":")))
    largest: JsonObject = {**TRACK, "p": "x" * (32_768 - empty)}
    taken = parse_message(largest, receipt=RECEIPT)
    assert isinstance(taken, Message)
    assert len(taken.payload) == 32_768
    refused = parse_message({**largest, "p": "x" * (32_769 - empty)}, receipt=RECEIPT)
    assert refused == Refused(
        code="EVENT_TOO_LARGE", message="The message has 32,769 bytes; the most is 32,768."
    )


def test_ten_thousand_and_one_properties_are_too_large_a_message() -> None:
    properties: JsonObject = {f"p{number}": None for number in range(10_001)}
    refused = parse_message({**TRACK, "properties": properties}, receipt=RECEIPT)
    assert isinstance(refused, Refused)
    assert refused.code == "EVENT_TOO_LARGE"


def test_the_longest_ids_are_taken() -> None:
    message = parse_message({**TRACK, "userId": "u" * 1_024, "messageId": "m" * 100}, receipt=RECEIPT)
    assert isinstance(message, Message)
    assert message.record_key == "web:user:" + "u" * 1_024
    assert message.message_id == "m" * 100


@pytest.mark.parametrize(
    "body", [{"userId": "jean@secret.fr" * 100}, {"traits": {"email": ["jean@secret.fr"]}}]
)
def test_a_refusal_quotes_nothing_that_was_sent(body: JsonObject) -> None:
    refused = parse_message({**TRACK, **body}, receipt=RECEIPT)
    assert isinstance(refused, Refused)
    assert "secret" not in refused.message
