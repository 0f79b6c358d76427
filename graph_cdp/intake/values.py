"""Reading the values of facts, which are typed already: texts cleaned and limited, numbers that can be stored."""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import cast

import orjson

from graph_cdp.errors import Invalid
from graph_cdp.intake.identifiers import BadField
from graph_cdp.intake.json_body import BadText
from graph_cdp.intake.limits import EVENT_BYTES_MAX, JSON_DEPTH_MAX, KEY_BYTES_MAX, TEXT_CHARACTERS_MAX
from graph_cdp.intake.record import hash_parts
from graph_cdp.matching.text import bytes_of, has_lone_surrogate, one_line, visible

AMOUNT_MAX = 10.0**12
"""As in files: 12 digits before the cents. More is a mistake, or a telephone number."""

COUNT_MAX = 10**9
"""As in files: 9 digits."""

INTEGER_MAX = 2**63 - 1

NOTHING = frozenset({"null", "(null)", "none", "nil", "undefined", "nan", "n/a", "#n/a", "[object object]"})
"""In lower case: what scripts and exports write where a number is missing. As a number it would make the orders of strangers one
order. Fewer words than identify nobody (`matching.junk`): there are shops whose store is 0."""

_CURRENCY = re.compile(r"[A-Z]{3}")


class BadNumber(Invalid):
    """A number that is infinite or too large."""

    code = "INVALID_NUMBER"


class TooLarge(Invalid):
    """A message of more than `EVENT_BYTES_MAX`."""

    code = "EVENT_TOO_LARGE"


@dataclass(frozen=True, slots=True, kw_only=True)
class Payload:
    """A message as it was received, in JSON, and the hash that tells two of one id apart."""

    text: str
    body_hash: str


def write_payload(said: Mapping[str, object]) -> Payload:
    """What was received, as it is kept.

    Raises:
        BadText: a text is not Unicode.
        BadNumber: a number is infinite, or beyond 64 bits.
        BadField: lists and objects lie more than `JSON_DEPTH_MAX` deep (`TOO_DEEP`).
        TooLarge: it has more than `EVENT_BYTES_MAX`.
    """
    _require_storable(said)
    text = orjson.dumps(said, option=orjson.OPT_SORT_KEYS)
    if len(text) > EVENT_BYTES_MAX:
        raise TooLarge(f"The input has {len(text):,} bytes; the most is {EVENT_BYTES_MAX:,}.")
    return Payload(text=text.decode(), body_hash=hash_parts(text.decode()))


def read_line(text: str | None, *, name: str, characters_max: int = TEXT_CHARACTERS_MAX) -> str | None:
    """One line of visible text; None where there is none.

    Raises:
        BadText: it is not Unicode.
        BadField: it is longer than `characters_max`.
    """
    if not text:
        return None
    if has_lone_surrogate(text):
        raise BadText(f"{name} is not Unicode: it holds half a surrogate pair.")
    line = one_line(text)
    if len(line) > characters_max:
        raise BadField(f"{name} has more than {characters_max:,} characters.")
    return line or None


def require_line(text: str | None, *, name: str, characters_max: int = TEXT_CHARACTERS_MAX) -> str:
    """As `read_line`, where there must be one.

    Raises:
        BadText: it is not Unicode.
        BadField: it is blank, or longer than `characters_max`.
    """
    line = read_line(text, name=name, characters_max=characters_max)
    if line is None:
        raise BadField(f"{name} is blank.")
    return line


def read_key(text: str | None, *, name: str) -> str:
    """The name that a source gives to a thing: without control characters, and with its letters as they are.

    Raises:
        BadText: it is not Unicode.
        BadField: it is blank, one of `NOTHING`, or longer than `KEY_BYTES_MAX`.
    """
    if has_lone_surrogate(text or ""):
        raise BadText(f"{name} is not Unicode: it holds half a surrogate pair.")
    key = visible(text or "")
    if not key:
        raise BadField(f"{name} is blank.")
    if key.lower() in NOTHING:
        raise BadField(f"{name} is a value such as 'null', which names nothing.")
    if bytes_of(key) > KEY_BYTES_MAX:
        raise BadField(f"{name} is longer than {KEY_BYTES_MAX:,} bytes.")
    return key


def read_optional_key(text: str | None, *, name: str) -> str | None:
    """As `read_key`; None where it is absent, blank, or one of `NOTHING`."""
    said = text and visible(text)
    return read_key(text, name=name) if said and said.lower() not in NOTHING else None


def read_amount(amount: float | None, *, name: str, least: float = -AMOUNT_MAX) -> float | None:
    """An amount, or a number of articles that may be weighed.

    Raises:
        BadNumber: it is infinite, less than `least`, or not less than `AMOUNT_MAX`.
    """
    if amount is None:
        return None
    if not math.isfinite(amount) or not least <= amount < AMOUNT_MAX:
        raise BadNumber(
            f"{name} is infinite, or out of bounds: from {least:,.0f} to less than {AMOUNT_MAX:,.0f}."
        )
    return float(amount)


def read_count(count: int | None, *, name: str) -> int | None:
    """A whole number of things.

    Raises:
        BadNumber: it has more than 9 digits.
    """
    if count is not None and abs(count) >= COUNT_MAX:
        raise BadNumber(f"{name} has more than 9 digits.")
    return count


def read_currency(text: str | None) -> str | None:
    """A code of ISO 4217.

    Raises:
        BadField: it is none.
    """
    if text and not _CURRENCY.fullmatch(text):
        raise BadField("currency is not three capital letters (ISO 4217), such as EUR.")
    return text or None


def _require_storable(value: object, depth: int = 1) -> None:
    if isinstance(value, dict | list):
        if depth > JSON_DEPTH_MAX:
            raise BadField(
                f"Objects and lists lie more than {JSON_DEPTH_MAX} deep; send a flatter input.",
                code="TOO_DEEP",
            )
        parts = (
            [*cast("Mapping[str, object]", value), *cast("Mapping[str, object]", value).values()]
            if isinstance(value, dict)
            else cast("Sequence[object]", value)
        )
        for part in parts:
            _require_storable(part, depth + 1)
    elif isinstance(value, str):
        if has_lone_surrogate(value):
            raise BadText("A text is not Unicode: it holds half a surrogate pair.")
    elif isinstance(value, float):
        if not math.isfinite(value):
            raise BadNumber("A number is infinite; send it as text, or leave it out.")
    elif isinstance(value, int) and not isinstance(value, bool) and abs(value) > INTEGER_MAX:
        raise BadNumber("A number is beyond 64 bits; send it as text, or leave it out.")
