"""A record as matching sees it, what two records are to each other, and how matches found differ from those that stand."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeAlias

from graph_cdp.ids import MatchKey, RecordKey
from graph_cdp.matching.full_names import NAME_TRAITS, names_of

FIELD_OF_TRAIT: Mapping[str, str] = {
    "birth_date": "birth_date",
    "gender": "gender",
    "email": "email",
    "phone": "phone",
    "street": "address",
    "city": "city",
    "postal_code": "postal_code",
}
"""The fields of matching that traits are, beside names."""

KINDS_COMPARED = ("loyalty_card", "national_id")
"""Kinds of identifiers that are compared as fields: one wrong digit does not make another person."""

FIELDS_MIN = 2
"""A record that says less than this of its person matches nobody: a cookie, an e-mail alone."""

KeyChanges: TypeAlias = Mapping[RecordKey, tuple[frozenset[MatchKey], frozenset[MatchKey]]]
"""Of each record the match keys that are gone, and those that are new."""


class Pair(NamedTuple):
    """Two records, the lower key first."""

    left: RecordKey
    right: RecordKey


class Strength(NamedTuple):
    """How strongly two records match."""

    weight: float
    probability: float


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchableRecord:
    """A record as matching sees it, with matches that stand at it and the match keys that it has; `is_unmatched`: it waits to be
    compared.
    """

    key: RecordKey
    source: str
    said: Mapping[str, str]
    matches: Mapping[Pair, Strength]
    match_keys: frozenset[MatchKey] = frozenset()
    is_unmatched: bool = False

    @property
    def says_enough(self) -> bool:
        """Whether it says enough of its person to be compared."""
        return len(self.said) >= FIELDS_MIN


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """What must change for the graph to hold the matches that were found."""

    written: Mapping[Pair, Strength]
    deleted: Sequence[Pair]


def pair_of(one: RecordKey, other: RecordKey) -> Pair:
    """Two records, in the order of their keys."""
    return Pair(one, other) if one < other else Pair(other, one)


def said_of(traits: Mapping[str, Any], identifiers: Iterable[tuple[str, str]]) -> dict[str, str]:
    """What a record says by field of matching, from its traits and its (kind, value) identifiers; of a kind the highest value. A whole name is
    parted where no other is said.
    """
    said = {field: str(traits[trait]) for trait, field in FIELD_OF_TRAIT.items() if trait in traits}
    names = names_of(*map(traits.get, NAME_TRAITS))
    said |= {field: name for field, name in zip(("given_name", "surname"), names, strict=True) if name}
    return said | {kind: value for kind, value in sorted(identifiers) if kind in KINDS_COMPARED}


def difference(standing: Mapping[Pair, Strength], found: Mapping[Pair, Strength]) -> Difference:
    """What differs between the matches that stand and those that were found, in the order of pairs."""
    return Difference(
        written={pair: found[pair] for pair in sorted(found) if standing.get(pair) != found[pair]},
        deleted=sorted(standing.keys() - found.keys()),
    )
