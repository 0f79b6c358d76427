"""Cells made comparable. Of a column all distinct cells are cleaned at once: what most of them look like is done in one go."""

import re
from collections.abc import Callable, Sequence
from datetime import date, timedelta

from graph_cdp.matching.dates import YEAR_MAX, YEAR_MIN, birth_date
from graph_cdp.matching.emails import plain_addresses
from graph_cdp.matching.identifiers import Normalised, normalise_identifier
from graph_cdp.matching.junk import DEFAULT_JUNK
from graph_cdp.matching.linkage.fields import Field
from graph_cdp.matching.names import fold, fold_all
from graph_cdp.matching.phones import plain_e164
from graph_cdp.matching.text import one_line, without_empty_fraction
from graph_cdp.matching.traits import GENDERS, NO_NAMES, NOT_SAID, is_said

_DAY_ZERO = date(1899, 12, 30)
_DAYS = re.compile(r"[1-5]\d{4}")
"""Days since then, 1927 to 2064: a date of a spreadsheet that was exported as the number behind it."""

_USUAL_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{2}/[0-9]{2}/[0-9]{4}")
"""Nothing in it needs a closer look."""

_COMPACT = re.compile(r"(\d{2})(\d{2})(\d{4})")
_SHORT_YEAR = re.compile(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{2})")
_MONTHS = {
    name: number
    for number, names in enumerate(
        ("jan janv janvier january", "feb fev fevr fevrier february", "mar mars march", "apr avr avril april",
         "may mai", "jun juin june", "jul juil juillet july", "aug aout august", "sep sept septembre september",
         "oct octobre october", "nov novembre november", "dec decembre december"), start=1)
    for name in names.split()
}  # fmt: skip
_SHORT_YEAR_PIVOT = 26

_FOLDED_NOT_SAID = frozenset(map(fold, NOT_SAID | NO_NAMES))
"""What is left of a cell that may say nothing: whether it does is then asked of the cell itself."""


def clean(field: Field, cell: str, *, region: str = "FR", day_first: bool = True) -> str | None:
    """A value made comparable; None where it says nothing."""
    if field.kind == "birth_date" and _USUAL_DATE.fullmatch(cell):
        return birth_date(cell, region=_written_in(day_first=day_first))
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


def clean_all(field: Field, cells: Sequence[str], *, region: str) -> list[str | None]:
    """Each of these cells as `clean` makes it, in a fraction of the time where they are many and look as usual."""
    if field.kind == "birth_date" or field.kind in _FORMS:
        return [clean(field, cell, region=region) for cell in cells]
    if field.kind == "identifier":
        plain = _PLAIN.get(field.name.split()[0], _never_plain)(cells, region)
        return [value or clean(field, cell, region=region) for value, cell in zip(plain, cells, strict=True)]
    return [
        folded if folded is not None and folded not in _FOLDED_NOT_SAID else clean(field, cell, region=region)
        for cell, folded in zip(cells, fold_all(cells), strict=True)
    ]


def _plain_emails(cells: Sequence[str], region: str) -> list[str | None]:
    """Each address, if it is a plain one that nobody types to get past a form."""
    del region
    return [None if value and DEFAULT_JUNK.has_address(value) else value for value in plain_addresses(cells)]


def _never_plain(cells: Sequence[str], region: str) -> list[str | None]:
    del region
    return [None] * len(cells)


_PLAIN: dict[str, Callable[[Sequence[str], str], list[str | None]]] = {
    "email": _plain_emails,
    "phone": plain_e164,
}


def read_date(line: str, *, day_first: bool) -> str | None:
    """A date of birth as `YYYY-MM-DD`, from more forms than a customer's own entry has: old files abbreviate, spreadsheets count days."""
    line = without_empty_fraction(line)
    if _DAYS.fullmatch(line):
        return birth_date((_DAY_ZERO + timedelta(days=int(line))).isoformat())
    if found := _COMPACT.fullmatch(line):
        if YEAR_MIN <= int(line[:4]) <= YEAR_MAX:
            return birth_date(line)
        line = "/".join(found.groups())
    elif found := _SHORT_YEAR.fullmatch(line):
        first, second, year = found.groups()
        line = f"{first}/{second}/{'20' if int(year) <= _SHORT_YEAR_PIVOT else '19'}{year}"
    else:
        line = _with_month_numbers(line)
    return birth_date(line, region=_written_in(day_first=day_first))


def _written_in(*, day_first: bool) -> str:
    return "FR" if day_first else "US"


def _with_month_numbers(line: str) -> str:
    parts = fold(line).split()
    if len(parts) == 3 and parts[1] in _MONTHS:  # noqa: PLR2004 - day, month, year
        return f"{parts[0]}/{_MONTHS[parts[1]]}/{parts[2]}"
    return line


def _year(line: str) -> str | None:
    found = re.search(r"\b(1[89]\d\d|20\d\d)\b", line)
    return found[1] if found else None


def _gender(line: str) -> str | None:
    return GENDERS.get(line.lower())


def _postal_code(line: str) -> str | None:
    return re.sub(r"[^0-9A-Z]", "", without_empty_fraction(line).upper()) or None


_FORMS: dict[str, Callable[[str], str | None]] = {
    "year": _year,
    "gender": _gender,
    "postal_code": _postal_code,
}
