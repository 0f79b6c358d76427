"""Columns of one meaning: of a customer's two phones either may stand in either column, so each is compared with both of another's."""

from collections.abc import Mapping
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from graph_cdp.matching.linkage.blocks import Listed, listed
from graph_cdp.matching.linkage.cells import NOTHING
from graph_cdp.matching.linkage.columns import Codes, Column, numbered_as
from graph_cdp.matching.linkage.fields import Kind

CROSSED_KINDS = frozenset({"identifier", "device"})


def of_one_meaning(columns: Mapping[str, Column]) -> list[tuple[Column, Column]]:
    """All pairs of columns that mean the same: `phone` and `phone 2`."""
    some = [column for column in columns.values() if column.field.kind in CROSSED_KINDS]
    both = combinations(sorted(some, key=lambda column: column.field.name), 2)
    return [(one, other) for one, other in both if one.field.meaning == other.field.meaning]


def find_crossed(columns: Mapping[str, Column]) -> list["Crossed"]:
    """The same, ready to be compared across."""
    return [Crossed(one, other) for one, other in of_one_meaning(columns)]


class Crossed:
    """Two columns of one meaning, with the values of both as numbers of the same."""

    def __init__(self, one: Column, other: Column) -> None:
        self.names = (one.field.name, other.field.name)
        self.kind: Kind = one.field.kind
        self._one = one.codes
        self._other = numbered_as(other, one)
        self._values = len(one.values) + len(other.values)

    def settle(self, left: Codes, right: Codes, levels: Mapping[str, NDArray[np.int8]], equal: int) -> None:
        """Of pairs that are equal in neither column but across them, put the level `equal` in the place of the first; the second has
        that of what is left to be compared: `equal`, 0, or -1 where one side says no more.
        """
        first, second = (levels[name] for name in self.names)
        a, b, c, d = (codes.take(side) for side in (left, right) for codes in (self._one, self._other))
        one_way, other_way = (a == d) & (a != NOTHING), (b == c) & (b != NOTHING)
        some = np.flatnonzero((one_way | other_way) & (first != equal) & (second != equal))
        left_over = np.where(one_way, np.minimum(b, c), np.minimum(a, d)).take(some)
        first[some] = equal
        second[some] = np.where((one_way & other_way).take(some), equal, np.minimum(left_over, 0))

    def pairs(self, records_max: int) -> tuple[Listed, NDArray[np.int64]]:
        """The pairs of records of which one says in the one column what the other says in the other; and how many records say each value
        that more than `records_max` say, whose pairs are left out.
        """
        counts = [
            np.bincount(codes[codes != NOTHING], minlength=self._values) for codes in (self._one, self._other)
        ]
        crossing = (counts[0] > 0) & (counts[1] > 0)
        wanted = crossing & (counts[0] + counts[1] <= records_max)
        some, others = (_of_values(codes, wanted) for codes in (self._one, self._other))
        value = self._one[some]
        starts = np.cumsum(np.where(wanted, counts[1], 0)) - counts[1]
        repeats = counts[1][value]
        places = np.repeat(starts[value] - (np.cumsum(repeats) - repeats), repeats) + np.arange(
            int(repeats.sum())
        )
        return listed(np.repeat(some, repeats), others[places]), (counts[0] + counts[1])[crossing & ~wanted]


def _of_values(codes: Codes, wanted: NDArray[np.bool_]) -> Codes:
    """The records that say one of these values, value by value."""
    some = np.flatnonzero(np.append(wanted, False)[codes])
    return some[np.argsort(codes[some], kind="stable")]
