"""Reading files of records as text, whatever their form, and writing what came out. DuckDB reads; it is an extra."""

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np

from graph_cdp.errors import Invalid, Misconfigured
from graph_cdp.matching.linkage.cells import NOTHING, Cells, recode

DuckDB: TypeAlias = Any
"""What is DuckDB's."""

ArrowColumn: TypeAlias = Any
"""A column of text as Arrow has it."""

CSV = "read_csv(?, all_varchar = true, header = true, skip = 0, delim = '{delimiter}', quote = '\"', escape = '\"', sample_size = -1)"
FIRST_LINE = (
    "read_csv(?, all_varchar = true, header = false, skip = 0, delim = '\x1f', quote = '', escape = '')"
)
DELIMITERS = ",;\t|"
READERS = {
    ".csv": CSV,
    ".tsv": CSV,
    ".ndjson": "read_json(?, format = 'newline_delimited')",
    ".jsonl": "read_json(?, format = 'newline_delimited')",
    ".parquet": "read_parquet(?)",
}
COMPRESSED = (".gz", ".zst")


class BadRecords(Invalid):
    """A file of records cannot be read."""

    code = "INVALID_RECORDS"


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """The records of a file, column by column, as text; None where a cell is empty."""

    name: str
    columns: Mapping[str, Sequence[str | None]]

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
    if not path.is_file():
        raise BadRecords(f"There is no file {path}.")
    suffixes = [suffix.lower() for suffix in path.suffixes if suffix.lower() not in COMPRESSED]
    reader = READERS.get(suffixes[-1] if suffixes else "")
    if reader is None:
        raise BadRecords(
            f"{path.name}: files end in {', '.join(READERS)}, or in those and {' or '.join(COMPRESSED)}."
        )
    try:
        with duckdb.connect() as connection:
            if reader == CSV:
                reader = CSV.format(delimiter=_delimiter(connection, path))
            read = connection.sql(f"SELECT CAST(COLUMNS(*) AS VARCHAR) FROM {reader}", params=[str(path)])  # noqa: S608 - ours
            columns = dict(zip(read.columns, read.to_arrow_table().columns, strict=True))
    except duckdb.Error as error:
        raise BadRecords(f"{path.name} cannot be read: {_reason(str(error))}") from None
    return Table(
        name=path.name.split(".")[0],
        columns={name: _cells(columns.pop(name)) for name in list(columns)},
    )


def _cells(column: ArrowColumn) -> Cells:
    """A column of a file, each distinct cell once; one of blanks says nothing."""
    parts = column.dictionary_encode().chunks
    if not parts:
        return Cells(codes=np.empty(0, dtype=np.int32), values=())
    codes = np.concatenate([part.indices.fill_null(NOTHING).to_numpy() for part in parts])
    values: list[str] = parts[-1].dictionary.to_pylist()
    if all(map(str.strip, values)):
        return Cells(codes=codes, values=values)
    return recode(Cells(codes=codes, values=values), (value if value.strip() else None for value in values))


def _delimiter(connection: DuckDB, path: Path) -> str:
    """What parts the names in the first line: guessed from all rows, a row with a cell too many would make the file one column."""
    first = connection.execute(f"SELECT * FROM {FIRST_LINE} LIMIT 1", [str(path)]).fetchall()  # noqa: S608 - ours
    names = str(first[0][0]) if first else ""
    return max(DELIMITERS, key=names.count)


def _reason(text: str) -> str:
    """What DuckDB found, without the cells that it quotes."""
    if "sniffing" in text:
        return "a row has more cells than the first line has names, or a quote is not closed."
    if "utf-8" in text.lower():
        return "it is not UTF-8; convert it, for example by iconv."
    return text.splitlines()[0][:200]


def write_rows(path: Path, header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Write a CSV file."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


def _import_readers() -> DuckDB:
    try:
        import_module("pyarrow")
        return import_module("duckdb")
    except ModuleNotFoundError:
        raise Misconfigured(
            "Matching files needs DuckDB and PyArrow: pip install 'graph-cdp[match]'."
        ) from None
