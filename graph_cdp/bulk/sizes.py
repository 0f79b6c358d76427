"""How many people have how many records, as a human reads it: one by one as long as they are few, then in ranges."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Mapping

ALONE_MAX = 10
"""Numbers of records up to this have a row each."""


def in_ranges(sizes: Mapping[int, int]) -> dict[str, int]:
    """How many people have each number of records, or one of a range, in order: `3`, `11-20`, `21-50`, `51-100`; none where nobody has."""
    bounds = [*range(1, ALONE_MAX + 1)]
    while bounds[-1] < max(sizes, default=0):
        bounds += [2 * bounds[-1], 5 * bounds[-1], 10 * bounds[-1]]
    found: Counter[int] = Counter()
    for size, people in sizes.items():
        found[bisect_left(bounds, size)] += people
    return {_name(bounds, place): found[place] for place in sorted(found)}


def _name(bounds: list[int], place: int) -> str:
    last = bounds[place]
    return f"{last:,}" if last <= ALONE_MAX else f"{bounds[place - 1] + 1:,}-{last:,}"
