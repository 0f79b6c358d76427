"""What a Segment message becomes, value by value."""

from dataclasses import replace

import pytest

from graph_cdp.collect.segment import Receipt, Refused, parse_message
from graph_cdp.intake.json_body import JsonObject, JsonValue
from graph_cdp.source.model import IdentifierKey, Message

NOON = 1_767_268_800_000  # 2026-01-01T12:00:00Z
RECEIPT = Receipt(source="web", received_at=NOON, region="FR")


def parse(**body: JsonValue) -> Message:
    message = parse_message({"type": "track", "event": "A", **body}, receipt=RECEIPT)
    assert isinstance(message, Message), message
    return message


def refuse(**body: JsonValue) -> Refused:
    refused = parse_message({"type": "track", "event": "A", **body}, receipt=RECEIPT)
    assert isinstance(refused, Refused), refused
    return refused


def keys(*pairs: tuple[str, str]) -> tuple[IdentifierKey, ...]:
    return tuple(IdentifierKey(kind=kind, value=value) for kind, value in pairs)


IDENTIFY: JsonObject = {
    "type": "identify",
    "messageId": "m1",
    "anonymousId": "a1",
    "userId": "u1",
    "traits": {
        "email": " Jean.Martin@Example.FR ",
        "phone": "+33 (0)6.12.34.56.78",
        "firstName": "Jean",
        "last_name": "Martin",
        "birthday": "1980-02-29",
        "title": "Buyer",
        "company": {"name": "Acme"},
        "address": {
            "street": "1 rue X",
            "city": "Paris",
            "postalCode": 75011,
            "state": "IDF",
            "country": "FR",
        },
        "plan": "gold",
    },
}


def test_identify_becomes_a_record_with_traits_and_identifiers() -> None:
    message = parse_message(IDENTIFY, receipt=RECEIPT)
    assert isinstance(message, Message)
    assert (message.source, message.message_id, message.type) == ("web", "m1", "identify")
    assert message.record_key == "web:user:u1"
    assert message.name is None
    assert (message.occurred_at, message.received_at) == (NOON, NOON)
    assert message.complete is False
    assert message.facts == ()
    assert message.identifiers == keys(
        ("anonymous_id", "a1"),
        ("email", "jean.martin@example.fr"),
        ("phone", "+33612345678"),
        ("user_id", "u1"),
    )
    assert message.traits == {
        "email": "jean.martin@example.fr",
        "phone": "+33612345678",
        "first_name": "Jean",
        "last_name": "Martin",
        "birth_date": "1980-02-29",
        "job_title": "Buyer",
        "company": "Acme",
        "street": "1 rue X",
        "city": "Paris",
        "postal_code": "75011",
        "region": "IDF",
        "country": "FR",
    }


@pytest.mark.parametrize(
    ("body", "record_key"),
    [
        ({"userId": "u1", "anonymousId": "a1", "traits": {"email": "a@x.fr"}}, "web:user:u1"),
        ({"anonymousId": "a1", "traits": {"email": "a@x.fr", "phone": "0612345678"}}, "web:email:a@x.fr"),
        ({"anonymousId": "a1", "traits": {"phone": "0612345678"}}, "web:phone:+33612345678"),
        ({"anonymousId": "a1"}, "web:anonymous:a1"),
        ({"traits": {"email_2": "b@x.fr"}}, "web:email:b@x.fr"),
        ({"userId": 17}, "web:user:17"),
        ({"userId": " u1 "}, "web:user:u1"),
        ({"userId": "U1"}, "web:user:U1"),
        ({"userId": "", "anonymousId": "a1"}, "web:anonymous:a1"),
        ({"userId": None, "anonymousId": "a1"}, "web:anonymous:a1"),
        ({"userId": "null", "anonymousId": "a2"}, "web:anonymous:a2"),
        ({"userId": "None", "anonymousId": "a3"}, "web:anonymous:a3"),
        ({"anonymousId": "[object Object]", "userId": "u2"}, "web:user:u2"),
    ],
)
def test_the_record_is_the_most_identified_one(body: JsonObject, record_key: str) -> None:
    assert parse(**body).record_key == record_key


