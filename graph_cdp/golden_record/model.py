"""What survivorship is about: the rule of each field, what records state, and the values that survive."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from graph_cdp.ids import Millis, RecordId, RecordKey
from graph_cdp.source.rules import TraitValue

RuleName = Literal["most_recent", "most_trusted_source", "most_frequent", "longest"]
"""By what the statements of a field are ranked: when it was stated, how much its source is trusted, by how many
records, in how many characters."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldRule:
    """How the value of a field survives: by `rule`; where `verified`, among the values that their records say are
    verified, if there are any.
    """

    rule: RuleName = "most_recent"
    verified: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Survivorship:
    """The rule of each field; `default` is that of a field which is not in `fields`."""

    default: FieldRule = field(default_factory=FieldRule)
    fields: Mapping[str, FieldRule] = field(default_factory=dict[str, FieldRule])

    def rule(self, name: str) -> FieldRule:
        """The rule of a field."""
        return self.fields.get(name, self.default)


@dataclass(frozen=True, slots=True, kw_only=True)
class StatingRecord:
    """A source record as survivorship sees it: what it states, and how much its source is trusted (0 is least)."""

    key: RecordKey
    id: RecordId
    trust: int
    traits: Mapping[str, TraitValue]


@dataclass(frozen=True, slots=True, kw_only=True)
class Survivor:
    """The value of a field, the record that it came from, and when that record's source stated it."""

    value: str
    record_id: RecordId
    at: Millis
