"""Town, postal code and street say nearly the same: counted as if each were news, two strangers of one village are one person.

Fellegi and Sunter assume that fields agree independently, for one person and for two. Of fields that say where somebody lives
neither holds: strangers with one postal code share the town, too, and whoever moved differs in all three. So their weights are
corrected along a tree of the strongest dependences (Chow & Liu 1968): for strangers it is counted exactly from the values, for
one person it is learned with m. How strong a dependence is, is its mutual information, not how much a rare agreement foretells: an
address foretells its town and its postal code, but of records without one these two must count against each other.
"""

from collections.abc import Mapping, Sequence
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from graph_cdp.matching.linkage.columns import Column
from graph_cdp.matching.linkage.comparisons import COMPARISONS, UNKNOWN
from graph_cdp.matching.linkage.fields import Kind

Lift = NDArray[np.float64]
"""log2 of how much oftener two fields (dis)agree together than they would independently: at 2 * (one agrees) + (other agrees)."""

DEPENDENT: frozenset[Kind] = frozenset({"text", "postal_code"})
"""Where somebody lives, and columns of unknown meaning: of a parish and a birthplace the one foretells the other, too."""

Cells = NDArray[np.float64]
"""How many pairs of records (dis)agree in two fields, in the order of a Lift."""

LevelsOfPairs = NDArray[np.int8] | NDArray[np.int64]

BITS_MAX = 10.0
USUAL_PAIRS = 20.0
"""How many pairs independence counts for."""


def dependences(columns: Sequence[Column]) -> dict[tuple[str, str], Cells]:
    """The pairs of fields that a tree of the strongest dependences keeps: how many pairs of records are in each cell."""
    places = [column for column in columns if column.field.kind in DEPENDENT]
    found = {(a.field.name, b.field.name): _count(a, b) for a, b in combinations(places, 2)}
    tree: dict[tuple[str, str], Cells] = {}
    part_of = {column.field.name: column.field.name for column in places}
    for (one, other), cells in sorted(found.items(), key=lambda item: (-_shared(item[1]), item[0])):
        if part_of[one] != part_of[other]:
            tree[one, other] = cells
            joined = part_of[other]
            part_of = {name: part_of[one] if part == joined else part for name, part in part_of.items()}
    return tree


def _count(one: Column, other: Column) -> Cells:
    both = (one.codes >= 0) & (other.codes >= 0)
    a, b = one.codes[both], other.codes[both]
    pairs = len(a) * (len(a) - 1.0) / 2
    first, second, together = _equal(a), _equal(b), _equal(a * len(other.values) + b)
    return np.array([pairs - first - second + together, second - together, first - together, together])


def _equal(codes: NDArray[np.int64]) -> float:
    """How many pairs of records say the same."""
    counts = np.unique(codes, return_counts=True)[1].astype(np.float64)
    return float((counts * (counts - 1)).sum() / 2)


def of_strangers(tree: Mapping[tuple[str, str], Cells]) -> dict[tuple[str, str], Lift]:
    """The correction of each pair of fields before anything is learned: as if all pairs were of strangers."""
    return {pair: _correction(np.zeros(4), _lift(cells)) for pair, cells in tree.items()}


def learned(
    tree: Mapping[tuple[str, str], Cells], levels: Mapping[str, LevelsOfPairs], posterior: NDArray[np.float64]
) -> dict[tuple[str, str], Lift]:
    """The correction of each pair of fields, in bits: the lift for one person, learned from these pairs, less that for all others."""
    corrections: dict[tuple[str, str], Lift] = {}
    for (one, other), cells_of_all in tree.items():
        cells, known = _cells(one, other, levels)
        counts = np.bincount(cells[known], weights=posterior[known], minlength=4)
        rows, columns = counts.reshape(2, 2).sum(axis=1), counts.reshape(2, 2).sum(axis=0)
        independent = np.outer(rows, columns).ravel() / max(counts.sum() ** 2, 1e-12)
        of_one = _lift(counts + USUAL_PAIRS * independent)
        corrections[one, other] = _correction(of_one, _lift(np.maximum(cells_of_all - counts, 0)))
    return corrections


def _correction(of_one: Lift, of_others: Lift) -> Lift:
    """Less for what strangers agree in together, more for what one person differs in together; no field is news against another."""
    return np.array([max(of_one[0], 0.0), 0.0, 0.0, -max(of_others[3], 0.0)])


def bits(
    corrections: Mapping[tuple[str, str], Lift], levels: Mapping[str, LevelsOfPairs]
) -> NDArray[np.float64] | float:
    """What the corrections add to each pair, in the order of fields."""
    total: NDArray[np.float64] | float = 0.0
    for (one, other), correction in sorted(corrections.items()):
        if one not in levels or other not in levels:  # learned from files that had more fields
            continue
        cells, known = _cells(one, other, levels)
        total = total + np.where(known, correction[cells], 0.0)
    return total


def _cells(
    one: str, other: str, levels: Mapping[str, LevelsOfPairs]
) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    first, second = levels[one], levels[other]
    cells = 2 * _agrees(one, first).astype(np.int64) + _agrees(other, second)
    return cells, (first != UNKNOWN) & (second != UNKNOWN)


def _agrees(name: str, levels: LevelsOfPairs) -> NDArray[np.bool_]:
    """Equal, or so near that it is the same."""
    kind = "postal_code" if name.startswith("postal_code") else "text"
    return levels >= len(COMPARISONS[kind].levels) - 2


def _shared(cells: Cells) -> float:
    """How much two fields say of each other: their mutual information, in bits a pair."""
    return float(np.maximum(cells, 0) @ _lift(cells)) / max(float(cells.sum()), 1e-12)


def _lift(cells: Lift) -> Lift:
    share = np.maximum(cells, 0) / max(cells.sum(), 1e-12)
    rows, columns = share.reshape(2, 2).sum(axis=1), share.reshape(2, 2).sum(axis=0)
    independent = np.maximum(np.outer(rows, columns).ravel(), 1e-12)
    return np.clip(np.log2(np.maximum(share, 1e-12) / independent), -BITS_MAX, BITS_MAX)
