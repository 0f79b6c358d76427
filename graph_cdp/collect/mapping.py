"""The mapping of a file: what its columns mean, declared in YAML and checked by `mapping.schema.json`."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from importlib.resources import files
from typing import Any, Literal, TypeAlias
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from graph_cdp.collect.compression import Compression
from graph_cdp.collect.entities import VALUES, Entity
from graph_cdp.collect.misfits import find_mapping_misfits
from graph_cdp.declarations import Kind, read_declaration, require_fit
from graph_cdp.errors import Invalid
from graph_cdp.ids import Millis
from graph_cdp.intake.times import to_millis

LINE = "$line"
"""The column that every file has: the number of the line on which the row ends."""

Format: TypeAlias = Literal["csv", "ndjson", "parquet"]


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
    """Where a value comes from: `constant`, or `columns` joined; then read by `format`, or looked up in `values`.

    `scale` is of a satisfaction: the worst and the best answer.
    """

    columns: tuple[str, ...] = ()
    join: str = " "
    constant: str | None = None
    format: str = "iso"
    values: Mapping[str, str] | None = None
    scale: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentifierColumn:
    """A column that holds an identifier; `collection` is the source whose row a customer_id names."""

    kind: str
    column: str
    collection: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerColumn:
    """Where a row says whose it is: an identifier of some kind; a customer_id is one of `collection`, or of the row's own
    source where that is None.
    """

    kind: str
    value: Value
    collection: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FileMapping:
    """What the rows of a file are, and where what they say stands.

    `as_of` is when rows without a time of their own say so: the moment that the file shows. `values` are by the names of `entities.KEYS`. `traits` are of a record, `fields` of a company, `line` of a transaction's
    line. `customer` says whose a row is, `about` what contact point a consent is about.
    """

    entity: Entity
    file: FileFormat = field(default_factory=FileFormat)
    region: str | None = None
    timezone: ZoneInfo = field(default_factory=lambda: ZoneInfo("UTC"))
    as_of: Millis | None = None
    values: Mapping[str, Value] = field(default_factory=dict[str, Value])
    traits: Mapping[str, Value] = field(default_factory=dict[str, Value])
    fields: Mapping[str, Value] = field(default_factory=dict[str, Value])
    line: Mapping[str, Value] = field(default_factory=dict[str, Value])
    identifiers: tuple[IdentifierColumn, ...] = ()
    customer: CustomerColumn | None = None
    about: IdentifierColumn | None = None

    @property
    def columns(self) -> frozenset[str]:
        """Every column of the file that the mapping names."""
        named = {column for value in self._all_values() for column in value.columns}
        named |= {identifier.column for identifier in self.identifiers}
        named |= {self.about.column} if self.about else set()
        return frozenset(named) - {LINE}

    def _all_values(self) -> Iterator[Value]:
        for group in (self.values, self.traits, self.fields, self.line):
            yield from group.values()
        if self.customer:
            yield self.customer.value


def parse_mapping(text: str) -> FileMapping:
    """The mapping that a YAML text declares.

    Raises:
        BadMapping: it is no YAML, or does not fit the schema; the message names the place and what to write.
    """
    declared = read_declaration(text, MAPPING)
    require_fit(list(find_mapping_misfits(declared)), MAPPING)
    return _build(declared)


def read_as_of(text: str, timezone: ZoneInfo) -> Millis:
    """The moment that a file shows; without a zone of its own it is in `timezone`.

    Raises:
        BadMapping: it is no ISO 8601 time.
    """
    try:
        moment = datetime.fromisoformat(text.strip())
        return to_millis(moment if moment.tzinfo else moment.replace(tzinfo=timezone))
    except (ValueError, OverflowError):
        raise BadMapping("as_of is no ISO 8601 time such as 2026-01-31 or 2026-01-31T12:00.") from None


def _build(declared: Mapping[str, Any]) -> FileMapping:
    timezone = _timezone(declared.get("timezone", "UTC"))
    return FileMapping(
        entity=declared["entity"],
        file=_file(declared.get("file", {})),
        region=declared.get("region"),
        timezone=timezone,
        as_of=read_as_of(declared["as_of"], timezone) if "as_of" in declared else None,
        values={name: _value(value) for name, value in declared.items() if name in VALUES},
        traits=_group(declared, "traits"),
        fields=_group(declared, "fields"),
        line=_group(declared, "line"),
        identifiers=tuple(IdentifierColumn(**identifier) for identifier in declared.get("identifiers", [])),
        customer=_customer(declared),
        about=IdentifierColumn(**declared["about"]) if "about" in declared else None,
    )


def _group(declared: Mapping[str, Any], name: str) -> dict[str, Value]:
    return {key: _value(value) for key, value in declared.get(name, {}).items()}


def _value(declared: str | Mapping[str, Any]) -> Value:
    if isinstance(declared, str):
        return Value(columns=(declared,))
    column = declared.get("column")
    codes = declared.get("values")
    scale = declared.get("scale")
    return Value(
        columns=(column,) if column else tuple(declared.get("columns", ())),
        join=declared.get("join", " "),
        constant=declared.get("value"),
        format=declared.get("format", "iso"),
        values=None if codes is None else {str(code): word for code, word in codes.items()},
        scale=None if scale is None else (float(scale[0]), float(scale[1])),
    )


def _customer(declared: Mapping[str, Any]) -> CustomerColumn | None:
    if "customer_id" in declared:
        return CustomerColumn(kind="customer_id", value=_value(declared["customer_id"]))
    if "customer" not in declared:
        return None
    named = declared["customer"]
    return CustomerColumn(
        kind=named["identifier"], value=_value(named["column"]), collection=named.get("collection")
    )


def _file(declared: Mapping[str, Any]) -> FileFormat:
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
