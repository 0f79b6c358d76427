"""How often values are said: part of what is learned, so that a pair weighs the same whatever else is at hand.

Only values that several records say are kept by name, for what hardly anybody is called would tell who is in the data.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from graph_cdp.matching.linkage.columns import Column

FREQUENCY_KINDS = frozenset({"given_name", "surname", "text"})
"""Kinds of fields of which a rare value says more than a common one."""

RECORDS_MIN = 5
"""Values that fewer records say are not kept by name, but share what is left in equal parts."""

VALUES_MAX = 20_000
"""Of a field, the values that are kept by name: the most frequent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Frequencies:
    """Of a field, the share of the records that say a value; `rest` is that of any value which is not in `shares`."""

    shares: Mapping[str, float]
    rest: float

    def of_values(self, values: Sequence[str]) -> NDArray[np.float64]:
        """The share of each of these values."""
        return np.array([self.shares.get(value, self.rest) for value in values], dtype=np.float64)


def count_frequencies(columns: Sequence[Column]) -> dict[str, Frequencies]:
    """How often the values of the fields are said for which that matters."""
    return {
        column.field.name: _frequencies(column) for column in columns if column.field.kind in FREQUENCY_KINDS
    }


def _frequencies(column: Column) -> Frequencies:
    counts: list[int] = column.counts().tolist()
    frequent = [one for one in zip(column.values, counts, strict=True) if one[1] >= RECORDS_MIN]
    named = sorted(frequent, key=lambda one: (-one[1], one[0]))[:VALUES_MAX]
    said, others = sum(counts), len(counts) - len(named)
    left = said - sum(records for _, records in named)
    return Frequencies(
        shares={value: records / said for value, records in named},
        rest=(left / others if others else 1) / said,
    )