def test_junk_is_no_identifier_of_anyone() -> None:
    message = parse(
        type="identify",
        anonymousId="null",
        userId="u1",
        traits={"email": "test@test.com", "phone": "0000000000"},
    )
    assert message.identifiers == keys(("user_id", "u1"))


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"userId": None, "anonymousId": None},
        {"userId": "", "anonymousId": " "},
        {"userId": "undefined"},
        {"userId": "null", "anonymousId": "00000000-0000-0000-0000-000000000000"},
        {"traits": {"email": "no-reply@x.fr", "phone": "1111111111"}},
        {"traits": {"email": "not an address"}},
        {"context": {"externalIds": [{"type": "loyalty_card", "id": "29900042"}]}},
    ],
)
def test_a_message_about_nobody_is_refused(body: JsonObject) -> None:
    assert refuse(**body).code == "NO_IDENTITY"


def test_alias_holds_the_previous_id_as_a_claim() -> None:
    message = parse_message({"type": "alias", "previousId": "a1", "userId": "u1"}, receipt=RECEIPT)
    assert isinstance(message, Message)
    assert message.record_key == "web:user:u1"
    assert message.identifiers == keys(("alias", "a1"), ("user_id", "u1"))


def test_an_alias_of_itself_claims_nothing() -> None:
    assert parse(type="alias", previousId="u1", userId="u1").identifiers == keys(("user_id", "u1"))


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"userId": "u1"}, "INVALID_FIELD"),
        ({"previousId": "a1"}, "NO_IDENTITY"),
        ({"previousId": "a1", "userId": "null"}, "NO_IDENTITY"),
        ({"previousId": "a1", "anonymousId": "a2"}, "NO_IDENTITY"),
        ({"previousId": "undefined", "userId": "u1"}, "NO_IDENTITY"),
        ({"previousId": ["a1"], "userId": "u1"}, "INVALID_FIELD"),
    ],
)
def test_an_alias_of_nobody_is_refused(body: JsonObject, code: str) -> None:
    assert refuse(type="alias", **body).code == code


def test_external_ids_are_identifiers_of_their_kind() -> None:
    entries: list[JsonValue] = [
        {"id": "2990 0042", "type": "loyalty_card", "collection": "users", "encoding": "none"},
        {"id": "17", "type": "customer_id", "collection": "crm", "encoding": "none"},
        {"id": "AB-CD", "type": "ios.idfa"},
        {"id": "1.85.05.78.006.084", "type": "national_id"},
    ]
    message = parse(userId="u1", context={"externalIds": entries, "device": {"advertisingId": "EF-GH"}})
    assert message.identifiers == keys(
        ("advertising_id", "ab-cd"),
        ("advertising_id", "ef-gh"),
        ("customer_id", "crm:17"),
        ("loyalty_card", "29900042"),
        ("national_id", "1850578006084"),
        ("user_id", "u1"),
    )


@pytest.mark.parametrize(
    "entry",
    [
        {"id": "29900042", "type": "loyalty_card", "encoding": "sha256"},
        {"id": "x", "type": "nobody_ranked_this"},
        {"id": "a1", "type": "alias"},
        {"id": "17", "type": "customer_id"},
        {"id": "null", "type": "customer_id", "collection": "crm"},
        {"id": None, "type": "email"},
        {"id": "x"},
    ],
)
def test_other_external_ids_stay_in_the_payload(entry: JsonObject) -> None:
    message = parse(userId="u1", context={"externalIds": [entry]})
    assert message.identifiers == keys(("user_id", "u1"))


def test_address_and_browser_identify_nobody() -> None:
    message = parse(anonymousId="a1", context={"ip": "203.0.113.7", "userAgent": "UA"})
    assert message.identifiers == keys(("anonymous_id", "a1"))


def test_the_traits_of_a_group_are_not_its_members() -> None:
    message = parse(type="group", userId="u1", groupId="g1", traits={"email": "info@acme.fr", "name": "Acme"})
    assert message.traits == {}
    assert message.identifiers == keys(("user_id", "u1"))


