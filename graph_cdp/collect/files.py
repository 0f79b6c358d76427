"""Rows of a file, one at a time, so that memory does not grow with the file."""

import codecs
import csv
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import PurePath
from typing import BinaryIO, Self

from graph_cdp.collect.compression import DAMAGE, BadFile, find_compression, inflate
from graph_cdp.collect.csv_rows import csv_reader, csv_row, read_columns
from graph_cdp.collect.lines import BEGINNING, LINE_CHARACTERS_MAX, Lines, LineTooLong, Place
from graph_cdp.collect.mapping import FileMapping, Format
from graph_cdp.collect.ndjson import ndjson_row
from graph_cdp.collect.parquet import ParquetRows
from graph_cdp.collect.row import Row, UnreadRow

FORMATS: dict[str, Format] = {
    ".csv": "csv", ".tsv": "csv", ".txt": "csv",
    ".ndjson": "ndjson", ".jsonl": "ndjson", ".json": "ndjson",
    ".parquet": "parquet", ".pq": "parquet",
}  # fmt: skip
"""The format of a file by how its name ends, without what it is compressed by."""


UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def find_format(name: str) -> Format:
    """The format that a file's name tells; CSV if it tells none."""
    path = PurePath(name.lower())
    if path.suffix in {".gz", ".gzip", ".zst", ".zstd"}:
        path = path.with_suffix("")
    return FORMATS.get(path.suffix, "csv")


class Rows:
    """Iterates over the rows of a file, and tells where the next one begins."""

    def __init__(self, rows: Iterator[Row | UnreadRow], place: Callable[[], Place]) -> None:
        self._rows = rows
        self.place = place

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> Row | UnreadRow:
        return next(self._rows)


def read_rows(file: BinaryIO, mapping: FileMapping, start: Place = BEGINNING) -> Rows:
    """The rows of `file` from `start`, without its header and blank lines. Raises when the first row is asked for.

    Raises:
        BadMapping: the mapping names a column that the file lacks, or the file has no row, or a column twice.
        BadFile: the file is not of the declared format or compression.
        Misconfigured: reading the format needs a package that is not installed.
    """
    form = mapping.file
    if form.format == "parquet":
        if find_compression(file) != "none":
            raise BadFile(
                "A Parquet file is compressed inside; inflate this one first, with gunzip or unzstd."
            )
        parquet = ParquetRows(file, mapping, start)
        return Rows(iter(parquet), parquet.place)
    if form.format != "ndjson" and form.encoding.lower() == "utf-8" and file.read(2) in UTF_16:
        raise BadFile("The file is in UTF-16, as its first bytes say. Declare it: file.encoding: utf-16")
    file.seek(0)
    newline = "\n" if form.format == "ndjson" else ""
    lines = Lines(inflate(file, form.compression), encoding=form.encoding, newline=newline)
    return Rows(_text_rows(lines, mapping, start), lines.place)


def _text_rows(lines: Lines, mapping: FileMapping, start: Place) -> Iterator[Row | UnreadRow]:
    try:
        read = _reader(lines, mapping)
        if start != BEGINNING:
            lines.go_to(start)
        with suppress(StopIteration):
            while True:
                if row := _next_row(read, lines):
                    yield row
    except DAMAGE:
        if lines.number == 0:
            raise BadFile("The file cannot be inflated, not even its first line.") from None
        yield UnreadRow(
            line=lines.number + 1,
            code="DAMAGED_FILE",
            message="The file is damaged or cut off here: nothing after this line can be inflated.",
        )
    finally:
        lines.release()


def _reader(lines: Lines, mapping: FileMapping) -> Callable[[], Row | UnreadRow | None]:
    if mapping.file.format == "ndjson":
        return lambda: ndjson_row(next(lines), mapping, line=lines.number)
    read = csv_reader(lines, mapping.file.delimiter)
    columns = read_columns(read, mapping)
    return lambda: csv_row(read(), columns, line=lines.number)


def _next_row(read: Callable[[], Row | UnreadRow | None], lines: Lines) -> Row | UnreadRow | None:
    try:
        return read()
    except LineTooLong:
        message = f"The line has more than {LINE_CHARACTERS_MAX:,} characters."
        return UnreadRow(line=lines.number, code="ROW_TOO_LARGE", message=message)
    except csv.Error as error:
        return UnreadRow(line=lines.number, code="INVALID_ROW", message=f"The line cannot be read: {error}.")
