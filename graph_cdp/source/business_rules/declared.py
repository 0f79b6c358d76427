"""How sources are declared: YAML, checked by `sources.schema.json`."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from importlib.resources import files
from typing import Any, Literal, cast

from graph_cdp.declarations import Kind, require_fit
from graph_cdp.errors import Invalid
from graph_cdp.source.business_rules.model import (
    Check,
    Constant,
    CountryOfPhone,
    DeclaredSource,
    DeclaredSources,
    Demand,
    Fits,
    OneOf,
    OrgUnit,
    Repair,
    Required,
    Rule,
    SourceRules,
    SplitName,
    Within,
)
from graph_cdp.source.business_rules.patterns import BadPattern, parse_pattern

ORG_UNIT_DEPTH_MAX = 16
"""Units above one another: as deep as a scoped read looks. A network of shops has five."""

MONTHS = ("%m", "%b", "%B")
DEMANDS = ("required", "pattern", "allowed")
BOUNDS = ("min", "max")


class BadSources(Invalid):
    """A file of sources that does not say what to do."""

    code = "INVALID_SOURCES"


SOURCES = Kind(
    what="file of sources",
    error=BadSources,
    schema=json.loads(
        files("graph_cdp.source.business_rules").joinpath("sources.schema.json").read_text("utf-8")
    ),
    hints={},
)


def build_sources(declared: Mapping[str, Any]) -> DeclaredSources:
    """The sources of a declaration that fits the schema.

    Raises:
        BadSources: it says what a schema cannot refuse; the message names the place.
    """
    require_fit(list(_misfits(declared)), SOURCES)
    return DeclaredSources(
        sources={name: _source(name, one) for name, one in declared.get("sources", {}).items()},
        org_units=tuple(
            OrgUnit(id=id_, name=one.get("name", id_), part_of=one.get("part_of"))
            for id_, one in declared.get("org_units", {}).items()
        ),
    )


def _misfits(declared: Mapping[str, Any]) -> Iterator[str]:
    units = declared.get("org_units", {})
    for id_ in units:
        yield from _misfits_of_unit(id_, units)
    for name, source in declared.get("sources", {}).items():
        if source.get("belongs_to", next(iter(units), None)) not in {None, *units}:
            yield f"sources.{name}.belongs_to: no org_unit has this id"
        for form in source.get("date_formats", []):
            if "%Y" not in form or "%d" not in form or not any(month in form for month in MONTHS):
                yield f"sources.{name}.date_formats: {form} lacks %d, %m or %Y; a year of two digits would be a guess"
        rules = source.get("rules", [])
        for number, rule in enumerate(rules):
            yield from _misfits_of_rule(f"sources.{name}.rules.{number}", rule)
        for twice, count in Counter(rule["name"] for rule in rules).items():
            if count > 1:
                yield f"sources.{name}.rules: {count} rules are named {twice}"


def _misfits_of_unit(id_: str, units: Mapping[str, Any]) -> Iterator[str]:
    above = id_
    for _ in range(ORG_UNIT_DEPTH_MAX):
        above = units[above].get("part_of")
        if above is None:
            return
        if above not in units:
            yield f"org_units.{id_}: {above} is no org_unit"
            return
    yield f"org_units.{id_}: it is part of itself, or more than {ORG_UNIT_DEPTH_MAX} units stand above it"


def _misfits_of_rule(place: str, rule: Mapping[str, Any]) -> Iterator[str]:
    demands = len(rule.keys() & set(DEMANDS)) + bool(rule.keys() & set(BOUNDS))
    if demands + ("derive" in rule) != 1:
        yield f"{place}: give one of required, pattern, min and max, allowed, derive"
        return
    if demands and not {"field", "otherwise"} <= rule.keys():
        yield f"{place}: a rule that demands something names its field, and what happens otherwise"
    if "derive" in rule and ("otherwise" in rule or ("field" in rule) != isinstance(rule["derive"], dict)):
        yield f"{place}: a constant, and nothing else that is derived, names its field; nothing happens otherwise"
    if "pattern" in rule:
        try:
            parse_pattern(rule["pattern"])
        except BadPattern as error:
            yield f"{place}.pattern: {error}"


def _source(name: str, declared: Mapping[str, Any]) -> DeclaredSource:
    return DeclaredSource(
        name=name,
        kind=declared.get("kind"),
        party=declared.get("party"),
        trust=declared.get("trust", 0),
        belongs_to=declared.get("belongs_to"),
        rules=SourceRules(
            region=declared.get("region"),
            region_by_country=declared.get("region_by_country", False),
            date_formats=tuple(declared.get("date_formats", ())),
            verified=dict(declared.get("verified", {})),
            rules=tuple(_rule(rule) for rule in declared.get("rules", ())),
        ),
    )


def _rule(declared: Mapping[str, Any]) -> Rule:
    name = declared["name"]
    match declared.get("derive"):
        case "names":
            return SplitName(name=name)
        case "country":
            return CountryOfPhone(name=name)
        case {"value": value}:
            return Constant(name=name, field=declared["field"], value=value)
        case _:
            return Check(
                name=name,
                field=declared["field"],
                demand=_demand(declared),
                otherwise=_otherwise(declared["otherwise"]),
            )


def _demand(declared: Mapping[str, Any]) -> Demand:
    match declared:
        case {"required": _}:
            return Required()
        case {"pattern": pattern}:
            return Fits(parse_pattern(pattern))
        case {"allowed": allowed}:
            return OneOf(frozenset(allowed))
        case _:
            bounds = {name: str(declared[name]) for name in BOUNDS if name in declared}
            return Within(least=bounds.get("min"), most=bounds.get("max"))


def _otherwise(declared: str | Mapping[str, Any]) -> Literal["reject", "flag"] | Repair:
    if isinstance(declared, str):
        return cast("Literal['reject', 'flag']", declared)
    repair = declared["repair"]
    if repair == "leave_out":
        return Repair()
    values = {str(code): word for code, word in repair.get("values", {}).items()}
    return Repair(values=values, value=repair.get("value"))