def test_context_traits_count_and_the_messages_own_win() -> None:
    message = parse(
        type="identify",
        userId="u1",
        context={"traits": {"email": "old@x.fr", "firstName": "Anne"}},
        traits={"email": "new@x.fr", "firstName": None},
    )
    assert message.traits == {"email": "new@x.fr", "first_name": "Anne"}


@pytest.mark.parametrize(
    ("body", "name"),
    [
        ({"type": "track", "event": "Order Completed"}, "Order Completed"),
        ({"type": "page", "name": "Home"}, "Home"),
        ({"type": "screen", "name": "Basket"}, "Basket"),
        ({"type": "page", "name": None}, None),
        ({"type": "group", "groupId": 7}, None),
    ],
)
def test_the_name_is_what_happened_or_what_was_seen(body: JsonObject, name: str | None) -> None:
    assert parse(userId="u1", **body).name == name


@pytest.mark.parametrize(
    ("times", "occurred_at"),
    [
        ({}, NOON),
        ({"timestamp": "2026-01-01T11:00:00Z"}, NOON - 3_600_000),
        ({"timestamp": "2026-01-01T12:00:00+01:00"}, NOON - 3_600_000),
        ({"timestamp": "2026-01-01T11:00:00"}, NOON - 3_600_000),
        ({"timestamp": "2025-12-31"}, NOON - 36 * 3_600_000),
        (
            {"originalTimestamp": "2026-01-01T10:00:00Z", "timestamp": "2026-01-01T11:00:00Z"},
            NOON - 7_200_000,
        ),
        # A clock that is ten years late: the message was sent 90 s after it occurred.
        ({"timestamp": "2016-01-01T00:00:00Z", "sentAt": "2016-01-01T00:01:30Z"}, NOON - 90_000),
        ({"timestamp": "2036-01-01T00:00:00Z", "sentAt": "2036-01-01T00:01:30Z"}, NOON - 90_000),
        ({"sentAt": "2016-01-01T00:01:30Z"}, NOON),
        ({"timestamp": None, "sentAt": None}, NOON),
        ({"timestamp": "2026-01-02T12:00:00.000Z"}, NOON + 24 * 3_600_000),
    ],
)
def test_the_clients_clock_is_corrected(times: JsonObject, occurred_at: int) -> None:
    assert parse(userId="u1", **times).occurred_at == occurred_at


def test_the_payload_is_the_message_without_the_key() -> None:
    message = parse(userId="u1", properties={"é": [1, 2.5, None]}, writeKey="secret")
    assert message.payload == '{"type":"track","event":"A","userId":"u1","properties":{"é":[1,2.5,null]}}'


def test_the_hash_is_of_what_is_said_not_of_one_try_to_send_it() -> None:
    first = parse(userId="u1", messageId="m1", sentAt="2026-01-01T12:00:00Z")
    retry = parse_message(
        {
            "messageId": "m1",
            "event": "A",
            "userId": "u1",
            "type": "track",
            "sentAt": "2026-01-01T12:05:00Z",
            "_metadata": {"retryCount": 1},
            "writeKey": "k",
        },
        receipt=replace(RECEIPT, received_at=NOON + 300_000),
    )
    assert isinstance(retry, Message)
    assert retry.body_hash == first.body_hash
    assert parse(userId="u2", messageId="m1").body_hash != first.body_hash


def test_without_a_message_id_a_retry_of_a_dated_message_is_that_message() -> None:
    body: JsonValue = {"type": "track", "event": "A", "userId": "u1", "timestamp": "2026-01-01T11:00:00Z"}
    later = replace(RECEIPT, received_at=NOON + 60_000, index=3)
    first, retry = parse_message(body, receipt=RECEIPT), parse_message(body, receipt=later)
    assert isinstance(first, Message)
    assert isinstance(retry, Message)
    assert first.message_id == retry.message_id
    assert first.message_id == f"sha256-{first.body_hash}"


def test_without_a_message_id_and_a_time_each_message_is_its_own() -> None:
    body: JsonValue = {"type": "track", "event": "A", "userId": "u1"}
    receipts = [RECEIPT, replace(RECEIPT, index=1), replace(RECEIPT, received_at=NOON + 1)]
    ids = {
        message.message_id for r in receipts if isinstance(message := parse_message(body, receipt=r), Message)
    }
    assert len(ids) == 3
