"""Mapping files: what they may say, and how their mistakes are named."""

import json
from importlib.resources import files
from zoneinfo import ZoneInfo

import pytest

from graph_cdp.collect.mapping import (
    BadMapping,
    FileFormat,
    FileMapping,
    IdentifierColumn,
    Value,
    parse_mapping,
)
from graph_cdp.source.model import TRAITS

RECORDS = """
entity: record
file: {delimiter: ";", encoding: cp1252}
region: AU
timezone: Europe/Paris
timestamp: {column: changed, format: "%d/%m/%Y %H:%M"}
record_id: id
traits:
  street: {columns: [number, street], join: ", "}
  country: {value: FR}
  gender: {column: sex, values: {1: male, 2: female}}
identifiers:
  - {kind: loyalty_card, column: card}
  - {kind: customer_id, column: crm_id, collection: crm}
"""


def test_a_mapping_says_where_each_value_comes_from() -> None:
    assert parse_mapping(RECORDS) == FileMapping(
        entity="record",
        file=FileFormat(delimiter=";", encoding="cp1252"),
        region="AU",
        timezone=ZoneInfo("Europe/Paris"),
        timestamp=Value(columns=("changed",), format="%d/%m/%Y %H:%M"),
        record_id=Value(columns=("id",)),
        traits={
            "street": Value(columns=("number", "street"), join=", "),
            "country": Value(constant="FR"),
            "gender": Value(columns=("sex",), values={"1": "male", "2": "female"}),
        },
        identifiers=(
            IdentifierColumn(kind="loyalty_card", column="card"),
            IdentifierColumn(kind="customer_id", column="crm_id", collection="crm"),
        ),
    )


def test_a_mapping_knows_the_columns_that_it_needs() -> None:
    assert parse_mapping(RECORDS).columns == {"changed", "id", "number", "street", "sex", "card", "crm_id"}


def test_words_that_old_yaml_took_for_booleans_and_dates_are_text() -> None:
    mapping = parse_mapping(
        "entity: record\nrecord_id: no\ntimestamp: {value: 2026-01-31}\ntraits: {city: yes, region: off, name: trueName}"
    )
    assert mapping.columns == {"no", "yes", "off", "trueName"}
    assert mapping.timestamp == Value(constant="2026-01-31")


def test_a_file_without_a_header_between_blanks() -> None:
    mapping = parse_mapping("""
        entity: transaction
        file: {delimiter: whitespace, columns: [customer, day, count, amount]}
        transaction_id: $line
        customer_id: customer
        timestamp: {column: day, format: "%Y%m%d"}
    """)
    assert mapping.file == FileFormat(delimiter=None, columns=("customer", "day", "count", "amount"))
    assert mapping.columns == {"customer", "day"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "the mapping: None is not of type 'object'"),
        ("- a", "the mapping: ['a'] is not of type 'object'"),
        ("entity: [", "The mapping is no YAML at line 1"),
        ("entity: person", "entity: 'person' is not one of ['record', 'transaction']"),
        ("entity: record", "record_id is missing: every record needs it"),
        ("entity: transaction\nrecord_id: a", "timestamp is missing: every transaction needs it"),
        ("entity: transaction\nrecord_id: a", "record_id is not for the entity transaction"),
        ("entity: record\nrecord_id: a\namount: b", "amount is not for the entity record"),
        ("entity: record\nrecord_id: a\nrecord_id: b", "The mapping says record_id twice (line 3)"),
        ("entity: record\nrecord_id: a\nname: b", "the mapping: Additional properties are not allowed ('name' was"),
        ("entity: record\nrecord_id: {colum: a}", "record_id: Additional properties are not allowed ('colum' was unexpected). There are: column, columns"),
        ("entity: record\nrecord_id: {column: a, value: b}", "record_id: give one of column, columns, value"),
        ("entity: record\nrecord_id: {join: '-'}", "record_id: give one of column, columns, value"),
        ("entity: record\nrecord_id: {column: a, join: '-'}", "record_id: join needs columns"),
        ("entity: record\nrecord_id: a\ntraits: {first_nam: b}", "traits: 'first_nam' is not one of ['title', 'first_name'"),
        ("entity: record\nrecord_id: a\ntimestamp: {column: b, format: dd/mm}", "timestamp: format is one of iso, epoch_s"),
        ("entity: record\nrecord_id: a\ntraits: {city: {column: b, format: '%d'}}", "traits.city: only timestamp and traits.birth_date have a format"),
        ("entity: record\nrecord_id: a\nidentifiers: [{kind: alias, column: b}]", "identifiers.0.kind: an alias is a claim"),
        ("entity: record\nrecord_id: a\nidentifiers: [{kind: customer_id, column: b}]", "identifiers.0: a customer_id, and nothing else, names its source"),
        ("entity: record\nrecord_id: a\nidentifiers: [{kind: email, column: b, collection: c}]", "identifiers.0: a customer_id, and nothing else"),
        ("entity: record\nrecord_id: a\nfile: {encoding: utf-9}", "file.encoding: utf-9 is no encoding"),
        ("entity: record\nrecord_id: a\nfile: {delimiter: '||'}", "file.delimiter: '||' does not match"),
        ("entity: record\nrecord_id: a\nfile: {columns: [a, a]}", "file.columns: ['a', 'a'] has non-unique elements"),
        ("entity: record\nrecord_id: a\ntimezone: Mars/Crater", "timezone: Mars/Crater is no time zone"),
        ("entity: record\nrecord_id: a\nregion: France", "region: 'France' does not match '^[A-Z]{2}$'"),
    ],
)  # fmt: skip
def test_a_mistake_is_named_by_its_place(text: str, said: str) -> None:
    with pytest.raises(BadMapping) as error:
        parse_mapping(text)
    assert said in error.value.message


def test_the_schema_names_every_trait() -> None:
    schema = json.loads(files("graph_cdp.collect").joinpath("mapping.schema.json").read_text("utf-8"))
    assert tuple(schema["properties"]["traits"]["propertyNames"]["enum"]) == TRAITS
