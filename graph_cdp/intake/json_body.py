"""JSON as strict as it must be where one caller's mistake must not cost another message its place.

orjson is quicker, but takes the last of two equal keys in silence, turns integers beyond 64 bits into floats, and
gives up on a whole batch for one `NaN`. So bodies are read by the standard library (4 µs a message, against 1.3), and
what cannot be accepted becomes a `Fault` at its place in the tree: only the message that holds it is refused.
Lone surrogates, and bytes that are not UTF-8, pass through here and are found when the message is written again.
"""

import json
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias, cast

import orjson

from graph_cdp.errors import Invalid
from graph_cdp.intake.limits import JSON_DEPTH_MAX

INTEGER_DIGITS_MAX = 20
INTEGER_MIN, INTEGER_MAX = -(2**63), 2**63 - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """Stands in a tree for what cannot be accepted there."""

    code: str
    message: str


JsonValue: TypeAlias = "bool | int | float | str | list[JsonValue] | dict[str, JsonValue] | Fault | None"
JsonObject: TypeAlias = dict[str, JsonValue]

DUPLICATE_KEY = Fault(code="DUPLICATE_KEY", message="An object has two members of one name; send each once.")
INVALID_NUMBER = Fault(
    code="INVALID_NUMBER",
    message="A number is NaN, infinite, or beyond 64 bits; send it as text, or leave it out.",
)
TOO_DEEP = Fault(
    code="TOO_DEEP",
    message=f"Objects and arrays lie more than {JSON_DEPTH_MAX} deep; send a flatter message.",
)


class BadJson(Invalid):
    """A body that is no JSON at all, or so deep that it cannot be read."""

    code = "INVALID_JSON"


class BadText(Invalid):
    """Text that is not Unicode: half a surrogate pair, or bytes that are not UTF-8."""

    code = "INVALID_TEXT"


def read_json(body: bytes, *, exact: bool = False) -> JsonValue:
    """The value that `body` holds, with a `Fault` at each place that cannot be accepted. A leading BOM is ignored.

    Where it is to be `exact`, numbers that can be accepted stay the text that they are: `1.10`, `007` being no number.

    Raises:
        BadJson: no JSON, or thousands deep.
    """
    text = body.removeprefix(b"\xef\xbb\xbf").decode("utf-8", "surrogateescape")
    try:
        return cast("JsonValue", json.loads(
            text,
            object_pairs_hook=_object, parse_constant=_constant,
            parse_int=_exact(_integer) if exact else _integer, parse_float=_exact(_float) if exact else _float,
        ))  # fmt: skip
    except json.JSONDecodeError as error:
        raise BadJson(f"The body is no JSON: see its character {error.pos}.") from None
    except RecursionError:
        raise BadJson(TOO_DEEP.message, code=TOO_DEEP.code) from None


def write_json(value: Mapping[str, JsonValue], *, sort: bool = False) -> bytes:
    """Compact JSON, UTF-8, of a value in which `find_fault` found nothing.

    Raises:
        BadText: a string is not Unicode.
    """
    try:
        return orjson.dumps(value, option=orjson.OPT_SORT_KEYS if sort else 0)
    except orjson.JSONEncodeError:
        raise BadText(
            "A text is not Unicode (half a surrogate pair, or bytes that are not UTF-8); send it as UTF-8."
        ) from None


def write_json_text(value: JsonValue) -> str:
    """JSON in ASCII of any value, however faulty, for a dead letter; what stood at a fault's place is gone."""
    try:
        return json.dumps(value, separators=(",", ":"), default=lambda fault: f"<{fault.code}>")
    except RecursionError:
        return json.dumps(f"<{TOO_DEEP.code}>")


def find_fault(value: JsonValue, *, depth_max: int = JSON_DEPTH_MAX) -> Fault | None:
    """What makes `value` unacceptable, if anything: the first fault in it, or its depth."""
    level, depth = [value], 0
    while level:
        below: list[JsonValue] = []
        holds_others = False
        for item in level:
            if isinstance(item, Fault):
                return item
            if isinstance(item, dict):
                below.extend(item.values())
                holds_others = True
            elif isinstance(item, list):
                below.extend(item)
                holds_others = True
        level, depth = below, depth + holds_others
        if depth > depth_max:
            return TOO_DEEP
    return None


def _object(pairs: list[tuple[str, JsonValue]]) -> JsonObject | Fault:
    members = dict(pairs)
    return members if len(members) == len(pairs) else DUPLICATE_KEY


def _integer(text: str) -> int | Fault:
    if len(text) > INTEGER_DIGITS_MAX:
        return INVALID_NUMBER
    number = int(text)
    return number if INTEGER_MIN <= number <= INTEGER_MAX else INVALID_NUMBER


def _float(text: str) -> float | Fault:
    number = float(text)
    return number if math.isfinite(number) else INVALID_NUMBER


def _exact(read: Callable[[str], int | float | Fault]) -> Callable[[str], str | Fault]:
    def keep(text: str) -> str | Fault:
        number = read(text)
        return number if isinstance(number, Fault) else text

    return keep


def _constant(_text: str) -> Fault:
    return INVALID_NUMBER
