"""Business rules: what is rejected, flagged, repaired, derived."""

from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph_cdp.flows.declared import parse_declared
from graph_cdp.matching.text import one_line
from graph_cdp.source.business_rules.model import NO_RULES, SourceRules
from graph_cdp.source.business_rules.rules import Judged, RuleRejected, judge
from graph_cdp.source.model import TRAITS

BAD_VALUES = (
    "", " ", "null", "undefined", "[object Object]", "\x00", "\u200b", "\ufeff", "\u202eabc", "=cmd|' /C calc'!A0", "__proto__",
    "`", "'}) DETACH DELETE n //", "0000-00-00", "9999-12-31", "2026-02-30", "1e400", "NaN", "-0", "9223372036854775808",
    "é", "e\u0301", "İ", "x" * 10_000, "+33 (0)6", "a+tag@x.fr", "1" * 5_000, "\ud800",
)  # fmt: skip
"""RELIABILITY's, as far as they are texts."""


def rules(declared: str) -> SourceRules:
    return parse_declared(f"sources: {{crm: {{{declared}}}}}").sources.rules("crm")


def judged(declared: str, traits: Mapping[str, str], *, introduces: bool = True) -> Judged:
    return judge(traits, rules(declared), region="FR", introduces=introduces)


def test_without_rules_nothing_changes() -> None:
    traits = {"email": "a@x.fr", "birth_date": "31/12/1980"}

    assert judge(traits, NO_RULES, region="FR", introduces=True) == Judged(traits=traits, region="FR")


CHECKS = {
    "required": "required: true, field: city",
    "pattern": "pattern: '[0-9]{5}', field: postal_code",
    "numbers": "min: 18, max: 120, field: age",
    "dates": "min: '1900-01-31', max: '2010-12-31', field: birth_date",
    "words": "allowed: [m, f], field: gender",
}


@pytest.mark.parametrize(
    ("check", "traits", "meets"),
    [
        ("required", {"city": "Lyon"}, True),
        ("required", {}, False),
        ("required", {"city": "null"}, False),
        ("required", {"city": "\u200b "}, False),
        ("words", {"gender": "null"}, True),
        ("pattern", {"postal_code": " 75011 "}, True),
        ("pattern", {"postal_code": "7501"}, False),
        ("pattern", {}, True),
        ("numbers", {"age": "18"}, True),
        ("numbers", {"age": "120"}, True),
        ("numbers", {"age": "17"}, False),
        ("numbers", {"age": "121"}, False),
        ("dates", {"birth_date": "1900-01-31"}, True),
        ("dates", {"birth_date": "31/12/2010"}, True),
        ("dates", {"birth_date": "2011-01-01"}, False),
        ("words", {"gender": "m"}, True),
        ("words", {"gender": "male"}, False),
    ],
)
def test_a_value_meets_a_demand_or_not(check: str, traits: dict[str, str], *, meets: bool) -> None:
    flagging = f"rules: [{{name: it, {CHECKS[check]}, otherwise: flag}}]"
    assert judged(flagging, traits).flags == (() if meets else ("it",))

    rejecting = flagging.replace("flag", "reject")
    if meets:
        assert judged(rejecting, traits).flags == ()
    else:
        with pytest.raises(RuleRejected) as error:
            judged(rejecting, traits)
        assert error.value.code == "RULE_REJECTED"
        assert error.value.message.startswith("The rule 'it' of this source rejects it: see its ")


def test_what_is_required_is_not_required_of_a_message_that_introduces_nobody() -> None:
    declared = "rules: [{name: it, required: true, field: city, otherwise: reject}]"

    assert judged(declared, {}, introduces=False).flags == ()


@pytest.mark.parametrize(
    ("repair", "value", "mended"),
    [
        ("leave_out", "q", None),
        ("{value: x}", "q", "x"),
        ("{values: {1: m, 2: f}}", "2", "f"),
        ("{values: {1: m}}", "q", None),
        ("{values: {1: m}, value: x}", "q", "x"),
    ],
)
def test_a_repair_says_what_stands_instead_and_flags_it(repair: str, value: str, mended: str | None) -> None:
    declared = f"rules: [{{name: it, field: gender, allowed: [m, f], otherwise: {{repair: {repair}}}}}]"

    result = judged(declared, {"gender": value, "city": "Lyon"})

    assert result.traits == {"city": "Lyon"} | ({"gender": mended} if mended else {})
    assert result.flags == ("it",)


@pytest.mark.parametrize(
    ("traits", "derived", "flags"),
    [
        ({"name": "Marie Curie"}, {"first_name": "Marie", "last_name": "Curie"}, ()),
        ({"name": "Curie, Marie  Salomea"}, {"first_name": "Marie Salomea", "last_name": "Curie"}, ()),
        ({"name": "Jean Pierre Martin"}, {}, ("split",)),
        ({"name": "Cher"}, {}, ("split",)),
        ({"name": "Curie,"}, {}, ("split",)),
        ({"name": "null"}, {}, ()),
        ({"name": "Marie Curie", "last_name": "Skłodowska"}, {}, ()),
        ({}, {}, ()),
    ],
)
def test_names_are_split_where_their_parts_are_certain(
    traits: dict[str, str], derived: dict[str, str], flags: tuple[str, ...]
) -> None:
    result = judged("rules: [{name: split, derive: names}]", traits)

    assert (result.traits, result.flags) == (traits | derived, flags)


