"""Mapping files: what they may say, and how their mistakes are named."""

import json
import re
from importlib.resources import files
from zoneinfo import ZoneInfo

import pytest

from graph_cdp.collect.entities import ENTITIES, OF_SOME, VALUES
from graph_cdp.collect.mapping import (
    BadMapping,
    CustomerColumn,
    FileFormat,
    FileMapping,
    IdentifierColumn,
    Value,
    parse_mapping,
)
from graph_cdp.source.facts.model import COMPANY_FIELDS
from graph_cdp.source.model import TRAITS
from tests.architecture.tree import ROOT

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
        values={
            "timestamp": Value(columns=("changed",), format="%d/%m/%Y %H:%M"),
            "record_id": Value(columns=("id",)),
        },
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


def test_the_moment_that_a_file_shows_is_in_its_time_zone() -> None:
    text = "entity: store\ncode: id\ntimezone: Europe/Paris\nas_of: "
    assert parse_mapping(f"{text}2026-01-31").as_of == 1_769_814_000_000
    assert parse_mapping(f"{text}2026-01-31T00:00:00Z").as_of == 1_769_817_600_000


def test_a_mapping_knows_the_columns_that_it_needs() -> None:
    assert parse_mapping(RECORDS).columns == {"changed", "id", "number", "street", "sex", "card", "crm_id"}


def test_a_mapping_of_lines_says_whose_the_purchase_is_and_what_each_row_adds() -> None:
    mapping = parse_mapping("""
        entity: transaction_line
        transaction_id: ticket
        timestamp: at
        customer: {identifier: customer_id, column: client, collection: crm}
        line: {sku: ean, unit_price: price}
    """)
    assert mapping.customer == CustomerColumn(
        kind="customer_id", value=Value(columns=("client",)), collection="crm"
    )
    assert mapping.line == {"sku": Value(columns=("ean",)), "unit_price": Value(columns=("price",))}
    assert mapping.columns == {"ticket", "at", "client", "ean", "price"}


def test_a_mapping_of_consents_and_cases_says_what_they_are_about() -> None:
    consents = parse_mapping("""
        entity: consent
        customer_id: id
        timestamp: at
        purpose: {value: newsletter}
        channel: {value: email}
        state: {column: optin, values: {1: given, 0: refused}}
        about: {kind: email, column: mail}
    """)
    assert consents.about == IdentifierColumn(kind="email", column="mail")
    assert consents.columns == {"id", "at", "optin", "mail"}
    cases = parse_mapping("""
        entity: case
        customer: {identifier: phone, column: tel}
        case_id: no
        kind: {value: survey}
        satisfaction: {column: note, scale: [0, 10]}
    """)
    assert cases.values["satisfaction"] == Value(columns=("note",), scale=(0.0, 10.0))
    assert cases.columns == {"tel", "no", "note"}


