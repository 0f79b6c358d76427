"""Rows of a file, one at a time, so that memory does not grow with the file."""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import BinaryIO, Protocol

from graph_cdp.collect.mapping import LINE, BadMapping, FileFormat, FileMapping


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row: its cells by column, trimmed, and the number of the line on which it ends."""

    line: int
    cells: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class UnreadRow:
    """A row that could not be read, and why."""

    line: int
    code: str
    message: str


def read_rows(file: BinaryIO, mapping: FileMapping) -> Iterator[Row | UnreadRow]:
    """The rows of `file`, without its header and blank lines.

    Raises:
        BadMapping: the mapping names a column that the file lacks, or the file has no row, or a column twice.
    """
    lines = _lines(file, mapping.file)
    columns = mapping.file.columns or _header(lines)
    missing = sorted(mapping.columns - set(columns))
    if missing:
        raise BadMapping(f"The file has no column {missing[0]}; it has {', '.join(columns)}.")
    for line, cells in lines:
        if isinstance(cells, csv.Error):
            yield UnreadRow(line=line, code="INVALID_ROW", message=f"The line cannot be read: {cells}.")
        elif cells:
            yield _row(line, cells, columns)


_Line = tuple[int, "Sequence[str] | csv.Error"]


class _Reader(Protocol):
    """What `csv.reader` makes."""

    line_num: int

    def __next__(self) -> list[str]: ...


def _row(line: int, cells: Sequence[str], columns: Sequence[str]) -> Row | UnreadRow:
    if len(cells) != len(columns):
        return UnreadRow(
            line=line,
            code="WRONG_NUMBER_OF_CELLS",
            message=f"The row has {len(cells)} cells; {len(columns)} are named. An open quote swallows cells.",
        )
    if any(not cell.isascii() and _is_broken(cell) for cell in cells):
        return UnreadRow(
            line=line, code="INVALID_TEXT", message="A cell is not in the file's encoding; see file.encoding."
        )
    named = {column: cell.strip() for column, cell in zip(columns, cells, strict=True)}
    return Row(line=line, cells={**named, LINE: str(line)})


def _lines(file: BinaryIO, form: FileFormat) -> Iterator[_Line]:
    encoding = "utf-8-sig" if form.encoding.lower() in {"utf-8", "utf8"} else form.encoding
    text = io.TextIOWrapper(file, encoding=encoding, errors="surrogateescape", newline="")
    try:
        if form.delimiter is None:
            yield from ((number, line.split()) for number, line in enumerate(text, start=1))
        else:
            yield from _csv_lines(csv.reader(text, delimiter=form.delimiter, skipinitialspace=True))
    finally:
        if not text.closed:
            text.detach()  # the file is the caller's to close


def _csv_lines(reader: _Reader) -> Iterator[_Line]:
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield reader.line_num, error
        else:
            yield reader.line_num, cells


def _header(lines: Iterator[_Line]) -> list[str]:
    _, cells = next(lines, (0, ()))
    if isinstance(cells, csv.Error) or not cells:
        raise BadMapping("The file has no header: its first line is blank. Name the columns in file.columns.")
    names = [cell.strip() for cell in cells]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise BadMapping(
            f"The header names the column {twice!r} twice; mend it, or name the columns in file.columns."
        )
    return names


def _is_broken(cell: str) -> bool:
    return any("\ud800" <= character <= "\udfff" for character in cell)
