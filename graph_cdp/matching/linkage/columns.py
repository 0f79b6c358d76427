"""Columns made comparable: each distinct value is cleaned once, and records hold its number."""

import re
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from graph_cdp.matching.linkage.cells import NOTHING, Cells, encode, nothing, recode
from graph_cdp.matching.linkage.cleaning import clean, clean_all
from graph_cdp.matching.linkage.fields import Field, field_of

Codes = NDArray[np.int64]

_PARTS = re.compile(r"(\d{1,2})[-/. ](\d{1,2})[-/. ]\d{2,4}")
MONTHS = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A field of all records: `codes[i]` is the place in `values` of what record i says, or NOTHING."""

    field: Field
    codes: Codes
    values: Sequence[str]

    def counts(self) -> NDArray[np.int64]:
        """How many records say each value."""
        return np.bincount(self.codes[self.codes >= 0], minlength=len(self.values))


def numbered_as(column: Column, other: Column) -> Codes:
    """What records say in a column, as the numbers that another has for its values; what the other does not say has higher ones."""
    numbers = {value: number for number, value in enumerate(other.values)}
    codes = [numbers.setdefault(value, len(numbers)) for value in column.values]
    return np.array([*codes, NOTHING], dtype=np.int64)[column.codes]


def make_column(
    field: Field,
    cells: Sequence[str | None],
    sources: Sequence[str | None],
    *,
    region: str,
    day_first: Mapping[str, bool] | None = None,
) -> Column:
    """A column of cells as they were read; dates are read as the source of each writes them, which is known or found."""
    read = encode(cells)
    if field.kind == "birth_date":
        of_records = encode(sources)
        orders = date_orders({field.name: read}, sources, known={}) if day_first is None else day_first
        first = np.array([orders.get(source, True) for source in of_records.values], dtype=np.bool_)
        cleaned = _dates(field, read, first[of_records.codes], region=region)
    else:
        cleaned = recode(read, clean_all(field, read.values, region=region))
    return Column(field=field, codes=cleaned.codes.astype(np.int64, copy=False), values=tuple(cleaned.values))


def _dates(field: Field, read: Cells, day_first: NDArray[np.bool_], *, region: str) -> Cells:
    """Dates of birth, each read in the order of day and month that the record's source has."""
    said = np.flatnonzero(read.codes >= 0)
    ways = 2 * read.codes[said].astype(np.int64) + day_first[said]
    first = np.full(2 * len(read.values), NOTHING, dtype=np.int64)
    first[ways[::-1]] = np.arange(len(ways))[::-1]  # where a way is first, for it is written last
    distinct = np.flatnonzero(first != NOTHING)
    distinct = distinct[np.argsort(first[distinct])]
    place = np.zeros(len(first), dtype=np.int64)
    place[distinct] = np.arange(len(distinct))
    codes = np.full(len(read.codes), NOTHING, dtype=np.int64)
    codes[said] = place[ways]
    numbers: list[int] = distinct.tolist()
    values = [clean(field, read.values[way // 2], region=region, day_first=bool(way % 2)) for way in numbers]
    return recode(Cells(codes=codes, values=[""] * len(values)), values)


def date_orders(
    cells: Mapping[str, Sequence[str | None]], sources: Sequence[str | None], *, known: Mapping[str, bool]
) -> dict[str, bool]:
    """Whether a source writes the day before the month, of those of which it is `known` or shown by unambiguous dates of birth; others do."""
    read, of_records = encode(cells.get("birth_date", nothing(len(sources)))), encode(sources)
    dates = [_PARTS.fullmatch(value.strip()) for value in read.values]
    day, month = (
        np.bincount(of_records.codes[beyond], minlength=len(of_records.values))
        for beyond in (
            np.array([*(bool(one) and int(one[part]) > MONTHS for one in dates), False])[read.codes]
            for part in (1, 2)
        )
    )
    found = {
        source: bool(day[place] > month[place])
        for source, place in sorted((source, place) for place, source in enumerate(of_records.values))
        if day[place] != month[place]
    }
    return found | dict(known)


def with_years_of(dates: Column, years: Column) -> Column:
    """The years of birth, of whoever states only a date, too: sources that state the one and the other can be compared."""
    numbers = {value: number for number, value in enumerate(years.values)}
    year_of = [numbers.setdefault(date[:4], len(numbers)) for date in dates.values]
    codes = years.codes.copy()
    only_date = (codes < 0) & (dates.codes >= 0)
    codes[only_date] = np.array(year_of, dtype=np.int64)[dates.codes[only_date]] if year_of else NOTHING
    return Column(field=years.field, codes=codes, values=tuple(numbers))


FEW = 100
"""In so few records a name, a date or an identifier that all of them have may be that of one person; in more it is a default."""

OF_A_PERSON = frozenset({"given_name", "surname", "birth_date", "identifier"})


def drop_idle(
    columns: Iterable[Column], *, known: Container[str], records: int, fill_min: float
) -> list[Column]:
    """The columns that can tell records apart: those with more than one value, and cells enough; those that say anything at all
    of a field that is `known` to; and of few records those that may say that all are one person.
    """
    return [
        column
        for column in columns
        if (column.field.name in known and column.values)
        or (
            len(column.values) >= (1 if records <= FEW and column.field.kind in OF_A_PERSON else 2)
            and np.count_nonzero(column.codes >= 0) >= fill_min * records
        )
    ]


def most_telling(columns: Sequence[Column], count: int) -> Sequence[Column]:
    """So many of these columns at most, in their order: those by which records that agree with others agree with few.

    A number of its own for every record tells nothing of two of them, a yes or no hardly anything.
    """
    most = sorted(range(len(columns)), key=lambda place: _bits(columns[place]), reverse=True)[:count]
    return [columns[place] for place in sorted(most)]


def _bits(column: Column) -> float:
    counts = column.counts()
    shared = counts[counts > 1]
    return float(np.sum(shared * np.log2(counts.sum() / shared)))


def make_columns(
    cells: Mapping[str, Sequence[str | None]],
    sources: Sequence[str | None],
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
