"""Rows of CSV, and of cells between blanks."""

import csv
from collections.abc import Callable, Sequence

from graph_cdp.collect.compression import BadFile
from graph_cdp.collect.lines import Lines, LineTooLong
from graph_cdp.collect.mapping import LINE, BadMapping, FileMapping
from graph_cdp.collect.row import Row, UnreadRow


def csv_reader(lines: Lines, delimiter: str | None) -> Callable[[], list[str]]:
    """What reads the cells of the next row; they stand between blanks where there is no delimiter."""
    if delimiter is None:
        return lambda: next(lines).split()
    reader = csv.reader(lines, delimiter=delimiter, skipinitialspace=True)
    return lambda: next(reader)


def read_columns(read: Callable[[], list[str]], mapping: FileMapping) -> Sequence[str]:
    """The names of the columns: declared, or of the header, which is read.

    Raises:
        BadMapping: the mapping names a column that the file lacks, or there is no header, or a column twice.
        BadFile: the first line is not one of text.
    """
    columns = mapping.file.columns or _header(read)
    missing = sorted(mapping.columns - set(columns))
    if missing:
        advice = " Its header is one cell: see file.delimiter." if len(columns) == 1 else ""
        raise BadMapping(f"The file has no column {missing[0]}; it has {', '.join(columns)}.{advice}")
    return columns


def csv_row(cells: Sequence[str], columns: Sequence[str], *, line: int) -> Row | UnreadRow | None:
    """The row that these cells are; None if the line is blank."""
    if not cells:
        return None
    if len(cells) != len(columns):
        return UnreadRow(
            line=line,
            code="WRONG_NUMBER_OF_CELLS",
            message=f"The row has {len(cells)} cells; {len(columns)} are named. An open quote swallows cells.",
            said=cells,
        )
    if any(not cell.isascii() and _is_broken(cell) for cell in cells):
        return UnreadRow(
            line=line,
            code="INVALID_TEXT",
            message="A cell is not in the file's encoding; see file.encoding.",
            said=cells,
        )
    named = {column: cell.strip() for column, cell in zip(columns, cells, strict=True)}
    return Row(line=line, cells={**named, LINE: str(line)})


def _header(read: Callable[[], list[str]]) -> list[str]:
    try:
        cells = read()
    except (StopIteration, csv.Error):
        cells = []
    except LineTooLong:
        raise BadFile(
            "The first line is longer than any header. Is this a text file? See --format."
        ) from None
    if not cells:
        raise BadMapping("The file has no header: its first line is blank. Name the columns in file.columns.")
    names = [cell.strip() or f"column {number}" for number, cell in enumerate(cells, start=1)]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise BadMapping(
            f"The header names the column {twice!r} twice; mend it, or name the columns in file.columns."
        )
    return names


def _is_broken(cell: str) -> bool:
    return any("\ud800" <= character <= "\udfff" for character in cell)
