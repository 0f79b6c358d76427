"""Patterns: the levels of a pair in all fields, as one number. Millions of pairs have some thousands of patterns.

What depends on levels only is worked out once a pattern: training, and most of a weight. Numbers ascend as the levels do, field by field.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from graph_cdp.errors import Invalid
from graph_cdp.matching.linkage.columns import Column
from graph_cdp.matching.linkage.comparisons import COMPARISONS, UNKNOWN, Levels

Numbers = NDArray[np.int64]

TABLE_MAX = 1 << 21
"""Patterns that may be counted and looked up by their number: a table of 16 MB. With more possible ones, they are sorted."""

POSSIBLE_MAX = 1 << 62


class TooManyFields(Invalid):
    """More fields are compared than a pattern has room for."""

    code = "TOO_MANY_FIELDS"


@dataclass(frozen=True, slots=True, kw_only=True)
class Patterns:
    """The numbers of patterns: `sizes` are how many levels each field has, UNKNOWN among them."""

    sizes: Mapping[str, int]

    @property
    def possible(self) -> int:
        """How many patterns there may be."""
        possible = 1
        for size in self.sizes.values():
            possible *= size
        return possible

    def of(self, levels: Mapping[str, Levels]) -> Numbers:
        """The pattern of each pair."""
        first, *rest = self.sizes
        pattern = levels[first].astype(np.int64) - UNKNOWN
        for name in rest:
            pattern *= self.sizes[name]
            pattern += levels[name] - UNKNOWN
        return pattern

    def levels(self, patterns: Numbers) -> dict[str, Levels]:
        """The levels in each field of pairs with these patterns."""
        found: dict[str, Levels] = {}
        for name, size in reversed(list(self.sizes.items())):
            patterns, level = np.divmod(patterns, size)
            found[name] = (level + UNKNOWN).astype(np.int8)
        return {name: found[name] for name in self.sizes}


def patterns_of(columns: Sequence[Column]) -> Patterns:
    """The patterns that pairs of records with these columns may have.

    Raises:
        TooManyFields: a number has no room for them.
    """
    found = Patterns(
        sizes={column.field.name: len(COMPARISONS[column.field.kind].levels) + 1 for column in columns}
    )
    if found.possible > POSSIBLE_MAX:
        raise TooManyFields(
            f"{len(columns)} columns are too many to compare at once: have some ignored (columns in the policy)."
        )
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """The patterns that there are, ascending, how many pairs have each, and their levels."""

    numbers: Numbers
    pairs: Numbers
    levels: Mapping[str, Numbers]
    places: NDArray[np.int32] | None

    def place(self, patterns: Numbers) -> NDArray[np.signedinteger]:
        """Where each of these patterns is in `numbers`; all of them are."""
        return np.searchsorted(self.numbers, patterns) if self.places is None else self.places[patterns]

    def having(self, field: str, level: int) -> int:
        """How many pairs have this level of a field."""
        return int(self.pairs[self.levels[field] == level].sum())


class Counter:
    """Counts patterns as they come."""

    def __init__(self, patterns: Patterns) -> None:
        self._patterns = patterns
        few = patterns.possible <= TABLE_MAX
        self._table = np.zeros(patterns.possible, dtype=np.int64) if few else None
        self._parts: list[tuple[Numbers, Numbers]] = []

    def add(self, patterns: Numbers) -> None:
        """Count these, too."""
        if self._table is not None:
            self._table += np.bincount(patterns, minlength=len(self._table))
        else:
            self._parts.append(np.unique(patterns, return_counts=True))

    def counted(self) -> Counted:
        """What was counted."""
        if self._table is not None:
            numbers = np.flatnonzero(self._table)
            pairs = self._table[numbers]
        else:
            together = np.concatenate([np.empty(0, dtype=np.int64), *(part for part, _ in self._parts)])
            numbers, back = np.unique(together, return_inverse=True)
            pairs = np.zeros(len(numbers), dtype=np.int64)
            np.add.at(pairs, back, np.concatenate([back[:0], *(counts for _, counts in self._parts)]))
        places = None
        if self._table is not None:
            places = np.zeros(len(self._table), dtype=np.int32)
            places[numbers] = np.arange(len(numbers), dtype=np.int32)
        levels = {name: level.astype(np.int64) for name, level in self._patterns.levels(numbers).items()}
        return Counted(numbers=numbers, pairs=pairs, levels=levels, places=places)
