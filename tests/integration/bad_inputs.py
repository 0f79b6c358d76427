"""What should never come in by a mutation: what is put into a good input, and the code that it is refused by."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

TOO_LONG = "i" * 1_025
SOON = (datetime.now(UTC) + timedelta(days=2)).isoformat()
ORDER = {"about": {"user_id": "u1"}, "number": "1017", "occurred_at": "2026-01-01T00:00:00Z"}
EMAIL = {"kind": "email", "value": "marie@example.com"}
GIVEN = {"purpose": "newsletter", "channel": "EMAIL", "state": "GIVEN", "contact_point": EMAIL}

Bad = Mapping[str, tuple[Mapping[str, object], str]]
"""What is put into a good input to make it a bad one, and the code that it is refused by."""


def nested(depth: int) -> Any:
    return 1 if depth == 0 else {"a": nested(depth - 1)}


BAD_TIMES = {
    "word": "yesterday",
    "epoch in s": "1767225600",
    "epoch in ms": "1767225600000",
    "epoch in us": "1767225600000000",
    "30 February": "2026-02-30T00:00:00Z",
    "month 13": "2026-13-01",
    "year 0000": "0000-01-01T00:00:00Z",
    "year 1899": "1899-12-31T23:59:59Z",
    "year 9999": "9999-12-31T00:00:00Z",
    "2 days in the future": SOON,
    "NUL": "2026-01-01\x00",
}

BAD_RECORDS: Bad = {
    "blank id": ({"row_id": ""}, "NO_IDENTITY"),
    "blanks for id": ({"row_id": " \t "}, "NO_IDENTITY"),
    "junk id": ({"row_id": "null"}, "NO_IDENTITY"),
    "object for id": ({"row_id": "[object Object]"}, "NO_IDENTITY"),
    "zeros for id": ({"row_id": "0000"}, "NO_IDENTITY"),
    "NUL and zero-width for id": ({"row_id": "\x00\u200b\ufeff"}, "NO_IDENTITY"),
    "1,025-byte id": ({"row_id": TOO_LONG}, "NO_IDENTITY"),
    "1,025 bytes of 2-byte letters": ({"row_id": "\u00e9" * 513}, "NO_IDENTITY"),
    "1,025-byte identifier": ({"identifiers": [{"kind": "user_id", "value": TOO_LONG}]}, "INVALID_FIELD"),
    "unknown kind": ({"identifiers": [{"kind": "shoe_size", "value": "38"}]}, "INVALID_FIELD"),
    "kind of Cypher": ({"identifiers": [{"kind": "`}) DETACH", "value": "38"}]}, "INVALID_FIELD"),
    "32,769 bytes": ({"traits": {"description": "d" * 32_769}}, "EVENT_TOO_LARGE"),
    "no key": ({"idempotency_key": ""}, "INVALID_FIELD"),
    "101-character key": ({"idempotency_key": "k" * 101}, "INVALID_FIELD"),
    **{name: ({"changed_at": text}, "INVALID_TIMESTAMP") for name, text in BAD_TIMES.items()},
}

BAD_EVENTS: Bad = {
    "nobody": ({"about": {}}, "NO_IDENTITY"),
    "blank id": ({"about": {"user_id": " "}}, "NO_IDENTITY"),
    "junk id": ({"about": {"user_id": "undefined"}}, "NO_IDENTITY"),
    "NUL for id": ({"about": {"anonymous_id": "\x00\u200b"}}, "NO_IDENTITY"),
    "junk e-mail": ({"about": {"email": "test@test.com"}}, "NO_IDENTITY"),
    "no e-mail": ({"about": {"email": "marie"}}, "NO_IDENTITY"),
    "junk phone": ({"about": {"phone": "0000000000"}}, "NO_IDENTITY"),
    "1,025-byte id": ({"about": {"user_id": TOO_LONG}}, "INVALID_FIELD"),
    "1,025-byte device": ({"about": {"anonymous_id": TOO_LONG}}, "INVALID_FIELD"),
    "1,025-byte row": ({"about": {"row_id": TOO_LONG}}, "NO_IDENTITY"),
    "1,025-byte card": (
        {"about": {"user_id": "u1", "identifiers": [{"kind": "loyalty_card", "value": TOO_LONG}]}},
        "INVALID_FIELD",
    ),
    "unknown kind": (
        {"about": {"user_id": "u1", "identifiers": [{"kind": "shoe_size", "value": "38"}]}},
        "INVALID_FIELD",
    ),
    "blank event": ({"event": " \u200b "}, "INVALID_FIELD"),
    "501-character event": ({"event": "e" * 501}, "INVALID_FIELD"),
    "depth 33": ({"properties": nested(32)}, "TOO_DEEP"),
    "array for properties": ({"properties": [1]}, "INVALID_FIELD"),
    "text for properties": ({"properties": "x"}, "INVALID_FIELD"),
    "32,769 bytes": ({"properties": {"p": "x" * 32_769}}, "EVENT_TOO_LARGE"),
    "month 13": ({"occurred_at": "2026-13-01"}, "INVALID_TIMESTAMP"),
}

BAD_TRANSACTIONS: Bad = {
    "nobody": ({"about": {"row_id": "none"}}, "NO_IDENTITY"),
    "NUL for number": ({"number": " \x00 "}, "INVALID_FIELD"),
    "1,025-byte number": ({"number": TOO_LONG}, "INVALID_FIELD"),
    "amount of 13 digits": ({"amount": 1e12}, "INVALID_NUMBER"),
    "quantity of 10 digits": ({"quantity": 1_000_000_000}, "INVALID_NUMBER"),
    "small letters for currency": ({"currency": "eur"}, "INVALID_FIELD"),
    "sign for currency": ({"currency": "\u20ac"}, "INVALID_FIELD"),
    "no time": ({"occurred_at": ""}, "INVALID_TIMESTAMP"),
    "year 9999": ({"occurred_at": "9999-12-31T00:00:00Z"}, "INVALID_TIMESTAMP"),
    "no article": ({"lines": [{"sku": ""}]}, "INVALID_FIELD"),
    "1,025-byte article": ({"lines": [{"sku": TOO_LONG}]}, "INVALID_FIELD"),
    "price of 14 digits": ({"lines": [{"sku": "1", "unit_price": -1e13}]}, "INVALID_NUMBER"),
    "101 lines": ({"lines": [{"sku": "1"}] * 101}, "INVALID_FIELD"),
    "2,001-character coupon": ({"coupon": "c" * 2_001}, "INVALID_FIELD"),
    "1,025-byte store": ({"store": TOO_LONG}, "INVALID_FIELD"),
}

BAD_PRODUCTS: Bad = {
    "no article": ({"sku": ""}, "INVALID_FIELD"),
    "zero-width article": ({"sku": "\u200b"}, "INVALID_FIELD"),
    "negative price": ({"price": -1}, "INVALID_NUMBER"),
    "2,001-character link": ({"url": "u" * 2_001}, "INVALID_FIELD"),
    "year 0000": ({"occurred_at": "0000-01-01T00:00:00Z"}, "INVALID_TIMESTAMP"),
}

BAD_STORES: Bad = {
    "blank code": ({"code": " "}, "INVALID_FIELD"),
    "1,025-byte unit": ({"org_unit": TOO_LONG}, "INVALID_FIELD"),
    "2,001-character town": ({"city": "c" * 2_001}, "INVALID_FIELD"),
}

BAD_COMPANIES: Bad = {
    "blank number": ({"number": "\ufeff"}, "INVALID_FIELD"),
    "nobody": ({"about": {"user_id": "nan"}}, "NO_IDENTITY"),
    "2,001-character name": ({"name": "n" * 2_001}, "INVALID_FIELD"),
}

BAD_STATEMENTS: Mapping[str, tuple[list[object], str]] = {
    "none": ([], "INVALID_FIELD"),
    "51": ([GIVEN] * 51, "INVALID_FIELD"),
    "yes to nothing": ([{**GIVEN, "contact_point": None}], "INVALID_FIELD"),
    "about an account": ([{**GIVEN, "contact_point": {"kind": "user_id", "value": "u1"}}], "INVALID_FIELD"),
    "placeholder": (
        [{**GIVEN, "contact_point": {"kind": "email", "value": "noreply@example.com"}}],
        "INVALID_FIELD",
    ),
    "no purpose": ([{**GIVEN, "purpose": "\u200b"}], "INVALID_FIELD"),
    "501-character purpose": ([{**GIVEN, "purpose": "p" * 501}], "INVALID_FIELD"),
    "8,001-character signal": ([{**GIVEN, "signal": "s" * 8_001}], "INVALID_FIELD"),
    "one good, one bad": ([GIVEN, {**GIVEN, "purpose": ""}], "INVALID_FIELD"),
}

ODD = {
    "Cypher": "'}) DETACH DELETE n //",
    "backticks": "`x` SET n:Admin",
    "prototype": "__proto__",
    "formula": "=cmd|' /C calc'!A0",
    "Turkish I": "\u0130stanbul\u0131",
    "tag": "a+tag@",
    "emoji": "\U0001f600",
}
"""Texts that are kept as they are."""

SEEN_AS: Mapping[str, tuple[str, dict[str, Any], dict[str, Any]]] = {
    "composed": ("user_id", {"user_id": "jos\u00e9"}, {"user_id": "jose\u0301"}),
    "direction": ("user_id", {"user_id": "u7"}, {"user_id": "\u202eu7\u202c"}),
    "controls": ("user_id", {"user_id": "u8"}, {"user_id": "\ufeffu\x008\x1f\u200b"}),
    "dialled at home": ("phone", {"phone": "+33612345678"}, {"phone": "+33 (0)6 12 34 56 78"}),
    "capitals": ("email", {"email": "marie@example.com"}, {"email": " Marie@EXAMPLE.com "}),
}
"""Two spellings that are one, and the kind of identifier that they are."""

APART: Mapping[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "homograph": ({"email": "paul@example.org"}, {"email": "p\u0430ul@example.org"}),
    "tag": ({"email": "luc@example.org"}, {"email": "luc+shop@example.org"}),
    "case of an id": ({"user_id": "Abc"}, {"user_id": "aBC"}),
}
"""Two spellings that look alike, and are two."""
