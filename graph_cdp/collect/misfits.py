"""What of a mapping does not fit, and a JSON Schema could only say unreadably. Pure."""

import codecs
from collections.abc import Iterator, Mapping
from typing import Any, cast

from graph_cdp.collect.entities import CUSTOMER_KEYS, DATED, GROUPS, KEYS, OF_SOME, VALUES

FORMATS = ("iso", "epoch_s", "epoch_ms", "epoch_us")


def find_mapping_misfits(declared: Mapping[str, Any]) -> Iterator[str]:
    """Each mistake of a mapping that fits the schema, with its place."""
    yield from _misfits_of_entity(declared)
    for place, value in _values(declared):
        yield from _misfits_of_value(
            place, cast("Mapping[str, Any]", value) if isinstance(value, dict) else {}
        )
    for number, identifier in enumerate(declared.get("identifiers", [])):
        if (identifier["kind"] == "customer_id") != ("collection" in identifier):
            yield f"identifiers.{number}: a customer_id, and nothing else, names its source as collection"
    customer = declared.get("customer")
    if customer and (customer["identifier"] == "customer_id") != ("collection" in customer):
        yield "customer: a customer_id, and nothing else, names its source as collection; one of the same source is customer_id: column"
    yield from _misfits_of_file(declared.get("file", {}))


def _misfits_of_file(declared: Mapping[str, Any]) -> Iterator[str]:
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


def _misfits_of_entity(declared: Mapping[str, Any]) -> Iterator[str]:
    entity = declared["entity"]
    keys = KEYS[entity]
    for name in keys.required:
        if name not in declared:
            yield f"{name} is missing: every {entity} needs it"
    named = [name for name in CUSTOMER_KEYS if name in declared]
    if keys.customer == "must" and not named:
        yield f"customer_id or customer is missing: every {entity} is somebody's"
    if len(named) > 1:
        yield "give one of customer_id, customer"
    if "as_of" in declared and "timestamp" in keys.required:
        yield f"as_of is not for the entity {entity}: each {entity} happened at a time of its own"
    for name in sorted(declared.keys() & OF_SOME - keys.all):
        yield f"{name} is not for the entity {entity}"


def _values(declared: Mapping[str, Any]) -> Iterator[tuple[str, object]]:
    for name, value in declared.items():
        if name in GROUPS:
            yield from ((f"{name}.{key}", one) for key, one in value.items())
        elif name in VALUES or name == "customer_id":
            yield name, value


def _misfits_of_value(place: str, value: Mapping[str, Any]) -> Iterator[str]:
    if value and len(value.keys() & {"column", "columns", "value"}) != 1:
        yield f"{place}: give one of column, columns, value"
    if "join" in value and "columns" not in value:
        yield f"{place}: join needs columns"
    pattern = value.get("format", "iso")
    if pattern not in FORMATS and "%" not in pattern:
        yield f"{place}: format is one of {', '.join(FORMATS)}, or a pattern such as %d/%m/%Y"
    if "format" in value and place not in DATED:
        yield f"{place}: only {_listed(sorted(DATED))} have a format"
    if "scale" in value and place != "satisfaction":
        yield f"{place}: only satisfaction has a scale"
    if place == "satisfaction":
        yield from _misfits_of_scale(value.get("scale"))


def _misfits_of_scale(scale: list[float] | None) -> Iterator[str]:
    if scale is None:
        yield "satisfaction: say its scale, from the worst to the best: {column: note, scale: [1, 5]}"
    elif scale[0] == scale[1]:
        yield "satisfaction: its scale goes from the worst to the best, which differ"


def _listed(names: list[str]) -> str:
    return f"{', '.join(names[:-1])} and {names[-1]}"
