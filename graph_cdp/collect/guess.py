"""A starting mapping, guessed from the names and the first rows of a file. A person reads it, mends it and saves it."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice
from typing import BinaryIO

import orjson

from graph_cdp.collect.column_names import TRAITS, find_meaning
from graph_cdp.collect.entities import KEYS, Entity
from graph_cdp.collect.files import read_rows
from graph_cdp.collect.guess_entity import CUSTOMER, MEANINGS, guess_entity
from graph_cdp.collect.mapping import LINE, FileMapping
from graph_cdp.collect.row import Row, UnreadRow
from graph_cdp.collect.sniff import sniff
from graph_cdp.matching.traits import is_said

ROWS_READ = 1_000

MOST = 0.8
"""The share of cells that must be e-mail addresses in a column that nobody calls so: some are always mistyped."""

_DAYS = (
    "%d/%m/%Y", "%m/%d/%Y", "%d.%m.%Y", "%d-%m-%Y", "%Y/%m/%d", "%Y%m%d", "%d/%m/%y", "%d.%m.%y", "%d-%b-%Y",
)  # fmt: skip
_AMOUNTS = ("amount", "price", "line.unit_price")
_TIMES = ("", " %H:%M", " %H:%M:%S")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_PLAIN = re.compile(r"(?!(?:y|yes|n|no|on|off|true|false|null)$)[^\W\d]\w*", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Guess:
    """A line of a mapping, and why it is thought so."""

    text: str
    why: str


def guess_mapping(file: BinaryIO, mapping: FileMapping, *, name: str) -> str:
    """YAML with a comment behind each guess; no cell of the file stands in it. `mapping` tells the format.

    Raises:
        BadMapping: the file has no header.
        BadFile: the file is not of its format.
    """
    sniffed = sniff(file, mapping.file)
    read = [*islice(read_rows(file, replace(mapping, file=sniffed.form)), ROWS_READ)]
    rows = [row.cells for row in read if isinstance(row, Row)]
    unread = [row for row in read if isinstance(row, UnreadRow)]
    columns = list(dict.fromkeys(column for row in rows for column in row if column != LINE))
    cells = {
        column: [cell for row in rows if is_said(column, cell := row.get(column, ""))] for column in columns
    }
    file_lines = [Guess(text=f"  {key}: {_quote(value)}", why=why) for key, value, why in sniffed.said]
    entity, why_entity = guess_entity(columns)
    found, left = _assign(cells, entity)
    body = _record(found, cells) if entity == "record" else _flat(found, cells)
    lines = [
        Guess(text=f"entity: {entity}", why=why_entity),
        Guess(text="file:", why=""),
        *file_lines,
        *_decimal([cell for name in _AMOUNTS for cell in cells.get(found.get(name, ""), [])]),
        *body,
    ]
    missing = _missing(entity, found)
    heading = f"Guessed from {name}: its names, and its first {len(rows):,} rows."
    if unread:
        first = unread[0]
        heading += (
            f"\n# {len(unread):,} rows could not be read, the first one (line {first.line}): {first.message}"
        )
    return _write(lines, missing, left, heading=heading)


def _missing(entity: Entity, found: Mapping[str, str]) -> list[str]:
    """What a mapping of these rows needs, and nobody found."""
    parts = {name.partition(".")[0] for name in found}
    missing = [need for need in KEYS[entity].required if need not in parts]
    if KEYS[entity].customer == "must" and not parts & {"customer_id", *CUSTOMER}:
        missing.append("customer_id")
    return missing


def _assign(cells: Mapping[str, Sequence[str]], entity: Entity) -> tuple[dict[str, str], dict[str, str]]:
    """The column of each meaning, and why each other column has none."""
    is_record = entity == "record"
    found: dict[str, str] = {}
    left: dict[str, str] = {}
    for column, values in cells.items():
        meaning = find_meaning(column, MEANINGS[entity])
        if meaning is None and is_record and _share(values, lambda cell: bool(_EMAIL.fullmatch(cell))) > MOST:
            meaning = "email"
        if is_record and meaning in {"email", "phone"} and meaning in found:
            meaning = f"{meaning}_2"
        if meaning is None:
            left[column] = "its name says nothing that is known here" if values else "it is blank"
        elif meaning in found:
            left[column] = f"{meaning} is taken by {found[meaning]}"
        elif meaning in {"timestamp", "birth_date"} and not _formats(values):
            left[column] = f"its name says {meaning}, but its cells are in no format that is known here"
        else:
            found[meaning] = column
    whose = [] if is_record else [name for name in ("customer_id", *CUSTOMER) if name in found]
    for name in whose[1:]:
        left[found.pop(name)] = f"whose a row is says {found[whose[0]]}"
    return found, left


def _record(found: Mapping[str, str], cells: Mapping[str, Sequence[str]]) -> Iterator[Guess]:
    named = dict(found)
    card = named.pop("loyalty_card", None)
    if "timestamp" in named:
        yield _dated("timestamp", named.pop("timestamp"), cells)
    if "record_id" in named:
        column = named.pop("record_id")
        twice = len(set(cells[column])) < len(cells[column])
        why = (
            "by its name, but some rows share it: is it the row's own?"
            if twice
            else "by its name; no two rows share it"
        )
        yield Guess(text=f"record_id: {_quote(column)}", why=why)
    if named:
        yield Guess(text="traits:", why="")
    for trait, column in named.items():
        if trait == "birth_date":
            yield replace(dated := _dated(trait, column, cells), text=f"  {dated.text}")
        else:
            why = "by its name" if find_meaning(column, TRAITS) else "its cells are e-mail addresses"
            yield Guess(text=f"  {trait}: {_quote(column)}", why=why)
    if card:
        yield Guess(text="identifiers:", why="")
        yield Guess(text=f"  - {{kind: loyalty_card, column: {_quote(card)}}}", why="by its name")


def _flat(found: Mapping[str, str], cells: Mapping[str, Sequence[str]]) -> Iterator[Guess]:
    of_line = {name: column for name, column in found.items() if name.startswith("line.")}
    for meaning, column in found.items():
        if meaning in CUSTOMER:
            text = f"customer: {{identifier: {meaning}, column: {_quote(column)}}}"
            yield Guess(text=text, why="by its name")
        elif meaning == "timestamp":
            yield _dated(meaning, column, cells)
        elif meaning not in of_line:
            yield Guess(text=f"{meaning}: {_quote(column)}", why="by its name")
    if of_line:
        yield Guess(text="line:", why="")
    for meaning, column in of_line.items():
        yield Guess(text=f"  {meaning.removeprefix('line.')}: {_quote(column)}", why="by its name")


def _dated(meaning: str, column: str, cells: Mapping[str, Sequence[str]]) -> Guess:
    form, *others = _formats(cells[column])
    why = f"by its name; all its cells are {form}"
    if others:
        why = f"by its name; its cells are {form}, but could be {', '.join(others)}: which is it?"
    return Guess(
        text=f"{meaning}: {{column: {_quote(column)}, format: {orjson.dumps(form).decode()}}}", why=why
    )


def _formats(values: Sequence[str]) -> list[str]:
    """The formats in which all of these are dates or times, the likelier ones first."""
    if not values:
        return []
    known: dict[str, Callable[[str], object]] = {"iso": datetime.fromisoformat}
    digits = {len(value) for value in values if value.isdigit()}
    if len(digits) == 1 and all(value.isdigit() for value in values):
        known = {"epoch_s": int} if digits == {10} else {"epoch_ms": int} if digits == {13} else {}
    patterns = [day + time for time in _TIMES for day in _DAYS]
    fits = [form for form, read in known.items() if all(_reads(read, value) for value in values)]
    return fits or [
        form
        for form in patterns
        if all(_reads(lambda text, form=form: datetime.strptime(text, form), value) for value in values)  # noqa: DTZ007
    ]


def _reads(read: Callable[[str], object], value: str) -> bool:
    try:
        read(value)
    except ValueError:
        return False
    return True


def _decimal(amounts: Sequence[str]) -> list[Guess]:
    if any("," in amount for amount in amounts) and not any("." in amount for amount in amounts):
        return [Guess(text='  decimal: ","', why="the amounts have commas, and no points")]
    return []


def _share(values: Sequence[str], fits: Callable[[str], bool]) -> float:
    return sum(map(fits, values)) / len(values) if values else 0.0


def _quote(name: str) -> str:
    return name if _PLAIN.fullmatch(name) else orjson.dumps(name).decode()


def _write(lines: Sequence[Guess], missing: Sequence[str], left: Mapping[str, str], *, heading: str) -> str:
    text = [
        f"# {heading}",
        "# Each guess says why. Read them, mend them, save this, then try it with --dry-run.",
    ]
    text += [f"{line.text}  # {line.why}" if line.why else line.text for line in lines]
    text += [f"# {need}: NOT GUESSED, and needed. Name its column." for need in missing]
    if left:
        text.append("# Not guessed:")
        text += [f"#   {_quote(column)}: {why}" for column, why in left.items()]
    return "\n".join(text) + "\n"