@pytest.mark.parametrize(
    ("traits", "country"),
    [
        ({"phone": "+32 470 12 34 56"}, "BE"),
        ({"phone": "06 12 34 56 78"}, "FR"),
        ({"phone": "+32 470 12 34 56", "country": "null"}, "BE"),
        ({"phone": "+32 470 12 34 56", "country": "France"}, "France"),
        ({"phone": "123"}, None),
        ({"phone": "+800 1234 5678"}, None),
        ({}, None),
    ],
)
def test_the_country_comes_from_the_phone_where_none_is_said(
    traits: dict[str, str], country: str | None
) -> None:
    result = judged("rules: [{name: country, derive: country}]", traits)

    assert result.traits.get("country") == country
    assert result.flags == ()


def test_a_constant_stands_where_nothing_is_said() -> None:
    declared = "rules: [{name: language, field: language, derive: {value: fr}}]"

    assert judged(declared, {}).traits == {"language": "fr"}
    assert judged(declared, {"language": "nl"}).traits == {"language": "nl"}


def test_rules_apply_in_their_order() -> None:
    derive, demand = (
        "{name: split, derive: names}",
        "{name: it, field: last_name, required: true, otherwise: flag}",
    )

    assert judged(f"rules: [{derive}, {demand}]", {"name": "Marie Curie"}).flags == ()
    assert judged(f"rules: [{demand}, {derive}]", {"name": "Marie Curie"}).flags == ("it",)


@pytest.mark.parametrize(
    ("declared", "traits", "region"),
    [
        ("trust: 1", {}, "FR"),
        ("region: BE", {}, "BE"),
        ("region: BE, region_by_country: true", {"country": "Germany"}, "DE"),
        ("region: BE, region_by_country: true", {"country": "Atlantis"}, "BE"),
        ("region: BE", {"country": "Germany"}, "BE"),
    ],
)
def test_a_record_is_read_in_its_region(declared: str, traits: dict[str, str], region: str) -> None:
    assert judged(declared, traits).region == region


@pytest.mark.parametrize(
    ("raw", "read"),
    [
        ("31.12.1980", "1980-12-31"),
        ("19801231", "1980-12-31"),
        ("31/12/1980", "31/12/1980"),
        ("30.02.1980", "30.02.1980"),
        ("soon" * 1_000, "soon" * 1_000),
    ],
)
def test_birth_dates_are_read_by_the_first_format_that_they_have(raw: str, read: str) -> None:
    assert judged("date_formats: ['%d.%m.%Y', '%Y%m%d']", {"birth_date": raw}).traits == {"birth_date": read}


def test_a_source_says_which_traits_are_verified() -> None:
    declared = rules("verified: {email: always, phone: stated, birth_date: always}")
    traits = {"email": "a@x.fr", "phone": "0612345678"}

    silent = judge(traits, declared, region="FR", introduces=True)
    stating = judge(
        traits, declared, region="FR", introduces=True, stated_verified=frozenset({"phone", "city"})
    )

    assert silent.verified == {"email"}
    assert stating.verified == {"email", "phone"}


EVERYTHING = rules("""region_by_country: true, date_formats: ['%d/%m/%Y'], verified: {email: always}, rules: [
  {name: split, derive: names}, {name: country, derive: country}, {name: l, field: language, derive: {value: fr}},
  {name: r, field: last_name, required: true, otherwise: flag},
  {name: p, field: postal_code, pattern: '[0-9]{5}', otherwise: {repair: leave_out}},
  {name: b, field: birth_date, min: '1900-01-31', otherwise: flag}, {name: n, field: age, max: 120, otherwise: flag},
  {name: a, field: gender, allowed: [m, f], otherwise: {repair: {values: {1: m}}}},
  {name: e, field: email, pattern: '.+@.+', otherwise: reject}]""")
TEXTS = st.one_of(st.text(max_size=30), st.sampled_from(BAD_VALUES))


@given(traits=st.dictionaries(st.sampled_from(TRAITS), TEXTS), introduces=st.booleans())
@settings(max_examples=1_000, deadline=None)
def test_whatever_is_sent_is_judged_and_judged_alike_again(
    traits: dict[str, str], *, introduces: bool
) -> None:
    try:
        first = judge(traits, EVERYTHING, region="FR", introduces=introduces)
    except RuleRejected:
        assert "@" not in one_line(traits["email"])[1:-1]
        return
    assert judge(traits, EVERYTHING, region="FR", introduces=introduces) == first
    assert set(first.traits) <= set(TRAITS)
    assert set(first.flags) <= {"split", "r", "p", "b", "n", "a"}
    changed = {name for name in traits if first.traits.get(name) != traits[name]}
    filled = {"first_name", "last_name", "country", "language"}
    assert changed <= {"postal_code", "gender", "birth_date"} | filled
    assert ("p" in first.flags) == ("postal_code" in changed)
