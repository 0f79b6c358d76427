"""All pairs that were compared, with what each weighs: worked out once a pattern, and again for whoever asks."""

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from graph_cdp.bulk.compared import Compared
from graph_cdp.bulk.cores import on_all_cores
from graph_cdp.bulk.pairs import Pairs, all_of
from graph_cdp.matching.linkage.clustering import Edges, joined
from graph_cdp.matching.linkage.columns import Codes, Column
from graph_cdp.matching.linkage.comparisons import COMPARISONS, Levels
from graph_cdp.matching.linkage.edges import edges_of
from graph_cdp.matching.linkage.patterns import Counted
from graph_cdp.matching.linkage.scoring import decide, frequency_tables
from graph_cdp.matching.linkage.training import Model

Numbers = NDArray[np.float64]


class Judge:
    """Judges pairs by their patterns, to the bit as `judge` does by their levels."""

    def __init__(self, columns: Sequence[Column], counted: Counted, model: Model) -> None:
        self._counted = counted
        self._strangers, self._households = model.odds(counted.levels)
        self._rare = [
            (column.codes, of_values, counted.levels[name] == COMPARISONS[column.field.kind].highest)
            for column, of_values in frequency_tables(columns, model)
            for name in [column.field.name]
        ]

    def judge(self, pairs: Pairs) -> tuple[Numbers, Numbers]:
        """Weight and probability of each pair."""
        place = self._counted.place(pairs.patterns)
        bits = np.zeros(len(place))
        for codes, of_values, are_equal in self._rare:
            equal = np.flatnonzero(are_equal[place])
            bits[equal] += of_values[codes[pairs.left[equal]]]
        return decide(self._strangers[place] + bits, self._households[place])

    def by_pattern(self, pairs: Pairs, likely: Numbers) -> Numbers:
        """The probabilities of pairs, added up pattern by pattern."""
        place = self._counted.place(pairs.patterns)
        return np.bincount(place, weights=likely, minlength=len(self._counted.numbers)).astype(np.float64)


class Scored:
    """All pairs that were compared, joined or not: both records, their level in each field, the weight in bits, the probability
    of one person. Each is worked out when it is asked for: of ten million records they fill gigabytes.
    """

    def __init__(self, compared: Compared, judge: Judge) -> None:
        self.compared = compared
        self.judge = judge

    def find_edges(self, needed: Callable[[tuple[Codes, Codes]], Numbers]) -> tuple[Edges, Numbers]:
        """The pairs that are as likely as they need to be, and the probabilities of all added up pattern by pattern."""
        found: list[Edges] = []
        likely_of_patterns = np.zeros(len(self.compared.counted.numbers))
        for edges, likely in on_all_cores(
            lambda number: self._edges(self.compared.pairs.read(number), needed), self.compared.pairs.numbers
        ):
            found.append(edges)
            likely_of_patterns += likely
        return joined(found), likely_of_patterns

    def _edges(self, pairs: Pairs, needed: Callable[[tuple[Codes, Codes]], Numbers]) -> tuple[Edges, Numbers]:
        weight, likely = self.judge.judge(pairs)
        both = (pairs.left, pairs.right)
        return edges_of(both, weight, likely, needed(both)), self.judge.by_pattern(pairs, likely)

    @cached_property
    def all(self) -> Pairs:
        """Both records and the pattern of every pair."""
        return all_of(list(self.compared.pairs.parts()))

    @property
    def left(self) -> Codes:
        """The first record of each pair."""
        return self.all.left

    @property
    def right(self) -> Codes:
        """The second record of each pair."""
        return self.all.right

    @property
    def levels(self) -> Mapping[str, Levels]:
        """The level of each pair in every field."""
        return self.compared.patterns.levels(self.all.patterns)

    @property
    def weight(self) -> Numbers:
        """The weight of each pair."""
        return self._judged[0]

    @property
    def probability(self) -> Numbers:
        """The probability of each pair."""
        return self._judged[1]

    @cached_property
    def _judged(self) -> tuple[Numbers, Numbers]:
        judged = list(
            on_all_cores(
                lambda number: self.judge.judge(self.compared.pairs.read(number)), self.compared.pairs.numbers
            )
        )
        none = np.empty(0)
        return np.concatenate([none, *(one for one, _ in judged)]), np.concatenate(
            [none, *(other for _, other in judged)]
        )
