"""The mapping of a file: what its columns mean, declared in YAML and checked by `mapping.schema.json`."""

import codecs
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from importlib.resources import files
from typing import Any, Literal, TypeAlias, cast
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from graph_cdp.collect.compression import Compression
from graph_cdp.declarations import Kind, read_declaration, require_fit
from graph_cdp.errors import Invalid

LINE = "$line"
"""The column that every file has: the number of the line on which the row ends."""

FORMATS = ("iso", "epoch_s", "epoch_ms", "epoch_us")

Format: TypeAlias = Literal["csv", "ndjson", "parquet"]

RECORD_KEYS = frozenset({"record_id", "traits", "identifiers"})
TRANSACTION_KEYS = frozenset({"transaction_id", "customer_id", "kind", "amount", "currency", "quantity"})
REQUIRED = {"record": ("record_id",), "transaction": ("transaction_id", "customer_id", "timestamp")}


class BadMapping(Invalid):
    """A mapping that does not say what to do with a file."""

    code = "INVALID_MAPPING"


MAPPING = Kind(
    what="mapping",
    error=BadMapping,
    schema=json.loads(files("graph_cdp.collect").joinpath("mapping.schema.json").read_text("utf-8")),
    hints={"not": "an alias is a claim of a Segment message, a file has none"},
)


@dataclass(frozen=True, slots=True, kw_only=True)
class FileFormat:
    """How a file is written: CSV, or cells between blanks where `delimiter` is None; or NDJSON, or Parquet.

    Without `columns` the first row of CSV is a header. None: of `format`, as the file's name tells, or CSV; of
    `compression`, as its first bytes tell.
    """

    format: Format | None = None
    compression: Compression | None = None
    delimiter: str | None = ","
    encoding: str = "utf-8"
    columns: tuple[str, ...] = ()
    decimal: Literal[".", ","] = "."


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """Where a value comes from: `constant`, or `columns` joined; then read by `format`, or looked up in `values`."""

    columns: tuple[str, ...] = ()
    join: str = " "
    constant: str | None = None
    format: str = "iso"
    values: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentifierColumn:
    """A column that holds an identifier; `collection` is the source whose row a customer_id names."""

    kind: str
    column: str
    collection: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FileMapping:
    """What the rows of a file are: customer records, or transactions of customers."""

    entity: Literal["record", "transaction"]
    file: FileFormat = field(default_factory=FileFormat)
    region: str | None = None
    timezone: ZoneInfo = field(default_factory=lambda: ZoneInfo("UTC"))
    timestamp: Value | None = None
    record_id: Value | None = None
    traits: Mapping[str, Value] = field(default_factory=dict[str, Value])
    identifiers: tuple[IdentifierColumn, ...] = ()
    transaction_id: Value | None = None
    customer_id: Value | None = None
    kind: Value | None = None
    amount: Value | None = None
    currency: Value | None = None
    quantity: Value | None = None

    @property
    def columns(self) -> frozenset[str]:
        """Every column of the file that the mapping names."""
        values = [
            self.timestamp,
            self.record_id,
            self.transaction_id,
            self.customer_id,
            self.kind,
            self.amount,
        ]
        values += [self.currency, self.quantity, *self.traits.values()]
        named = {column for value in values if value for column in value.columns}
        return frozenset(named | {identifier.column for identifier in self.identifiers}) - {LINE}


def parse_mapping(text: str) -> FileMapping:
    """The mapping that a YAML text declares.

    Raises:
        BadMapping: it is no YAML, or does not fit the schema; the message names the place and what to write.
    """
    declared = read_declaration(text, MAPPING)
    require_fit(list(_misfits(declared)), MAPPING)
    return _build(declared)


