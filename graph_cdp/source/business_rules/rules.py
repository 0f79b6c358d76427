"""Judging what a source says by its business rules. Pure: nothing is changed that a rule does not say."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from graph_cdp.errors import Invalid
from graph_cdp.matching.countries import country_code
from graph_cdp.matching.dates import birth_date
from graph_cdp.matching.normalise import normalise_trait
from graph_cdp.matching.phones import region_of
from graph_cdp.matching.text import one_line
from graph_cdp.matching.traits import is_said
from graph_cdp.source.business_rules.model import (
    Check,
    Constant,
    CountryOfPhone,
    Fits,
    OneOf,
    Repair,
    Required,
    Rule,
    SourceRules,
    SplitName,
    Within,
)

_NUMBER = re.compile(r"[+-]?[0-9]{1,18}(?:\.[0-9]{1,9})?")
DATE_CHARACTERS_MAX = 64


class RuleRejected(Invalid):
    """What a source says breaks a rule that rejects it."""

    code = "RULE_REJECTED"

    def __init__(self, rule: str, *, field: str) -> None:
        super().__init__(f"The rule '{rule}' of this source rejects it: see its {field}.")
        self.rule = rule


def rule_of(error: Invalid) -> str | None:
    """The name of the business rule that an error speaks of; None where none was broken."""
    return error.rule if isinstance(error, RuleRejected) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What a source says, after its rules: its traits (not yet normalised), the region in which they are written, the
    rules that flagged or mended a value, and the traits whose values are verified.
    """

    traits: Mapping[str, str]
    region: str
    flags: tuple[str, ...] = ()
    verified: frozenset[str] = frozenset()


def judge(
    traits: Mapping[str, str],
    rules: SourceRules,
    *,
    region: str,
    introduces: bool,
    stated_verified: frozenset[str] = frozenset(),
) -> Judged:
    """What remains of `traits` by the rules of their source.

    `region` holds where the source declares none. `introduces`: the message says who somebody is (a row, an
    identify), so that what is required must be there. A value that a rule mended is flagged, too: the payload has
    what was sent.

    Raises:
        RuleRejected: a rule rejects it; the message names the rule and the field, never the value.
    """
    said = dict(traits)
    region = _region(said, rules, region=region)
    if "birth_date" in said:
        said["birth_date"] = _read_date(said["birth_date"], rules.date_formats)
    flags = [rule.name for rule in rules.rules if _apply(rule, said, region=region, introduces=introduces)]
    verified = {
        name
        for name, how in rules.verified.items()
        if name in said and (how == "always" or name in stated_verified)
    }
    return Judged(traits=said, region=region, flags=tuple(flags), verified=frozenset(verified))


def _meets(demand: Fits | OneOf | Within, value: str | None) -> bool:
    if value is None:
        return True
    match demand:
        case Fits(pattern):
            return pattern.fits(value)
        case OneOf(values):
            return value in values
        case Within():
            return _is_within(value, demand)


def _region(said: Mapping[str, str], rules: SourceRules, *, region: str) -> str:
    if rules.region_by_country and (country := country_code(one_line(said.get("country", "")))):
        return country
    return rules.region or region


def _read_date(text: str, formats: tuple[str, ...]) -> str:
    """The date in ISO 8601 by the first format that it has; as it was where it has none of them."""
    for form in formats if len(text) <= DATE_CHARACTERS_MAX else ():
        try:
            return datetime.strptime(one_line(text), form).date().isoformat()  # noqa: DTZ007 - a date has no zone
        except ValueError:
            continue
    return text


def _apply(rule: Rule, said: dict[str, str], *, region: str, introduces: bool) -> bool:
    """Apply a rule to what was said; whether it flags it."""
    match rule:
        case Check():
            return _check(rule, said, region=region, introduces=introduces)
        case Constant():
            if not _says(said, rule.field, region):
                said[rule.field] = rule.value
            return False
        case CountryOfPhone():
            found = region_of(one_line(said.get("phone", "")), region=region)
            if found and not _says(said, "country", region):
                said["country"] = found
            return False
        case SplitName():
            return _split_name(said, region)


def _says(said: Mapping[str, str], name: str, region: str) -> bool:
    """Whether there is a value that can be used: 'null' is none, nor is a telephone number of three digits."""
    return normalise_trait(name, said.get(name), region=region) is not None


def _line(said: Mapping[str, str], name: str) -> str | None:
    """What was written, usable or not; None where nothing was."""
    line = one_line(said.get(name, ""))
    return line if is_said(name, line) else None


def _check(rule: Check, said: dict[str, str], *, region: str, introduces: bool) -> bool:
    value = _line(said, rule.field)
    if isinstance(rule.demand, Required):
        is_met = not introduces or _says(said, rule.field, region)
    else:
        is_met = _meets(rule.demand, value)
    if is_met:
        return False
    match rule.otherwise:
        case "reject":
            raise RuleRejected(rule.name, field=rule.field)
        case "flag":
            return True
        case Repair(values=values, value=constant):
            mended = values.get(value, constant) if value is not None else constant
            if mended is None:
                said.pop(rule.field, None)
            else:
                said[rule.field] = mended
            return True


def _split_name(said: dict[str, str], region: str) -> bool:
    """Whether there is a name whose parts are not certain: it is flagged, and not split."""
    if not _says(said, "name", region) or any(
        _says(said, one, region) for one in ("first_name", "last_name")
    ):
        return False
    name = one_line(said["name"])
    last, comma, first = name.partition(",")
    parts = [first.strip(), last.strip()] if comma else name.split(" ")
    if len(parts) != 2 or not all(parts) or "," in first:  # noqa: PLR2004 - a first name and a last name
        return True
    said["first_name"], said["last_name"] = parts
    return False


def _is_within(value: str, bounds: Within) -> bool:
    for bound, sign in ((bounds.least, 1), (bounds.most, -1)):
        if bound is not None:
            order = _compare(value, bound)
            if order is None or order * sign < 0:
                return False
    return True


def _compare(value: str, bound: str) -> int | None:
    """-1, 0 or 1 as the value is less, equal or more; None where it is not of the bound's kind."""
    if _NUMBER.fullmatch(bound):
        if not _NUMBER.fullmatch(value):
            return None
        number, limit = Decimal(value), Decimal(bound)
        return (number > limit) - (number < limit)
    date = birth_date(value)
    return None if date is None else (date > bound) - (date < bound)
