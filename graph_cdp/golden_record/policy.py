"""The rules of survivorship as data: our choice, and how others are declared in YAML (`survivorship.schema.json`)."""

import json
from collections.abc import Mapping
from importlib.resources import files
from typing import Any, cast

from graph_cdp.declarations import Kind, read_declaration
from graph_cdp.errors import Invalid
from graph_cdp.golden_record.model import FieldRule, RuleName, Survivorship

MOST_TRUSTED = FieldRule(rule="most_trusted_source")
VERIFIED = FieldRule(verified=True)

DEFAULT_SURVIVORSHIP = Survivorship(
    fields={
        **dict.fromkeys(("title", "first_name", "last_name", "name"), MOST_TRUSTED),
        "birth_date": FieldRule(rule="most_trusted_source", verified=True),
        "gender": FieldRule(rule="most_frequent"),
        **dict.fromkeys(("email", "email_2", "phone", "phone_2"), VERIFIED),
        "description": FieldRule(rule="longest"),
    },
)
"""For a retailer of several channels: people type nicknames into web forms and clerks mistype what they hear, so the
names come from the source that is trusted most; a date of birth from whoever checked it; a contact point that answered
beats a newer one that never did; of a gender, a slip of the pen is outvoted; where people live, work and what they
read changes, so the newest statement counts. While all sources are trusted alike, the newest name survives."""


class BadSurvivorship(Invalid):
    """Survivorship that does not say which rule a field follows."""

    code = "INVALID_SURVIVORSHIP"


SURVIVORSHIP = Kind(
    what="survivorship",
    error=BadSurvivorship,
    schema=json.loads(
        files("graph_cdp.golden_record").joinpath("survivorship.schema.json").read_text("utf-8")
    ),
    hints={
        "anyOf": "a rule is most_recent, most_trusted_source, most_frequent, longest, verified, "
        "or {rule: verified, otherwise: one of the first four}",
    },
)


def parse_survivorship(text: str) -> Survivorship:
    """The rules that a YAML text declares.

    Raises:
        BadSurvivorship: it is no YAML, or does not fit the schema; the message names the place.
    """
    return build_survivorship(read_declaration(text, SURVIVORSHIP))


def build_survivorship(declared: Mapping[str, Any]) -> Survivorship:
    """The rules of a declaration that fits the schema; `DEFAULT_SURVIVORSHIP` where it is empty."""
    if not declared:
        return DEFAULT_SURVIVORSHIP
    return Survivorship(
        default=_rule(declared.get("default", "most_recent")),
        fields={name: _rule(rule) for name, rule in declared.get("fields", {}).items()},
    )


def _rule(declared: str | Mapping[str, str]) -> FieldRule:
    if isinstance(declared, str):
        return VERIFIED if declared == "verified" else FieldRule(rule=cast("RuleName", declared))
    return FieldRule(rule=cast("RuleName", declared["otherwise"]), verified=True)