def _misfits(declared: dict[str, Any]) -> Iterator[str]:
    """What a JSON Schema could only say unreadably."""
    entity = declared["entity"]
    for name in REQUIRED[entity]:
        if name not in declared:
            yield f"{name} is missing: every {entity} needs it"
    for name in sorted(declared.keys() & (TRANSACTION_KEYS if entity == "record" else RECORD_KEYS)):
        yield f"{name} is not for the entity {entity}"
    for place, value in _values(declared):
        if isinstance(value, dict):
            yield from _misfits_of_value(place, cast("dict[str, Any]", value))
    for number, identifier in enumerate(declared.get("identifiers", [])):
        if (identifier["kind"] == "customer_id") != ("collection" in identifier):
            yield f"identifiers.{number}: a customer_id, and nothing else, names its source as collection"
    yield from _misfits_of_file(declared.get("file", {}))


def _misfits_of_file(declared: dict[str, Any]) -> Iterator[str]:
    encoding = declared.get("encoding", "utf-8")
    try:
        codecs.lookup(encoding)
    except LookupError:
        yield f"file.encoding: {encoding} is no encoding"
    form = declared.get("format", "csv")
    if form != "csv":
        of_csv = sorted(declared.keys() & {"delimiter", "encoding", "columns"})
        yield from (f"file.{name} is for csv, not for {form}" for name in of_csv)
    if form == "parquet" and "compression" in declared:
        yield "file.compression is not for parquet: it is compressed inside"


def _values(declared: dict[str, Any]) -> Iterator[tuple[str, object]]:
    for name, value in declared.items():
        if name == "traits":
            yield from ((f"traits.{trait}", source) for trait, source in value.items())
        elif name in RECORD_KEYS | TRANSACTION_KEYS | {"timestamp"}:
            yield name, value


def _misfits_of_value(place: str, value: dict[str, Any]) -> Iterator[str]:
    if len(value.keys() & {"column", "columns", "value"}) != 1:
        yield f"{place}: give one of column, columns, value"
    if "join" in value and "columns" not in value:
        yield f"{place}: join needs columns"
    pattern = value.get("format", "iso")
    if pattern not in FORMATS and "%" not in pattern:
        yield f"{place}: format is one of {', '.join(FORMATS)}, or a pattern such as %d/%m/%Y"
    if "format" in value and place not in {"timestamp", "traits.birth_date"}:
        yield f"{place}: only timestamp and traits.birth_date have a format"


def _build(declared: dict[str, Any]) -> FileMapping:
    values = {
        name: _value(declared[name])
        for name in (*TRANSACTION_KEYS, "record_id", "timestamp")
        if name in declared
    }
    return FileMapping(
        entity=declared["entity"],
        file=_file(declared.get("file", {})),
        region=declared.get("region"),
        timezone=_timezone(declared.get("timezone", "UTC")),
        traits={name: _value(value) for name, value in declared.get("traits", {}).items()},
        identifiers=tuple(IdentifierColumn(**identifier) for identifier in declared.get("identifiers", [])),
        **values,
    )


def _value(declared: str | dict[str, Any]) -> Value:
    if isinstance(declared, str):
        return Value(columns=(declared,))
    column = declared.get("column")
    return Value(
        columns=(column,) if column else tuple(declared.get("columns", ())),
        join=declared.get("join", " "),
        constant=declared.get("value"),
        format=declared.get("format", "iso"),
        values={str(code): word for code, word in declared["values"].items()}
        if "values" in declared
        else None,
    )


def _file(declared: dict[str, Any]) -> FileFormat:
    delimiter = declared.get("delimiter", ",")
    return FileFormat(
        format=declared.get("format"),
        compression=declared.get("compression"),
        delimiter={"tab": "\t", "whitespace": None}.get(delimiter, delimiter),
        encoding=declared.get("encoding", "utf-8"),
        columns=tuple(declared.get("columns", ())),
        decimal=declared.get("decimal", "."),
    )


def _timezone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        raise BadMapping(
            f"timezone: {name} is no time zone that this machine knows; one is Europe/Paris."
        ) from None
