"""Cells that hold several e-mail addresses or phones, `a@x.fr; b@x.fr`: each becomes a cell of a column of its own."""

import re
from collections.abc import Iterator, Mapping, MutableMapping, Sequence

from graph_cdp.matching.linkage.cells import Cells, encode, recode
from graph_cdp.matching.linkage.fields import SEVERAL, field_of

SEVERAL_MAX = 3
"""Values of a cell that are read; who has more has them elsewhere, too, or is no person."""

CHARACTERS_MIN, DIGITS_MIN = 13, 6
"""Two phones have more characters than that, and each as many digits."""

_BETWEEN_EMAILS = re.compile(r"[;,|/\s]+")
_BETWEEN_PHONES = re.compile(r"\s*(?:[;,|/\n]|\b(?:ou|or|und|oder|et|and)\b)\s*")


def part_cells(by_meaning: MutableMapping[str, Sequence[str | None]]) -> None:
    """Of columns of e-mails and phones, put all but the first value of a cell into further columns of the same meaning."""
    for name in list(by_meaning):
        meaning = field_of(name).meaning
        if meaning not in SEVERAL:
            continue
        first, *others = _parted(encode(by_meaning[name]), meaning)
        by_meaning[name] = first
        for other in others:
            number = next(n for n in range(2, len(by_meaning) + 3) if f"{meaning} {n}" not in by_meaning)
            by_meaning[f"{meaning} {number}"] = other


def _parted(cells: Cells, meaning: str) -> list[Cells]:
    """The column, and further ones where cells hold several values."""
    parts = {
        place: found
        for place, value in enumerate(cells.values)
        if len(found := _emails(value) if meaning == "email" else _phones(value)) > 1
    }
    if not parts:
        return [cells]
    return [
        recode(cells, _nth(cells.values, parts, number)) for number in range(max(map(len, parts.values())))
    ]


def _nth(values: Sequence[str], parts: Mapping[int, Sequence[str]], number: int) -> Iterator[str | None]:
    """Of each value the part of this number, if it has one; a value that is not parted is its own first part."""
    for place, value in enumerate(values):
        of_value = parts.get(place, (value,))
        yield of_value[number] if number < len(of_value) else None


def _emails(value: str) -> list[str]:
    if value.count("@") < 2:  # noqa: PLR2004 - several
        return []
    return [part for part in _BETWEEN_EMAILS.split(value) if "@" in part][:SEVERAL_MAX]


def _phones(value: str) -> list[str]:
    if len(value) < CHARACTERS_MIN:
        return []
    parts = _BETWEEN_PHONES.split(value)
    return [part for part in parts if sum(map(str.isdigit, part)) >= DIGITS_MIN][:SEVERAL_MAX]