def test_words_that_old_yaml_took_for_booleans_and_dates_are_text() -> None:
    mapping = parse_mapping(
        "entity: record\nrecord_id: no\ntimestamp: {value: 2026-01-31}\ntraits: {city: yes, region: off, name: trueName}"
    )
    assert mapping.columns == {"no", "yes", "off", "trueName"}
    assert mapping.values["timestamp"] == Value(constant="2026-01-31")


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
        ("id,mail\n1,lea@martin.fr\n", "The mapping has no keys and values in YAML. Is this the right file?"),
        ("entity: [", "The mapping is no YAML at line 1"),
        ("entity: person", "entity: 'person' is not one of ['record', 'transaction', 'transaction_line', 'consent'"),
        ("entity: record", "record_id is missing: every record needs it"),
        ("entity: transaction\nrecord_id: a", "timestamp is missing: every transaction needs it"),
        ("entity: transaction\nrecord_id: a", "record_id is not for the entity transaction"),
        ("entity: record\nrecord_id: a\namount: b", "amount is not for the entity record"),
        ("entity: transaction\nas_of: 2026-01-31", "as_of is not for the entity transaction: each transaction happened"),
        ("entity: store\ncode: a\nas_of: monday", "as_of is no ISO 8601 time"),
        ("entity: record\nrecord_id: a\nrecord_id: b", "The mapping says record_id twice (line 3)"),
        ("entity: record\nrecord_id: a\nnom: b", "the mapping: Additional properties are not allowed ('nom' was"),
        ("entity: record\nrecord_id: {colum: a}", "record_id: Additional properties are not allowed ('colum' was unexpected). There are: column, columns"),
        ("entity: record\nrecord_id: {column: a, value: b}", "record_id: give one of column, columns, value"),
        ("entity: record\nrecord_id: {join: '-'}", "record_id: give one of column, columns, value"),
        ("entity: record\nrecord_id: {column: a, join: '-'}", "record_id: join needs columns"),
        ("entity: record\nrecord_id: a\ntraits: {first_nam: b}", "traits: 'first_nam' is not one of ['title', 'first_name'"),
        ("entity: record\nrecord_id: a\ntimestamp: {column: b, format: dd/mm}", "timestamp: format is one of iso, epoch_s"),
        ("entity: record\nrecord_id: a\ntraits: {city: {column: b, format: '%d'}}", "traits.city: only closed_at, opened_at, timestamp and traits.birth_date have a format"),
        ("entity: record\nrecord_id: a\nidentifiers: [{kind: alias, column: b}]", "identifiers.0.kind: an alias is a claim"),
        ("entity: record\nrecord_id: a\nidentifiers: [{kind: customer_id, column: b}]", "identifiers.0: a customer_id, and nothing else, names its source"),
        ("entity: record\nrecord_id: a\nidentifiers: [{kind: email, column: b, collection: c}]", "identifiers.0: a customer_id, and nothing else"),
        ("entity: transaction\ntransaction_id: a\ntimestamp: b", "customer_id or customer is missing: every transaction is somebody's"),
        ("entity: case\ncase_id: a\nkind: b\ncustomer_id: c\ncustomer: {identifier: email, column: d}", "give one of customer_id, customer"),
        ("entity: case\ncase_id: a\nkind: b\ncustomer: {identifier: customer_id, column: d}", "customer: a customer_id, and nothing else, names its source"),
        ("entity: case\ncase_id: a\nkind: b\ncustomer: {identifier: email, column: d, collection: crm}", "customer: a customer_id, and nothing else, names its source"),
        ("entity: case\ncase_id: a\nkind: b\ncustomer: {identifier: name, column: d}", "customer.identifier: 'name' is not one of ['loyalty_card', 'email'"),
        ("entity: case\ncase_id: a\nkind: b\ncustomer_id: c\nsatisfaction: d", "satisfaction: say its scale, from the worst to the best"),
        ("entity: case\ncase_id: a\nkind: b\ncustomer_id: c\nsatisfaction: {column: d, scale: [1, 1]}", "satisfaction: its scale goes from the worst to the best, which differ"),
        ("entity: case\ncase_id: a\nkind: b\ncustomer_id: c\ntopic: {column: d, scale: [1, 5]}", "topic: only satisfaction has a scale"),
        ("entity: transaction_line\ntransaction_id: a\ntimestamp: b\ncustomer_id: c", "line is missing: every transaction_line needs it"),
        ("entity: transaction_line\ntransaction_id: a\ntimestamp: b\ncustomer_id: c\nline: {name: d}", "line: 'sku' is a required property"),
        ("entity: transaction\ntransaction_id: a\ntimestamp: b\ncustomer_id: c\nline: {sku: d}", "line is not for the entity transaction"),
        ("entity: consent\npurpose: a\nchannel: b\nstate: c\ncustomer_id: d", "timestamp is missing: every consent needs it"),
        ("entity: consent\npurpose: a\nchannel: b\nstate: c\ntimestamp: e\ncustomer_id: d\nabout: {kind: loyalty_card, column: f}", "about.kind: 'loyalty_card' is not one of ['email', 'phone'"),
        ("entity: company\ncompany_id: a\nfields: {turnover: b}", "fields: 'turnover' is not one of ['name', 'industry'"),
        ("entity: product\nname: a", "sku is missing: every product needs it"),
        ("entity: product\nsku: a\ncustomer_id: b", "customer_id is not for the entity product"),
        ("entity: store\nname: a", "code is missing: every store needs it"),
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


SCHEMA = json.loads(files("graph_cdp.collect").joinpath("mapping.schema.json").read_text("utf-8"))


def test_the_schema_names_every_trait_and_every_field_of_a_company() -> None:
    assert tuple(SCHEMA["properties"]["traits"]["propertyNames"]["enum"]) == TRAITS
    assert tuple(SCHEMA["properties"]["fields"]["propertyNames"]["enum"]) == COMPANY_FIELDS


def test_the_schema_has_the_keys_of_every_entity_and_no_other() -> None:
    assert tuple(SCHEMA["properties"]["entity"]["enum"]) == ENTITIES
    of_all = {"as_of", "entity", "file", "region", "timezone", "timestamp"}
    assert set(SCHEMA["properties"]) == OF_SOME | of_all
    assert {
        name for name in SCHEMA["properties"] if SCHEMA["properties"][name].get("$ref") == "#/$defs/value"
    } == (VALUES | {"customer_id"})


def test_the_guide_has_an_example_of_every_entity_that_fits() -> None:
    guide = (ROOT / "docs/guides/import.md").read_text("utf-8")
    examples = [block for block in re.findall(r"```yaml\n(.*?)```", guide, re.DOTALL) if "entity:" in block]
    assert [parse_mapping(example).entity for example in examples] == list(ENTITIES)
