"""Matching the records of the graph: what they say as a table, and how the matches found differ from those that stand. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from graph_cdp.bulk.files import Table
from graph_cdp.bulk.match import Matched
from graph_cdp.ids import RecordKey

FIELD_OF_TRAIT: Mapping[str, str] = {
    "first_name": "given_name",
    "last_name": "surname",
    "birth_date": "birth_date",
    "gender": "gender",
    "email": "email",
    "phone": "phone",
    "street": "address",
    "city": "city",
    "postal_code": "postal_code",
}
"""The fields of matching that traits are."""

KINDS_COMPARED = ("loyalty_card", "national_id")
"""Kinds of identifiers that are compared as fields: one wrong digit does not make another person."""

FIELDS_MIN = 2
"""A record that says less than this of its person matches nobody: a cookie, an e-mail alone."""


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
    """A record as matching sees it, with the matches that stand at it."""

    key: RecordKey
    source: str
    said: Mapping[str, str]
    matches: Mapping[Pair, Strength]


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """What must change for the graph to hold the matches that were found."""

    written: Mapping[Pair, Strength]
    deleted: Sequence[Pair]


def as_table(records: Iterable[MatchableRecord]) -> Table:
    """The records that say enough, as a file of them would be."""
    some = [record for record in records if len(record.said) >= FIELDS_MIN]
    fields = sorted({name for record in some for name in record.said})
    columns: dict[str, list[str | None]] = {
        "record_id": [record.key for record in some],
        "source": [record.source for record in some],
    }
    return Table(name="graph", columns=columns | {name: [r.said.get(name) for r in some] for name in fields})


def found_matches(matched: Matched) -> dict[Pair, Strength]:
    """The matches that were found, by pair."""
    keys = [RecordKey(id_) for id_ in matched.records.ids]
    return {
        Pair(*sorted((keys[edge.left], keys[edge.right]))): Strength(edge.weight, edge.probability)
        for edge in matched.edges
    }


def difference(standing: Mapping[Pair, Strength], found: Mapping[Pair, Strength]) -> Difference:
    """What differs between the matches that stand and those that were found, in the order of pairs."""
    return Difference(
        written={pair: found[pair] for pair in sorted(found) if standing.get(pair) != found[pair]},
        deleted=sorted(standing.keys() - found.keys()),
    )
