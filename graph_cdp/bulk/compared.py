"""Comparing all pairs that any rule brings, a range of records after the other, so that memory holds a few ranges at a time."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from graph_cdp.bulk.cores import on_all_cores
from graph_cdp.bulk.pairs import PAIRS_AT_ONCE, PairFile, Pairs, all_of
from graph_cdp.matching.linkage.blocks import Blocks, Listed, Partners
from graph_cdp.matching.linkage.ceilings import Ceiling
from graph_cdp.matching.linkage.columns import Codes, Column
from graph_cdp.matching.linkage.comparisons import COMPARISONS, Comparers
from graph_cdp.matching.linkage.patterns import Counted, Counter, Patterns, patterns_of
from graph_cdp.matching.linkage.sources import telling
from graph_cdp.matching.linkage.training import Model

Range = tuple[int, tuple[int, int]]

Wanted = tuple[Model, float]
"""By what is judged which pairs are worth comparing, and how probable they must be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """The pairs that were worth comparing with their patterns, how many have each, and the pairs that agree in names and birth, by which sources without
    duplicates are found.
    """

    pairs: PairFile
    patterns: Patterns
    counted: Counted
    agreeing: tuple[Codes, Codes]

    def only(self, kept: Callable[[Pairs], NDArray[np.bool_]]) -> "Compared":
        """Some of the pairs."""
        pairs, counter = PairFile(self.patterns.possible), Counter(self.patterns)
        for number, part in enumerate(self.pairs.parts()):
            some = part.only(kept(part))
            pairs.write(number, some)
            counter.add(some.patterns)
        return Compared(
            pairs=pairs, patterns=self.patterns, counted=counter.counted(), agreeing=self.agreeing
        )


def compare_pairs(
    columns: Mapping[str, Column], blocks: Sequence[Blocks | Listed], wanted: Wanted | None = None
) -> Compared:
    """All pairs of these blocks, each compared once; where something is wanted, those that may be it."""
    partners = Partners(blocks, len(next(iter(columns.values())).codes))
    patterns = patterns_of(list(columns.values()))
    comparers = Comparers(columns, sum(one.pairs for one in blocks), on_all_cores)
    ceiling = Ceiling(columns, *wanted) if wanted else None
    fields = telling(columns)
    pairs, counter, agreeing = PairFile(patterns.possible), Counter(patterns), list[Pairs]()

    def compare(item: Range) -> tuple[Pairs, NDArray[np.bool_]]:
        number, (start, stop) = item
        left, right = partners.pairs(start, stop)
        levels = comparers.glance(left, right)
        if ceiling:
            some = ceiling.places(left, levels)
            left, right = left.take(some), right.take(some)
            levels = {name: of_field.take(some) for name, of_field in levels.items()}
        comparers.grade(left, right, levels)
        found = Pairs(left=left, right=right, patterns=patterns.of(levels))
        pairs.write(number, found)
        agree = np.full(len(left), bool(fields))
        for name in fields:
            agree &= levels[name] == COMPARISONS[columns[name].field.kind].highest
        return found, agree

    for found, agree in on_all_cores(compare, enumerate(partners.ranges(PAIRS_AT_ONCE))):
        counter.add(found.patterns)
        agreeing.append(found.only(agree))
    of_all = all_of(agreeing)
    return Compared(
        pairs=pairs, patterns=patterns, counted=counter.counted(), agreeing=(of_all.left, of_all.right)
    )
