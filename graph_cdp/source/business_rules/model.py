"""What is declared of sources: how much they are trusted, how they write, and what is asked of what they say."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from graph_cdp.source.business_rules.patterns import Pattern

SourceKind = Literal[
    "web", "app", "crm", "pos", "ecommerce", "social", "survey", "contest", "call_center", "partner"
]
Party = Literal["first", "second", "third"]
Verification = Literal["always", "stated"]
"""`always`: the source has verified every value that it states; `stated`: where a message says so (`email_verified`)."""


@dataclass(frozen=True, slots=True)
class Required:
    """The field must be there, in a row or an identify message: other messages need not say who somebody is."""


@dataclass(frozen=True, slots=True)
class Fits:
    """The whole value is as the pattern says."""

    pattern: Pattern


@dataclass(frozen=True, slots=True, kw_only=True)
class Within:
    """The value lies between the two, both included: numbers, or dates as YYYY-MM-DD. None is no bound."""

    least: str | None = None
    most: str | None = None


@dataclass(frozen=True, slots=True)
class OneOf:
    """The value is one of these, letter by letter."""

    values: frozenset[str]


Demand: TypeAlias = Required | Fits | Within | OneOf


@dataclass(frozen=True, slots=True, kw_only=True)
class Repair:
    """What stands in place of a value that breaks a rule: what `values` has for it, else `value`; None leaves it out."""

    values: Mapping[str, str] = field(default_factory=dict[str, str])
    value: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """A demand on one field, and what becomes of a message that does not meet it."""

    name: str
    field: str
    demand: Demand
    otherwise: Literal["reject", "flag"] | Repair


@dataclass(frozen=True, slots=True, kw_only=True)
class SplitName:
    """First and last name from `name`, where neither is there and the parts are certain."""

    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CountryOfPhone:
    """The country, where it is not there, from the country code of the phone."""

    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Constant:
    """A value for a field that is not there."""

    name: str
    field: str
    value: str


Rule: TypeAlias = Check | SplitName | CountryOfPhone | Constant


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceRules:
    """How a source writes, and what is asked of it. Rules apply in their order.

    `region`: where its phones are dialled and its dates written (ISO 3166-1 alpha-2), None where the door says;
    `region_by_country`: a record that names its country is read as written there. `date_formats`: how it writes
    birth dates, as `strptime` has it, tried in order; `verified`: the traits whose values count as verified.
    """

    region: str | None = None
    region_by_country: bool = False
    date_formats: tuple[str, ...] = ()
    verified: Mapping[str, Verification] = field(default_factory=dict[str, Verification])
    rules: tuple[Rule, ...] = ()


NO_RULES = SourceRules()


@dataclass(frozen=True, slots=True, kw_only=True)
class OrgUnit:
    """A brand, region, franchise or store, and the unit above it."""

    id: str
    name: str
    part_of: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclaredSource:
    """What is declared of one source. `trust`, 0 to 100, decides between its values and those of others."""

    name: str
    kind: SourceKind | None = None
    party: Party | None = None
    trust: int = 0
    belongs_to: str | None = None
    rules: SourceRules = NO_RULES


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclaredSources:
    """All that is declared of sources, and the network of units that they belong to."""

    sources: Mapping[str, DeclaredSource] = field(default_factory=dict[str, DeclaredSource])
    org_units: tuple[OrgUnit, ...] = ()

    def rules(self, source: str) -> SourceRules:
        """The rules of a source; none where nothing is declared of it."""
        declared = self.sources.get(source)
        return declared.rules if declared else NO_RULES
