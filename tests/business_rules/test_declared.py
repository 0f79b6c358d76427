"""The file in which sources are declared: what it may say, and how its mistakes are named."""

import json
from importlib.resources import files
from pathlib import Path

import pytest

from graph_cdp.errors import Invalid, Misconfigured
from graph_cdp.flows.declared import Declared, parse_declared, read_declared
from graph_cdp.golden_record.model import FieldRule, Survivorship
from graph_cdp.source.business_rules.model import (
    NO_RULES,
    Check,
    DeclaredSource,
    Fits,
    OrgUnit,
    Repair,
    SourceRules,
    Within,
)
from graph_cdp.source.business_rules.patterns import parse_pattern
from graph_cdp.source.model import TRAITS

DECLARED = """
survivorship:
  default: most_trusted_source
org_units:
  brand: {name: Maison Curie}
  lille: {part_of: brand}
sources:
  crm:
    kind: crm
    party: first
    trust: 80
    belongs_to: brand
    region: BE
    rules:
      - {name: postcode, field: postal_code, pattern: "[0-9]{4}", otherwise: flag}
      - {name: age, field: age, min: 0, max: 120, otherwise: {repair: leave_out}}
  web: {}
"""


def test_a_file_says_sources_units_and_survivorship() -> None:
    declared = parse_declared(DECLARED)

    assert declared.survivorship == Survivorship(default=FieldRule(rule="most_trusted_source"))
    assert declared.sources.org_units == (
        OrgUnit(id="brand", name="Maison Curie"),
        OrgUnit(id="lille", name="lille", part_of="brand"),
    )
    assert declared.sources.sources["web"] == DeclaredSource(name="web")
    assert declared.sources.sources["crm"] == DeclaredSource(
        name="crm",
        kind="crm",
        party="first",
        trust=80,
        belongs_to="brand",
        rules=SourceRules(
            region="BE",
            rules=(
                Check(name="postcode", field="postal_code", demand=Fits(parse_pattern("[0-9]{4}")), otherwise="flag"),
                Check(name="age", field="age", demand=Within(least="0", most="120"), otherwise=Repair()),
            ),
        ),
    )  # fmt: skip


def test_of_a_source_that_is_not_declared_nothing_is_asked() -> None:
    assert parse_declared(DECLARED).sources.rules("pos") == NO_RULES


def test_no_file_declares_nothing() -> None:
    assert read_declared(None) == Declared()


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match=r"sources.yaml cannot be read\. GRAPH_CDP_SOURCES_FILE names"):
        read_declared(tmp_path / "sources.yaml")


RULE = "sources: {{crm: {{rules: [{{name: a, {}}}]}}}}"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("source: {}", "Additional properties are not allowed ('source' was unexpected). There are: sources, org_units, survivorship"),
        ("sources: {CRM: {}}", "sources: 'CRM' does not match '^[a-z0-9_-]{1,64}$'"),
        ("sources: {crm: {trust: 101}}", "sources.crm.trust: 101 is greater than the maximum of 100"),
        ("sources: {crm: {belongs_to: x}}\norg_units: {y: {}}", "sources.crm.belongs_to: no org_unit has this id"),
        ("sources: {crm: {date_formats: ['%d.%m.%y']}}", "sources.crm.date_formats: %d.%m.%y lacks %d, %m or %Y"),
        ("org_units: {a: {part_of: b}, b: {part_of: a}}", "org_units.a: it is part of itself"),
        ("org_units: {a: {part_of: b}}", "org_units.a: b is no org_unit"),
        ("survivorship: {default: newest}", "default: a rule is most_recent"),
        (RULE.format("derive: names, otherwise: flag"), "sources.crm.rules.0: a constant, and nothing else that is derived"),
        (RULE.format("field: city"), "sources.crm.rules.0: give one of required, pattern, min and max, allowed, derive"),
        (RULE.format("required: true, pattern: a, field: city, otherwise: flag"), "sources.crm.rules.0: give one of"),
        (RULE.format("required: true, otherwise: flag"), "sources.crm.rules.0: a rule that demands something names its field"),
        (RULE.format("pattern: (a+)+, field: city, otherwise: flag"), "sources.crm.rules.0.pattern: at character 1"),
        (RULE.format("derive: {value: fr}"), "sources.crm.rules.0: a constant, and nothing else"),
        ("sources: {crm: {rules: [{name: a, derive: names}, {name: a, derive: country}]}}", "sources.crm.rules: 2 rules are named a"),
    ],
)  # fmt: skip
def test_a_mistake_is_named_by_its_place(text: str, said: str) -> None:
    with pytest.raises(Invalid) as error:
        parse_declared(text)
    assert said in error.value.message


@pytest.mark.parametrize(
    ("package", "name", "path"),
    [
        ("graph_cdp.source.business_rules", "sources.schema.json", ("$defs", "field", "enum")),
        ("graph_cdp.golden_record", "survivorship.schema.json", ("properties", "fields", "propertyNames", "enum")),
    ],
)  # fmt: skip
def test_the_schemas_name_every_trait(package: str, name: str, path: tuple[str, ...]) -> None:
    found = json.loads(files(package).joinpath(name).read_text("utf-8"))
    for step in path:
        found = found[step]
    assert tuple(found) == TRAITS
