"""How each form of file is read by DuckDB: what its first lines, its first bytes and its types tell."""

import codecs
import re
from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any, TypeAlias

from graph_cdp.bulk.several import SEVERAL_MAX
from graph_cdp.matching.linkage.fields import SEVERAL, meaning_of

DuckDB: TypeAlias = Any
"""What is DuckDB's."""

FORMS = {
    ".csv": "csv", ".tsv": "csv", ".txt": "csv",
    ".ndjson": "json", ".jsonl": "json", ".json": "json",
    ".parquet": "parquet", ".pq": "parquet",
}  # fmt: skip
"""The form of a file by how its name ends, without what it is compressed by."""

COMPRESSED = (".gz", ".zst")

CHARACTERS_AT_ONCE = 1 << 20

DELIMITERS = ",;\t|"
LINES = "read_csv(?, all_varchar = true, header = false, skip = 0, delim = '\x1f', quote = '', escape = '', strict_mode = false)"
"""Reads whole lines."""

LINES_LOOKED_AT = 20
"""In so many first lines the one of names must stand; blank ones may come before it."""

_SEPARATOR = re.compile(r"sep=([,;|\t])\s*", re.IGNORECASE)
"""How spreadsheets say in a first line of its own what parts the cells."""


def form_of(path: Path) -> str | None:
    """`csv`, `json` or `parquet`, by the name; None where it ends otherwise."""
    suffixes = [suffix.lower() for suffix in path.suffixes if suffix.lower() not in COMPRESSED]
    return FORMS.get(suffixes[-1]) if suffixes else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Csv:
    """How the lines of a file become cells. A quote may stand inside a cell, and a line may end inside quotes, however lines end."""

    delimiter: str = ","
    lines_skipped: int = 0

    def sql(self) -> str:
        """The table function that reads it."""
        return (
            f"read_csv(?, all_varchar = true, header = true, skip = {self.lines_skipped}, delim = '{self.delimiter}', quote = '\"', "
            f"escape = '\"', sample_size = -1, strict_mode = false)"
        )


def csv_of(connection: DuckDB, path: Path) -> Csv:
    """The delimiter, by the line of names: guessed from all rows, a row with a cell too many would make the file one column."""
    query = f"SELECT * FROM {LINES} LIMIT {LINES_LOOKED_AT}"  # noqa: S608 - ours
    lines = [line or "" for (line,) in connection.execute(query, [str(path)]).fetchall()]
    skipped = next((number for number, line in enumerate(lines) if line.strip()), 0)
    names = lines[skipped] if lines else ""
    found = Csv(lines_skipped=skipped)
    if separator := _SEPARATOR.fullmatch(names):
        return replace(found, delimiter=separator[1], lines_skipped=skipped + 1)
    return replace(found, delimiter=max(DELIMITERS, key=names.count))


def is_utf_16(path: Path) -> bool:
    """Whether the first bytes say so, as those of what spreadsheets call Unicode text do."""
    with path.open("rb") as file:
        return file.read(2) in {codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE}


@contextmanager
def as_utf_8(path: Path, encoding: str) -> Generator[Path]:
    """The file in UTF-8, which is what DuckDB reads whole: a copy that is deleted afterwards. A byte that means nothing is U+FFFD."""
    with NamedTemporaryFile(prefix="graph-cdp-", suffix=".csv") as copy:
        with path.open("r", encoding=encoding, errors="replace", newline="") as file:
            while text := file.read(CHARACTERS_AT_ONCE):
                copy.write(text.encode())
        copy.flush()
        yield Path(copy.name)


def json_sql(connection: DuckDB, path: Path) -> str:
    """The table function that reads JSON, lines or an array. Each value stays as it is written: a number of many digits, a date."""
    detect = "read_json(?, format = 'auto', sample_size = -1, map_inference_threshold = -1)"
    found = connection.sql(f"SELECT * FROM {detect}", params=[str(path)])  # noqa: S608 - ours
    kinds = zip(found.columns, found.types, strict=True)
    columns = ", ".join(f"{_text(name)}: {_text(_as_text(kind))}" for name, kind in kinds)
    return f"read_json(?, format = 'auto', columns = {{{columns}}})"


def _as_text(kind: DuckDB) -> str:
    """A type of DuckDB with every plain value in it read as text."""
    match kind.id:
        case "struct":
            return f"STRUCT({', '.join(f'{_name(name)} {_as_text(inner)}' for name, inner in kind.children)})"
        case "list":
            return f"{_as_text(kind.children[0][1])}[]"
        case _:
            return "VARCHAR"


def flat(columns: Iterable[tuple[str, DuckDB]]) -> Iterator[tuple[str, str]]:
    """The columns as text: name, and expression. A member inside an object is addressed with dots; of a list the first one counts, and of
    one of e-mails or phones the next ones are columns, too.
    """
    for name, kind in columns:
        yield from _flat(name, _name(name), kind)


def _flat(name: str, expression: str, kind: DuckDB) -> Iterator[tuple[str, str]]:
    match kind.id:
        case "struct":
            for inner, of_inner in kind.children:
                yield from _flat(f"{name}.{inner}", f"struct_extract({expression}, {_text(inner)})", of_inner)
        case "list" | "array":
            yield from _flat(name, f"{expression}[1]", kind.children[0][1])
            for place in range(2, SEVERAL_MAX + 1) if meaning_of(name) in SEVERAL else ():
                yield from _flat(f"{name} {place}", f"{expression}[{place}]", kind.children[0][1])
        case _:
            yield name, f"CAST({expression} AS VARCHAR)"


def _name(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _text(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
