"""Reading files of records as text, whatever their form, and writing what came out. DuckDB reads; it is an extra."""

import csv
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from itertools import chain
from pathlib import Path
from typing import Any, TypeAlias, cast

import numpy as np

from graph_cdp.bulk.cores import on_all_cores
from graph_cdp.bulk.forms import (
    COMPRESSED,
    FORMS,
    DuckDB,
    as_utf_8,
    csv_of,
    flat,
    form_of,
    is_utf_16,
    json_sql,
)
from graph_cdp.errors import Invalid, Misconfigured
from graph_cdp.matching.linkage.cells import NOTHING, Cells, recode

NOT_UTF_8 = "not utf-8 encoded"
"""What DuckDB says of such a file."""

NEED_QUOTES = ',"\r\n'
"""Characters for which a cell of CSV may need quotes."""

ArrowColumn: TypeAlias = Any
"""A column of text as Arrow has it."""


class BadRecords(Invalid):
    """A file of records cannot be read."""

    code = "INVALID_RECORDS"


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """The records of a file, column by column, as text; None where a cell is empty. `told`: what a human should know of how it was read."""

    name: str
    columns: Mapping[str, Sequence[str | None]]
    told: str | None = None

    @property
    def records(self) -> int:
        """How many records."""
        return max(map(len, self.columns.values()), default=0)


def read_table(path: Path) -> Table:
    """All records of a file.

    Raises:
        BadRecords: it is of no form that can be read, or damaged.
        Misconfigured: DuckDB or PyArrow is not installed.
    """
    duckdb = _import_readers()
    if path.is_dir():
        raise BadRecords(f"{path} is a folder: name the files in it.")
    if not path.is_file():
        raise BadRecords(f"There is no file {path}.")
    form = form_of(path)
    if form is None:
        raise BadRecords(
            f"{path.name}: files end in {', '.join(FORMS)}, or in those and {' or '.join(COMPRESSED)}."
        )
    try:
        with duckdb.connect() as connection:
            columns, told = (
                _read_csv(connection, path) if form == "csv" else (_read(connection, path, form), None)
            )
    except duckdb.Error as error:
        raise BadRecords(f"{path.name} cannot be read: {_reason(str(error))}") from None
    return Table(name=path.name.split(".")[0], columns=columns, told=told)


def _read_csv(connection: DuckDB, path: Path) -> tuple[dict[str, Cells], str | None]:
    """The columns, and as what they were read where that is a guess."""
    if is_utf_16(path):
        with as_utf_8(path, "utf-16") as copy:
            return _read(connection, copy, csv_of(connection, copy).sql()), None
    try:
        return _read(connection, path, csv_of(connection, path).sql()), None
    except import_module("duckdb").Error as error:
        if NOT_UTF_8 not in str(error) or path.suffix.lower() in COMPRESSED:
            raise
    with as_utf_8(path, "cp1252") as copy:
        columns = _read(connection, copy, csv_of(connection, copy).sql())
    return (
        columns,
        f"{path.name} is not UTF-8: it was read as Windows-1252. If names look wrong, convert it, for example by iconv.",
    )


def _read(connection: DuckDB, path: Path, form: str) -> dict[str, Cells]:
    reader = (
        json_sql(connection, path) if form == "json" else "read_parquet(?)" if form == "parquet" else form
    )
    found = connection.sql(f"SELECT * FROM {reader}", params=[str(path)])  # noqa: S608 - ours
    flattened = dict(flat(zip(found.columns, found.types, strict=True)))
    table = found.project(", ".join(flattened.values())).to_arrow_table()
    return dict(zip(flattened, on_all_cores(_cells, table.columns), strict=True))


def _cells(column: ArrowColumn) -> Cells:
    """A column of a file, each distinct cell once; one of blanks says nothing. By other ways to NumPy PyArrow loads pandas, a second."""
    parts = column.dictionary_encode(null_encoding="encode").chunks
    if not parts:
        return Cells(codes=np.empty(0, dtype=np.int32), values=())
    codes = np.concatenate([np.from_dlpack(part.indices) for part in parts]).astype(np.int32, copy=False)
    values: list[str | None] = parts[-1].dictionary.to_pylist()
    if None in values:
        empty = values.index(None)
        del values[empty]
        codes = np.where(codes == empty, np.int32(NOTHING), codes - (codes > empty))
    said = cast("list[str]", values)
    if all(map(str.strip, said)):
        return Cells(codes=codes, values=said)
    return recode(Cells(codes=codes, values=said), (value if value.strip() else None for value in said))


def _reason(text: str) -> str:
    """What DuckDB found, without the cells that it quotes."""
    if "Maximum line size" in text:
        return "a line is longer than 2 MB; is a quote not closed?"
    if "sniffing" in text:
        return "a row has more cells than the first line has names, or a quote is not closed."
    if "utf-8" in text.lower():
        return "it is not UTF-8; convert it, for example by iconv."
    if "Malformed JSON" in text and (place := re.search(r"byte \d+ in (?:line|record/value) \d+", text)):
        return f"it is no JSON: see {place[0]}."
    return text.splitlines()[0][:200]


def write_rows(path: Path, header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Write a CSV file."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


def write_columns(path: Path, columns: Mapping[str, Sequence[str]]) -> None:
    """Write a CSV file of several columns as `write_rows` does, in half the time where no cell needs quotes."""
    rows = zip(*columns.values(), strict=True)
    together = map("".join, columns.values())
    if any(mark in text for text in together for mark in NEED_QUOTES):
        write_rows(path, list(columns), rows)
        return
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write("\n".join(chain([",".join(columns)], map(",".join, rows), [""])))


def _import_readers() -> DuckDB:
    try:
        import_module("pyarrow")
        return import_module("duckdb")
    except ModuleNotFoundError:
        raise Misconfigured(
            "Matching files needs DuckDB and PyArrow: pip install 'graph-cdp[match]'."
        ) from None
