"""What is known to belong together in the demo's data, and how well the graph found it. Pure.

FEBRL names its records `rec-<number>-org` and `rec-<number>-dup-0`: one number, one person. Nothing that is
loaded tells the graph so; the record ids of the two sources never meet.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations

_NUMBER = re.compile(r"rec-(\d+)-(?:org|dup-\d+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkQuality:
    """Pairs of records that are one person: how many the graph made, how many exist, how many are both."""

    found: int
    true: int
    right: int

    @property
    def precision(self) -> float:
        """The share of the pairs found that are right; 1 where none was found, for then none is wrong."""
        return self.right / self.found if self.found else 1.0

    @property
    def recall(self) -> float:
        """The share of the true pairs that were found; 1 where there are none to find."""
        return self.right / self.true if self.true else 1.0


def person_number(row_id: str) -> str:
    """The number that FEBRL gives a person: `123` of `rec-123-org` and `rec-123-dup-0`."""
    found = _NUMBER.fullmatch(row_id)
    if found is None:
        raise ValueError("a FEBRL record is named rec-<number>-org or rec-<number>-dup-<number>")
    return found[1]


def measure_links(person_of_row: Mapping[str, str]) -> LinkQuality:
    """How well the people of the graph are FEBRL's: `person_of_row` says to which person each row resolves.

    Every pair of rows counts, those of one source too: there, no two rows are one person.
    """
    return measure_pairs(person_of_row, {row_id: person_number(row_id) for row_id in person_of_row})


def measure_pairs(person_of: Mapping[str, str], human_of: Mapping[str, str]) -> LinkQuality:
    """How well the people of the graph are the humans: both say, of the same records, to whom each belongs."""
    found, true = _pairs(person_of.items()), _pairs(human_of.items())
    return LinkQuality(found=len(found), true=len(true), right=len(found & true))


def _pairs(grouped: Iterable[tuple[str, str]]) -> set[tuple[str, str]]:
    """Every pair of rows that share a group."""
    rows_of: dict[str, list[str]] = defaultdict(list)
    for row_id, group in grouped:
        rows_of[group].append(row_id)
    return {pair for rows in rows_of.values() for pair in combinations(sorted(rows), 2)}
