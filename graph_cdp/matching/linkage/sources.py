"""Which sources have nobody twice: found in the data, not only declared.

Two records that agree in given name, surname and birth are one person, or a coincidence. Of a source that has nobody twice, pairs
within it agree as seldom as chance has it, though its records agree with those of other sources often. What is so found makes
any model better: half of the pairs of two such sources cannot be one person, and a record has one partner there at most.
"""

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from graph_cdp.matching.linkage.cells import encode
from graph_cdp.matching.linkage.columns import Codes, Column

PAIRS_ACROSS_MIN, ACROSS_FOR_ONE_WITHIN = 50, 10
"""Agreeing pairs with other sources that a source needs before it is judged, in all and for each pair within it."""

CHANCE_MAX, PAIRS_WITHIN_MAX = 1.5, 3
"""How many times as many pairs as chance has it may agree within the source, and how many more: families repeat names."""

NAMES, BIRTHS = ("given_name", "surname"), ("birth_date", "birth_year")


@dataclass(frozen=True, slots=True, kw_only=True)
class Possible:
    """How many pairs of records may be one person, and how many of them are at most: between two sources that have nobody twice, no
    more than the smaller has records.
    """

    pairs: float
    matches_max: float


def telling(columns: Container[str]) -> tuple[str, ...]:
    """The fields by which sources without duplicates are found; none where names or birth are unknown."""
    born = next((name for name in BIRTHS if name in columns), None)
    known = born is not None and all(name in columns for name in NAMES)
    return (*NAMES, born) if born is not None and known else ()


def find_duplicate_free(
    columns: Mapping[str, Column], agreeing: tuple[Codes, Codes], sources: Sequence[str | None]
) -> frozenset[str]:
    """The sources in which nobody seems to be twice, by the pairs of records that agree in all fields that are `telling`; none where there
    are no such fields, or there is one source.
    """
    fields = telling(columns)
    if not fields:
        return frozenset()
    named, codes = _coded(sources)
    left, right = codes[agreeing[0]], codes[agreeing[1]]
    count = len(named)
    within = np.bincount(left[left == right], minlength=count)
    differ = left != right
    across = np.bincount(left[differ], minlength=count) + np.bincount(right[differ], minlength=count)
    chance = np.array(
        [_by_chance([columns[name] for name in fields], codes == source) for source in range(count)]
    )
    free = (across >= PAIRS_ACROSS_MIN) & (across >= ACROSS_FOR_ONE_WITHIN * within)
    free &= within <= CHANCE_MAX * chance + PAIRS_WITHIN_MAX
    return frozenset(named[source] for source in np.flatnonzero(free).tolist())


def may_be_one(
    pairs: tuple[Codes, Codes], sources: Sequence[str | None], free: frozenset[str]
) -> NDArray[np.bool_]:
    """The pairs that are not of one source in which nobody is twice."""
    if not free:
        return np.ones(len(pairs[0]), dtype=np.bool_)
    named, codes = _coded(sources)
    is_free = np.array([name in free for name in named], dtype=np.bool_)
    left, right = codes[pairs[0]], codes[pairs[1]]
    return ~((left == right) & is_free[left])


def of_two_free(
    pairs: tuple[Codes, Codes], sources: Sequence[str | None], free: frozenset[str]
) -> NDArray[np.bool_]:
    """The pairs of two sources in each of which nobody is twice."""
    if not free:
        return np.zeros(len(pairs[0]), dtype=np.bool_)
    named, codes = _coded(sources)
    is_free = np.array([name in free for name in named], dtype=np.bool_)
    return is_free[codes[pairs[0]]] & is_free[codes[pairs[1]]]


def count_possible(sources: Sequence[str | None], free: frozenset[str]) -> Possible:
    """How many pairs may be one person, where these sources have nobody twice."""
    named, codes = _coded(sources)
    counts = np.bincount(codes, minlength=len(named))
    is_free = np.array([name in free for name in named], dtype=np.bool_)
    sizes = counts.astype(np.float64)
    records = sizes.sum()
    pairs = float(records * (records - 1) / 2 - (sizes * (sizes - 1) / 2)[is_free].sum())
    if not is_free.all():
        return Possible(pairs=pairs, matches_max=pairs)
    smaller = np.sort(sizes)[::-1] * np.arange(len(sizes))
    return Possible(pairs=pairs, matches_max=min(pairs, float(smaller.sum())))


def _coded(sources: Sequence[str | None]) -> tuple[Sequence[str], NDArray[np.signedinteger]]:
    """Each source once, and which of them each record is of."""
    cells = encode(sources)
    return cells.values, cells.codes


def _by_chance(columns: Sequence[Column], of_source: NDArray[np.bool_]) -> float:
    """How many pairs of a source would say the same in all columns if these were independent."""
    records = float(np.count_nonzero(of_source))
    expected = records * (records - 1) / 2
    for column in columns:
        said = column.codes[of_source & (column.codes >= 0)]
        counts = np.bincount(said).astype(np.float64)
        expected *= (counts * (counts - 1)).sum() / max(1.0, records * (records - 1))
    return expected
