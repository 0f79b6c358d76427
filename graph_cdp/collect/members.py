"""Rows that are trees, of NDJSON and Parquet: nested members become cells with dotted names. Pure."""

import math
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time
from decimal import Decimal
from typing import cast

import orjson

from graph_cdp.collect.mapping import LINE, FileMapping
from graph_cdp.collect.row import Row, UnreadRow
from graph_cdp.errors import Invalid
from graph_cdp.intake.json_body import DUPLICATE_KEY, INVALID_NUMBER, BadText

EXACT_MAX = 2**53
"""Whole numbers below it are exact as floating-point numbers."""

BROKEN = "A text is not Unicode: half a surrogate pair, or bytes that are not UTF-8."


def tree_row(tree: Mapping[str, object], mapping: FileMapping, *, line: int) -> Row | UnreadRow:
    """The row that a tree is. A column that the mapping names and the tree lacks is blank."""
    cells: dict[str, str] = {}
    try:
        for name, text in _leaves(tree, "", mapping.columns):
            if name in cells:
                return UnreadRow(line=line, code=DUPLICATE_KEY.code, message=DUPLICATE_KEY.message, said=tree)
            if not (name.isascii() and text.isascii()):
                _require_unicode(name, text)
            cells[name] = text
    except Invalid as error:
        return UnreadRow(line=line, code=error.code, message=error.message, said=tree)
    blank = dict.fromkeys(mapping.columns, "")
    return Row(line=line, cells={**blank, **cells, LINE: str(line)})


def _leaves(tree: Mapping[str, object], before: str, scalars: frozenset[str]) -> Iterator[tuple[str, str]]:
    for key, value in tree.items():
        name = f"{before}{key}"
        if not isinstance(value, dict | list):
            yield name, _text(value)
        elif name in scalars:
            raise Invalid(
                f"{name} holds an object or a list; map one value, such as {name}.id.", code="INVALID_CELL"
            )
        elif isinstance(value, dict):
            yield from _leaves(cast("Mapping[str, object]", value), f"{name}.", scalars)
        else:
            yield name, _list(cast("list[object]", value))


def _text(value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case str():
            return value.strip()
        case float():
            return _float(value)
        case Decimal():
            return f"{value:f}"
        case datetime() | date() | time():
            return value.isoformat()
        case bytes():
            return _decode(value)
        case _:
            return str(value)


def _list(value: list[object]) -> str:
    """A list, which no column may be mapped to, as it stays in what the row said."""
    try:
        return orjson.dumps(value, default=_text).decode()
    except orjson.JSONEncodeError:
        raise BadText(BROKEN) from None


def _float(value: float) -> str:
    """Without the `.0` that tools which know no missing integer give to ids; nothing where they mark it by NaN."""
    if math.isnan(value):
        return ""
    if math.isinf(value):
        raise Invalid(INVALID_NUMBER.message, code=INVALID_NUMBER.code)
    return str(int(value)) if value.is_integer() and abs(value) < EXACT_MAX else repr(value)


def _require_unicode(*texts: str) -> None:
    try:
        for text in texts:
            text.encode()
    except UnicodeEncodeError:
        raise BadText(BROKEN) from None


def _decode(value: bytes) -> str:
    try:
        return value.decode().strip()
    except UnicodeDecodeError:
        raise BadText("A cell of bytes is not UTF-8; leave its column out, or write it as text.") from None
