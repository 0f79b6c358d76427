"""Query files: one Cypher statement a file, whose header is its contract.

A file is loaded at the top of the module that runs it, so a missing file or a header that lies fails at import.
The header declares the mode, the parameters and the columns; what can be read off the text (the parameters that
it uses) is checked here, what only the database knows (columns, mode, labels, plan) by the contract test.
"""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, LiteralString, TypeAlias, cast, get_args

from neo4j import AsyncManagedTransaction, AsyncTransaction, Record

from graph_cdp.errors import Misconfigured

Mode = Literal["read", "write"]
Cardinality = Literal["none", "one?", "one", "many"]
Tx: TypeAlias = AsyncManagedTransaction | AsyncTransaction

_HEADER_LINE = re.compile(r"//\s?(?P<text>.*)")
_TAG = re.compile(r"@(?P<tag>[a-z]+)\s+(?P<rest>.+)")
_PARAM = re.compile(r"(?P<name>\w+)\s+(?P<type>[A-Z][A-Z ]*(?:<[A-Z ]+>)?)\s{2,}(?P<text>\S.*)")
_RETURNS = re.compile(r"(?P<cardinality>none|one\?|one|many)(?:\s+(?P<columns>\S.*))?")
_COLUMN = re.compile(r"(?P<name>\w+)\s+(?P<type>[A-Z][A-Z ]*(?:<[A-Z ]+>)?\??)")
_NOT_CODE = re.compile(r"//[^\n]*|/\*.*?\*/|'(?:\\.|[^'\\])*'|\"(?:\\.|[^\"\\])*\"|`[^`]*`", re.DOTALL)
_USED_PARAM = re.compile(r"\$(\w+)")


class FalseHeader(Misconfigured):
    """A query file's header is missing, or says something else than its statement."""

    code = "FALSE_HEADER"


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """One statement with its contract.

    `params` and `columns` map names to Cypher types (`STRING`, `LIST OF MAP`, ...); `scan` is the reason why the
    plan may scan, `None` where it may not.
    """

    name: str
    summary: str
    text: LiteralString
    mode: Mode
    params: dict[str, str]
    cardinality: Cardinality
    columns: dict[str, str]
    scan: str | None = None


def cypher_folder() -> Path:
    """Where the query files are: `cypher/` of a checkout, else the copy inside the installed package.

    The checkout comes first because an editable install copies the files, and the copy is stale after an edit.
    """
    package = Path(__file__).resolve().parents[1]
    checkout = package.parent / "cypher"
    return checkout if (package.parent / "pyproject.toml").is_file() else package / "_cypher"


def load_query(name: str, folder: Path | None = None) -> Query:
    """The query of the file `<name>.cypher`, for example `identity/find_person`.

    Raises:
        FalseHeader: the file is missing, or its header lacks a part or contradicts the statement.
    """
    path = (folder or cypher_folder()) / f"{name}.cypher"
    if not path.is_file():
        raise FalseHeader(f"{name}.cypher is missing: a module names it. Restore the file or mend the name.")
    return parse_query(name, path.read_text(encoding="utf-8"))


def parse_query(name: str, text: str) -> Query:
    """A query from the text of its file. Raises FalseHeader as `load_query` does."""
    summary, tags = _header(text)
    mode = tags.get("mode", [""])[0]
    if mode not in get_args(Mode):
        raise FalseHeader(f"{name}.cypher: '@mode read' or '@mode write' is missing.")
    params = dict(_param(name, rest) for rest in tags.get("param", []))
    _check_params(name, text, set(params))
    cardinality, columns = _returns(name, tags.get("returns", [""])[0])
    if not summary:
        raise FalseHeader(f"{name}.cypher: the first line must say in a sentence what the statement does.")
    return Query(
        name=name,
        summary=summary,
        text=cast("LiteralString", text),
        mode=cast("Mode", mode),
        params=params,
        cardinality=cardinality,
        columns=columns,
        scan=tags.get("scan", [None])[0],
    )


def _header(text: str) -> tuple[str, dict[str, list[str]]]:
    prose: list[str] = []
    tags: dict[str, list[str]] = {}
    for line in text.splitlines():
        match = _HEADER_LINE.fullmatch(line)
        if match is None:
            break
        tag = _TAG.fullmatch(match["text"].strip())
        if tag:
            tags.setdefault(tag["tag"], []).append(tag["rest"].strip())
        elif not tags:
            prose.append(match["text"].strip())
    return " ".join(part for part in prose if part), tags


def _param(name: str, rest: str) -> tuple[str, str]:
    match = _PARAM.fullmatch(rest)
    if match is None:
        raise FalseHeader(f"{name}.cypher: '@param {rest}' must read '@param name TYPE  what it is'.")
    return match["name"], match["type"].strip()


def _check_params(name: str, text: str, declared: set[str]) -> None:
    used = set(_USED_PARAM.findall(_NOT_CODE.sub(" ", text)))
    if used - declared:
        raise FalseHeader(f"{name}.cypher uses {sorted(used - declared)} without an '@param' line.")
    if declared - used:
        raise FalseHeader(f"{name}.cypher declares {sorted(declared - used)} but does not use it.")


def _returns(name: str, rest: str) -> tuple[Cardinality, dict[str, str]]:
    match = _RETURNS.fullmatch(rest)
    if match is None:
        raise FalseHeader(
            f"{name}.cypher: '@returns none', 'one', 'one?' or 'many' with its columns is missing."
        )
    columns: dict[str, str] = {}
    for part in (match["columns"] or "").split(","):
        column = _COLUMN.fullmatch(part.strip())
        if column:
            columns[column["name"]] = column["type"]
        elif part.strip():
            raise FalseHeader(f"{name}.cypher: the column '{part.strip()}' must read 'name TYPE'.")
    if (match["cardinality"] == "none") == bool(columns):
        raise FalseHeader(f"{name}.cypher: '@returns none' has no columns, every other has some.")
    return cast("Cardinality", match["cardinality"]), columns


async def fetch_all(tx: Tx, query: Query, **params: Any) -> list[Record]:
    """All rows of a query that returns `many`."""
    result = await tx.run(query.text, params)
    return [record async for record in result]


async def fetch_optional(tx: Tx, query: Query, **params: Any) -> Record | None:
    """The row of a query that returns `one?`, or None. More than one row is a ValueError."""
    rows = await fetch_all(tx, query, **params)
    if len(rows) > 1:
        raise ValueError(f"{query.name} returned {len(rows)} rows, its contract says {query.cardinality}")
    return rows[0] if rows else None


async def fetch_one(tx: Tx, query: Query, **params: Any) -> Record:
    """The row of a query that returns `one`. Any other number of rows is a ValueError."""
    row = await fetch_optional(tx, query, **params)
    if row is None:
        raise ValueError(f"{query.name} returned no row, its contract says {query.cardinality}")
    return row


async def fetch_rows(tx: Tx, query: Query, **params: Any) -> list[list[Any]]:
    """The rows of a query that returns `one rows LIST OF LIST`: all in one record, for hot paths.

    The driver takes 45 µs for each record, and 1 µs for each item of a list.
    """
    return (await fetch_one(tx, query, **params))["rows"]


async def run(tx: Tx, query: Query, **params: Any) -> None:
    """Run a query that returns `none`, to its end: an error of the database is raised here."""
    result = await tx.run(query.text, params)
    await result.consume()
