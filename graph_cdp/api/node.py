"""Relay's `Node`, global ids, and how times are shown."""

import base64
import binascii
import re
from datetime import date, timedelta
from functools import lru_cache
from typing import NewType

import strawberry

from graph_cdp.api.errors import BadId
from graph_cdp.api.selection.fields import GlobalId, declared
from graph_cdp.ids import Millis

EPOCH = date(1970, 1, 1)

DAY_MS = 86_400_000

DAYS_KEPT = 4_096
"""Days that were shown lately: to look one up takes a fifth of the time of making it, and an answer shows times by the dozen."""

_NUMBERS = tuple(f"{number:02}" for number in range(60))
_MINUTES = tuple(f"{hour}:{minute}" for hour in _NUMBERS[:24] for minute in _NUMBERS)
_THOUSANDTHS = tuple(f"{number:03}" for number in range(1_000))
"""The parts of a time of day as they are written: to look them up takes a third of the time of writing them."""

DATE_TIME_NAME = "DateTime"

_OPAQUE = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|[0-9a-f]{64}")
"""A UUID; of a dead letter and a consent record the SHA-256 of what it says."""

_GLOBAL = re.compile(r"(?P<type>[A-Za-z]+):(?P<id>.{1,1024})", re.DOTALL)

KEYED = frozenset({"Product", "Store"})
"""Types whose own id is a word of the trade, and not one that graph_cdp made."""

Timestamp = NewType("Timestamp", int)
"""A time in a GraphQL type: epoch milliseconds inside, ISO 8601 outside."""


def iso_8601(at: Millis) -> str:
    """A time as `2026-01-31T12:00:00.000Z`."""
    minute, second, millisecond = at // 60_000 % 1_440, at // 1_000 % 60, at % 1_000
    return f"{_day(at // DAY_MS)}T{_MINUTES[minute]}:{_NUMBERS[second]}.{_THOUSANDTHS[millisecond]}Z"


@lru_cache(maxsize=DAYS_KEPT)
def _day(number: int) -> str:
    return (EPOCH + timedelta(days=number)).isoformat()


DATE_TIME = strawberry.scalar(
    name=DATE_TIME_NAME,
    description="A time in UTC, ISO 8601 with milliseconds: `2026-01-31T12:00:00.000Z`.",
    serialize=iso_8601,
)


@strawberry.interface(description="Anything with an id of its own, which `node` finds again.")
class Node:
    """Relay's Node."""

    id: strawberry.ID = declared("The global id: opaque, unique over all types.", GlobalId())


def global_id(type_name: str, raw: str) -> strawberry.ID:
    """The global id of an object: base64 of `Type:id`, as Relay servers do."""
    return strawberry.ID(base64.b64encode(f"{type_name}:{raw}".encode()).decode())


def split_global_id(text: str) -> tuple[str, str] | None:
    """The type and the raw id of a global id, or None if it is not one."""
    try:
        match = _GLOBAL.fullmatch(base64.b64decode(text, validate=True).decode())
    except (binascii.Error, ValueError):
        return None
    if match is None or not (match["type"] in KEYED or _OPAQUE.fullmatch(match["id"])):
        return None
    return match["type"], match["id"]


def parse_id(type_name: str, text: str) -> str:
    """The raw id in an argument that takes either the global id or the raw one.

    Raises:
        BadId: it is neither, or the global id of another type.
    """
    if _OPAQUE.fullmatch(text):
        return text
    parts = split_global_id(text)
    if parts is None:
        characters = 64 if type_name == "DeadLetter" else 36
        raise BadId(
            f"This is no id of a {type_name}: pass its `id`, or its own id of {characters} characters."
        )
    if parts[0] != type_name:
        raise BadId(f"This is the id of a {parts[0]}, not of a {type_name}.")
    return parts[1]
