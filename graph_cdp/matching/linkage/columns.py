"""Columns made comparable: each distinct value is cleaned once, and records hold its number."""

import re
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from graph_cdp.matching.dates import YEAR_MAX, YEAR_MIN, birth_date
from graph_cdp.matching.identifiers import Normalised, normalise_identifier
from graph_cdp.matching.linkage.fields import Field, field_of
from graph_cdp.matching.names import fold
from graph_cdp.matching.text import one_line
from graph_cdp.matching.traits import GENDERS, is_said

Codes = NDArray[np.int64]

NOTHING = -1
"""The code of a cell that says nothing."""

_COMPACT = re.compile(r"(\d{2})(\d{2})(\d{4})")
_SHORT_YEAR = re.compile(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{2})")
_PARTS = re.compile(r"(\d{1,2})[-/. ](\d{1,2})[-/. ]\d{2,4}")
_MONTHS = {
    name: number
    for number, names in enumerate(
        ("jan janv janvier january", "feb fev fevr fevrier february", "mar mars march", "apr avr avril april",
         "may mai", "jun juin june", "jul juil juillet july", "aug aout august", "sep sept septembre september",
         "oct octobre october", "nov novembre november", "dec decembre december"), start=1)
    for name in names.split()
}  # fmt: skip
_SHORT_YEAR_PIVOT = 26


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A field of all records: `codes[i]` is the place in `values` of what record i says, or NOTHING."""

    field: Field
    codes: Codes
    values: Sequence[str]

    def counts(self) -> NDArray[np.int64]:
        """How many records say each value."""
        return np.bincount(self.codes[self.codes >= 0], minlength=len(self.values))


def make_column(
    field: Field,
    cells: Sequence[str | None],
    sources: Sequence[str],
    *,
    region: str,
    day_first: Mapping[str, bool] | None = None,
) -> Column:
    """A column of cells as they were read; dates are read as the source of each writes them, which is known or found."""
    orders = date_orders({field.name: cells}, sources, known={}) if day_first is None else day_first
    cleaned: dict[tuple[str, str], str | None] = {}
    numbers: dict[str, int] = {}
    codes = np.full(len(cells), NOTHING, dtype=np.int64)
    for place, cell in enumerate(cells):
        if not cell:
            continue
        source = sources[place] if field.kind == "birth_date" else ""
        key = (source, cell)
        if key not in cleaned:
            cleaned[key] = clean(field, cell, region=region, day_first=orders.get(source, True))
        value = cleaned[key]
        if value is not None:
            codes[place] = numbers.setdefault(value, len(numbers))
    return Column(field=field, codes=codes, values=tuple(numbers))


def clean(field: Field, cell: str, *, region: str = "FR", day_first: bool = True) -> str | None:
    """A value made comparable; None where it says nothing."""
    line = one_line(cell)
    if not is_said("name" if field.kind in {"given_name", "surname"} else field.name, line):
        return None
    if field.kind == "birth_date":
        return read_date(line, day_first=day_first)
    if field.kind == "identifier":
        match normalise_identifier(field.name.split()[0], line, region=region):
            case Normalised(value):
                return value
            case _:
                return None
    form = _FORMS.get(field.kind)
    return (form(line) if form else fold(line)) or None


def read_date(line: str, *, day_first: bool) -> str | None:
    """A date of birth as `YYYY-MM-DD`, from more forms than a customer's own entry has: old files abbreviate."""
    if found := _COMPACT.fullmatch(line):
        if YEAR_MIN <= int(line[:4]) <= YEAR_MAX:
            return birth_date(line)
        line = "/".join(found.groups())
    elif found := _SHORT_YEAR.fullmatch(line):
        first, second, year = found.groups()
        line = f"{first}/{second}/{'20' if int(year) <= _SHORT_YEAR_PIVOT else '19'}{year}"
    else:
        line = _with_month_numbers(line)
    return birth_date(line, region="FR" if day_first else "US")


def _with_month_numbers(line: str) -> str:
    parts = fold(line).split()
    if len(parts) == 3 and parts[1] in _MONTHS:  # noqa: PLR2004 - day, month, year
        return f"{parts[0]}/{_MONTHS[parts[1]]}/{parts[2]}"
    return line


def date_orders(
    cells: Mapping[str, Sequence[str | None]], sources: Sequence[str], *, known: Mapping[str, bool]
) -> dict[str, bool]:
    """Whether a source writes the day before the month, of those of which it is `known` or shown by unambiguous dates of birth; others do."""
    shown: dict[str, list[int]] = {}
    for cell, source in zip(cells.get("birth_date", [None] * len(sources)), sources, strict=True):
        counts = shown.setdefault(source, [0, 0])
        if cell and (found := _PARTS.fullmatch(cell.strip())):
            first, second = int(found[1]), int(found[2])
            counts[0] += first > 12  # noqa: PLR2004 - months
            counts[1] += second > 12  # noqa: PLR2004
    found = {source: day > month for source, (day, month) in sorted(shown.items()) if day != month}
    return found | dict(known)


def _year(line: str) -> str | None:
    found = re.search(r"\b(1[89]\d\d|20\d\d)\b", line)
    return found[1] if found else None


def _gender(line: str) -> str | None:
    return GENDERS.get(line.lower())


def _postal_code(line: str) -> str | None:
    return re.sub(r"[^0-9A-Z]", "", line.upper()) or None


_FORMS: dict[str, Callable[[str], str | None]] = {
    "year": _year,
    "gender": _gender,
    "postal_code": _postal_code,
}


def with_years_of(dates: Column, years: Column) -> Column:
    """The years of birth, of whoever states only a date, too: sources that state the one and the other can be compared."""
    numbers = {value: number for number, value in enumerate(years.values)}
    year_of = [numbers.setdefault(date[:4], len(numbers)) for date in dates.values]
    codes = years.codes.copy()
    only_date = (codes < 0) & (dates.codes >= 0)
    codes[only_date] = np.array(year_of, dtype=np.int64)[dates.codes[only_date]] if year_of else NOTHING
    return Column(field=years.field, codes=codes, values=tuple(numbers))


def drop_idle(
    columns: Iterable[Column], *, known: Container[str], records: int, fill_min: float
) -> list[Column]:
    """The columns that can tell records apart: those with more than one value, and cells enough; and those that say anything at all
    of a field that is `known` to.
    """
    return [
        column
        for column in columns
        if (column.field.name in known and column.values)
        or (len(column.values) > 1 and np.count_nonzero(column.codes >= 0) >= fill_min * records)
    ]


def make_columns(
    cells: Mapping[str, Sequence[str | None]],
    sources: Sequence[str],
    *,
    region: str,
    day_first: Mapping[str, bool] | None = None,
) -> list[Column]:
    """The columns of cells by field, in the order of fields; `day_first`: which sources write the day before the month, where that was found already."""
    made = {
        name: make_column(field_of(name), column, sources, region=region, day_first=day_first)
        for name, column in sorted(cells.items())
    }
    if "birth_date" in made and "birth_year" in made:
        made["birth_year"] = with_years_of(made["birth_date"], made["birth_year"])
    return list(made.values())
