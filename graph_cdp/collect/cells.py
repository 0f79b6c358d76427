"""Reading the cells of a row as its mapping says. Pure."""

import re
from collections.abc import Iterable
from datetime import datetime
from typing import TypeVar

from graph_cdp.collect.mapping import FileMapping, Value
from graph_cdp.collect.row import Row
from graph_cdp.errors import Invalid
from graph_cdp.ids import Millis
from graph_cdp.intake import values
from graph_cdp.intake.identifiers import BadField, NoIdentity
from graph_cdp.intake.limits import TEXT_CHARACTERS_MAX
from graph_cdp.intake.times import BadTime, to_millis

Word = TypeVar("Word", bound=str)

_CURRENCY = re.compile(r"[A-Z]{3}")
_WHOLE = re.compile(r"[+-]?[0-9]{1,18}")
_NUMBER = re.compile(r"[+-]?[0-9]{1,12}(?:\.[0-9]{1,8})?")
_COUNT = re.compile(r"[+-]?[0-9]{1,9}")
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


def read_text(
    row: Row, value: Value | None, *, name: str, characters_max: int = TEXT_CHARACTERS_MAX
) -> str | None:
    """One line of text; None where nothing stands.

    Raises:
        BadCell: it has more than `characters_max`, or is a code that the mapping does not list.
    """
    try:
        return values.read_line(read_cell(row, value), name=name, characters_max=characters_max)
    except BadField as error:
        raise BadCell(error.message) from None


def read_key(row: Row, value: Value | None, *, name: str) -> str:
    """The number that names what the row is about.

    Raises:
        NoIdentity: it is blank, a value such as 'null', or longer than `KEY_BYTES_MAX`.
    """
    try:
        return values.read_key(read_cell(row, value), name=name)
    except BadField as error:
        raise NoIdentity(error.message) from None


def read_optional_key(row: Row, value: Value | None, *, name: str) -> str | None:
    """The number of something else that the row names, such as its store; None where it names none.

    Raises:
        BadCell: it is longer than `KEY_BYTES_MAX`.
    """
    try:
        return values.read_optional_key(read_cell(row, value), name=name)
    except BadField as error:
        raise BadCell(error.message) from None


def read_trait(row: Row, name: str, value: Value) -> str:
    """The raw value of a trait; a birth date in ISO 8601. One that is no date is no trait: the row's others stand."""
    text = read_cell(row, value)
    if name != "birth_date" or not text or value.format == "iso":
        return text
    try:
        return datetime.strptime(text, value.format).date().isoformat()  # noqa: DTZ007 - a date has no zone
    except ValueError:
        return ""


def read_time(row: Row, mapping: FileMapping, *, name: str = "timestamp") -> Millis | None:
    """A time; None where it is blank or not mapped.

    Raises:
        BadTime: it is not in the format that the mapping says.
    """
    value = mapping.values.get(name)
    text = read_cell(row, value)
    if not text or value is None:
        return None
    form = value.format
    try:
        if form in _UNITS_A_SECOND:
            return _read_epoch(text, form)
        moment = datetime.fromisoformat(text) if form == "iso" else datetime.strptime(text, form)  # noqa: DTZ007
    except (ValueError, OverflowError):
        raise BadTime(f"{name} is not in the format {form}.") from None
    return to_millis(moment if moment.tzinfo else moment.replace(tzinfo=mapping.timezone))


def read_changed_at(row: Row, mapping: FileMapping) -> Millis | None:
    """Since when the row says so: its own time, else that of its file; None where neither is known.

    Raises:
        BadTime: it is not in the format that the mapping says.
    """
    changed_at = read_time(row, mapping)
    return mapping.as_of if changed_at is None else changed_at


def read_word(row: Row, value: Value | None, words: Iterable[Word], *, name: str) -> Word | None:
    """One of `words`; None where nothing stands.

    Raises:
        BadCell: it is another word.
    """
    text = read_cell(row, value)
    if not text:
        return None
    allowed = tuple(words)
    for word in allowed:
        if word == text:
            return word
    raise BadCell(f"{name} must be one of {', '.join(allowed)}; map the file's codes by values.")


def require_word(row: Row, value: Value | None, words: Iterable[Word], *, name: str) -> Word:
    """One of `words`.

    Raises:
        BadCell: nothing stands there, or another word.
    """
    word = read_word(row, value, words, name=name)
    if word is None:
        raise BadCell(f"{name} is blank.")
    return word


def read_number(row: Row, value: Value | None, mapping: FileMapping, *, name: str) -> float | None:
    """A number: an amount in units of its currency, a price, a quantity; None where nothing stands.

    Raises:
        BadCell: it is no number, has more than 12 digits before the cents, or holds a point where the file's decimals have commas.
    """
    text = read_cell(row, value)
    if mapping.file.decimal == ",":
        if "." in text and mapping.file.format in {None, "csv"}:
            raise BadCell(f"{name} has a point where file.decimal is ',': 1.234 could be two amounts.")
        text = text.replace(",", ".")
    if text and not _NUMBER.fullmatch(text):
        raise BadCell(f"{name} is no number such as 1234.56, or too large; see file.decimal.")
    return float(text) if text else None


def read_currency(row: Row, mapping: FileMapping) -> str | None:
    """The currency of the amount.

    Raises:
        BadCell: it is no code of ISO 4217.
    """
    text = read_cell(row, mapping.values.get("currency"))
    if text and not _CURRENCY.fullmatch(text):
        raise BadCell("currency is not three capital letters (ISO 4217), such as EUR.")
    return text or None


def read_count(row: Row, value: Value | None, *, name: str) -> int | None:
    """A whole number: of articles, of what is left of one.

    Raises:
        BadCell: it is no whole number, or has more than 9 digits.
    """
    text = read_cell(row, value)
    if text and not _COUNT.fullmatch(text):
        raise BadCell(f"{name} is no whole number, or too large.")
    return int(text) if text else None


def read_satisfaction(row: Row, mapping: FileMapping) -> float | None:
    """How satisfied somebody is, from 0 to 1, whatever the scale of the answers.

    Raises:
        BadCell: it is no number, or lies outside the scale.
    """
    value = mapping.values.get("satisfaction")
    answer = read_number(row, value, mapping, name="satisfaction")
    if answer is None or value is None or value.scale is None:
        return None
    worst, best = value.scale
    if not min(worst, best) <= answer <= max(worst, best):
        raise BadCell(f"satisfaction lies outside its scale, {worst:g} to {best:g}.")
    return (answer - worst) / (best - worst)


def _read_epoch(text: str, form: str) -> Millis:
    if not _WHOLE.fullmatch(text):
        raise ValueError(form)
    return int(text) * 1_000 // _UNITS_A_SECOND[form]
