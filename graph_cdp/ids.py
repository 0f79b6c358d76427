"""The kinds of id, so that one is never passed for another, and how new ones are made."""

import secrets
from typing import NewType

PersonId = NewType("PersonId", str)
"""Opaque and stable for ever: an absorbed person's id still answers, with the person it resolves to now."""

RecordKey = NewType("RecordKey", str)
"""`source:kind:value`, for example `crm:row:17` or `web:anonymous:a1`. Holds personal data: never logged."""

RecordId = NewType("RecordId", str)
"""The opaque id of a source record: what the journal and the logs name it by."""

IdentifierId = NewType("IdentifierId", str)
"""The opaque id of an identifier: what the journal and the logs name it by."""

ChangeId = NewType("ChangeId", str)
"""The id of an entry of the journal (`IdentityChange`)."""

MatchKey = int
"""What records have in common that are worth comparing, as a hash: 64 bits, signed, as Neo4j has integers."""

Millis = int
"""A point in time: milliseconds since 1970-01-01T00:00:00Z. Integers cross the driver for nothing,
native temporals cost 50 µs each."""


def new_id() -> str:
    """A new opaque id: a random UUID (RFC 9562, version 4), 36 characters.

    As `str(uuid.uuid4())`, in a third of its time: every message needs some.
    """
    digits = secrets.token_bytes(16).hex()
    variant = "89ab"[int(digits[16], 16) % 4]
    return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-{variant}{digits[17:20]}-{digits[20:]}"
