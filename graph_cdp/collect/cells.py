"""Reading the cells of a row as its mapping says. Pure."""

import re
from datetime import datetime
from typing import cast, get_args

from graph_cdp.collect.identifiers import NoIdentity
from graph_cdp.collect.mapping import FileMapping, Value
from graph_cdp.collect.row import Row
from graph_cdp.collect.times import BadTime, to_millis
from graph_cdp.errors import Invalid
from graph_cdp.ids import Millis
from graph_cdp.source.model import TransactionKind

_CURRENCY = re.compile(r"[A-Z]{3}")
_WHOLE = re.compile(r"[+-]?[0-9]{1,18}")
_AMOUNT = re.compile(r"[+-]?[0-9]{1,12}(?:\.[0-9]{1,8})?")
_QUANTITY = re.compile(r"[+-]?[0-9]{1,9}")
_UNITS_A_SECOND = {"epoch_s": 1, "epoch_ms": 1_000, "epoch_us": 1_000_000}


class BadCell(Invalid):
    """A cell that does not hold what the mapping says it holds."""

    code = "INVALID_CELL"


def read_cell(row: Row, value: Value | None) -> str:
    """What stands in the row for `value`; empty where nothing does.

    Raises:
        BadCell: it is a code that the mapping does not list.
    """
    if value is None:
        return ""
    if value.constant is not None:
        return value.constant
    text = value.join.join(cell for column in value.columns if (cell := row.cells[column]))
    if value.values is None or not text:
        return text
    if text not in value.values:
        raise BadCell(f"{' '.join(value.columns)} holds a code that the mapping's values do not list.")
    return value.values[text]


def read_required(row: Row, value: Value | None, *, name: str) -> str:
    """What stands in the row for `value`, which names something.

    Raises:
        NoIdentity: nothing does.
    """
    text = read_cell(row, value)
    if not text:
        raise NoIdentity(f"{name} is blank.")
    return text


def read_trait(row: Row, name: str, value: Value) -> str:
    """The raw value of a trait; a birth date in ISO 8601. One that is no date is no trait: the row's others stand."""
    text = read_cell(row, value)
    if name != "birth_date" or not text or value.format == "iso":
        return text
    try:
        return datetime.strptime(text, value.format).date().isoformat()  # noqa: DTZ007 - a date has no zone
    except ValueError:
        return ""


def read_time(row: Row, mapping: FileMapping) -> Millis | None:
    """The row's timestamp; None where it is blank or not mapped.

    Raises:
        BadTime: it is not in the format that the mapping says.
    """
    text = read_cell(row, mapping.timestamp)
    if not text or mapping.timestamp is None:
        return None
    form = mapping.timestamp.format
    try:
        if form in _UNITS_A_SECOND:
            return _read_epoch(text, form)
        moment = datetime.fromisoformat(text) if form == "iso" else datetime.strptime(text, form)  # noqa: DTZ007
    except (ValueError, OverflowError):
        raise BadTime(f"timestamp is not in the format {form}.") from None
    return to_millis(moment if moment.tzinfo else moment.replace(tzinfo=mapping.timezone))


def read_kind(row: Row, mapping: FileMapping) -> TransactionKind:
    """The kind of a transaction: an order, unless the row says otherwise.

    Raises:
        BadCell: it says something else.
    """
    kind = read_cell(row, mapping.kind) or "order"
    if kind not in get_args(TransactionKind):
        kinds = ", ".join(get_args(TransactionKind))
        raise BadCell(f"kind must be one of {kinds}; map the file's codes by values.")
    return cast("TransactionKind", kind)


def read_amount(row: Row, mapping: FileMapping) -> float | None:
    """The amount, in units of the currency.

    Raises:
        BadCell: it is no number, or has more than 12 digits before the cents.
    """
    text = read_cell(row, mapping.amount)
    if mapping.file.decimal == ",":
        text = text.replace(",", ".")
    if text and not _AMOUNT.fullmatch(text):
        raise BadCell("amount is no number such as 1234.56, or too large; see file.decimal.")
    return float(text) if text else None


def read_currency(row: Row, mapping: FileMapping) -> str | None:
    """The currency of the amount.

    Raises:
        BadCell: it is no code of ISO 4217.
    """
    text = read_cell(row, mapping.currency)
    if text and not _CURRENCY.fullmatch(text):
        raise BadCell("currency is not three capital letters (ISO 4217), such as EUR.")
    return text or None


def read_quantity(row: Row, mapping: FileMapping) -> int | None:
    """The number of articles.

    Raises:
        BadCell: it is no whole number, or has more than 9 digits.
    """
    text = read_cell(row, mapping.quantity)
    if text and not _QUANTITY.fullmatch(text):
        raise BadCell("quantity is no whole number, or too large.")
    return int(text) if text else None


def _read_epoch(text: str, form: str) -> Millis:
    if not _WHOLE.fullmatch(text):
        raise ValueError(form)
    return int(text) * 1_000 // _UNITS_A_SECOND[form]
