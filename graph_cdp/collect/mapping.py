"""The mapping of a file: what its columns mean, declared in YAML and checked by `mapping.schema.json`."""

import codecs
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from importlib.resources import files
from typing import Any, Literal, cast
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import yaml
from jsonschema import Draft202012Validator, ValidationError

from graph_cdp.errors import Invalid

LINE = "$line"
"""The column that every file has: the number of the line on which the row ends."""

MAPPING_CHARACTERS_MAX = 64 * 1024
PROBLEMS_SHOWN_MAX = 5
FORMATS = ("iso", "epoch_s", "epoch_ms", "epoch_us")

RECORD_KEYS = frozenset({"record_id", "traits", "identifiers"})
TRANSACTION_KEYS = frozenset({"transaction_id", "customer_id", "kind", "amount", "currency", "quantity"})
REQUIRED = {"record": ("record_id",), "transaction": ("transaction_id", "customer_id", "timestamp")}

_VALIDATOR = Draft202012Validator(
    json.loads(files("graph_cdp.collect").joinpath("mapping.schema.json").read_text("utf-8"))
)


class BadMapping(Invalid):
    """A mapping that does not say what to do with a file."""

    code = "INVALID_MAPPING"


@dataclass(frozen=True, slots=True, kw_only=True)
class FileFormat:
    """How a file is written: CSV, or cells between blanks where `delimiter` is None.

    Without `columns` its first row is a header.
    """

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
    declared = _load(text)
    errors: list[ValidationError] = list(_VALIDATOR.iter_errors(cast("dict[str, Any]", declared)))  # pyright: ignore[reportUnknownMemberType]
    problems = [_explain(error) for error in sorted(errors, key=_place)]
    if not problems:
        problems = list(_misfits(cast("dict[str, Any]", declared)))
    if problems:
        raise BadMapping("The mapping does not fit: " + "; ".join(problems[:PROBLEMS_SHOWN_MAX]) + ".")
    return _build(cast("dict[str, Any]", declared))


def _load(text: str) -> object:
    if len(text) > MAPPING_CHARACTERS_MAX:
        raise BadMapping(f"The mapping has more than {MAPPING_CHARACTERS_MAX:,} characters.")
    try:
        _refuse_twice(yaml.compose(text, yaml.SafeLoader))
        return yaml.safe_load(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f" at line {mark.line + 1}" if mark else ""
        raise BadMapping(
            f"The mapping is no YAML{where}: {getattr(error, 'problem', 'see its syntax')}."
        ) from None


def _refuse_twice(node: yaml.Node | None) -> None:
    """A key may not stand twice in a mapping: YAML would keep the last in silence."""
    if isinstance(node, yaml.SequenceNode):
        for item in node.value:
            _refuse_twice(item)
    elif isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            if str(key.value) in seen:
                raise BadMapping(f"The mapping says {key.value} twice (line {key.start_mark.line + 1}).")
            seen.add(str(key.value))
            _refuse_twice(value)


def _place(error: ValidationError) -> str:
    return ".".join(str(step) for step in error.absolute_path)


def _explain(error: ValidationError) -> str:
    place = _place(error) or "the mapping"
    match error.validator:
        case "additionalProperties":
            known = ", ".join(cast("dict[str, Any]", error.schema).get("properties", {}))
            return f"{place}: {error.message}. There are: {known}"
        case "not":
            return f"{place}: an alias is a claim of a Segment message, a file has none"
        case _:
            return f"{place}: {error.message}"


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
    encoding = declared.get("file", {}).get("encoding", "utf-8")
    try:
        codecs.lookup(encoding)
    except LookupError:
        yield f"file.encoding: {encoding} is no encoding"


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
