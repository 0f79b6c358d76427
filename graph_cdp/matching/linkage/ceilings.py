"""The most that a pair may weigh, before its texts are compared: most pairs that share a key cannot be one person, whatever comparing
their texts would say.

What codes and letters tell of a field has its weight. Where only a comparison could tell, the field weighs no more than its best level
below equality. So the sum is never less than what the pair weighs, against strangers and against kin; and a pair whose sum does not
reach what a join needs need not be compared.
"""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from graph_cdp.matching.linkage.columns import Codes, Column
from graph_cdp.matching.linkage.comparisons import OPEN, UNKNOWN, Levels
from graph_cdp.matching.linkage.dependence import bits as bits_of_both
from graph_cdp.matching.linkage.scoring import DECIMALS, frequency_tables
from graph_cdp.matching.linkage.training import Model

Bits = NDArray[np.float32]

SLACK_BITS = 0.01
"""Sums are of float32: what is so near to what is needed is compared."""


class Ceiling:
    """Tells the pairs that may reach a probability from those that cannot, by a model."""

    def __init__(self, columns: Mapping[str, Column], model: Model, probability: float) -> None:
        least = max(probability - 10.0**-DECIMALS, 0.0)
        self._least = np.log2(least / (1 - least)) - SLACK_BITS if least else -np.inf
        self._strangers, self._kin = (
            np.log2(model.prior / (1 - model.prior)),
            np.log2(model.matches_a_household),
        )
        self._against = {
            name: (
                _most(name, column, model.weights(name)),
                _most(name, column, model.household_weights(name)),
            )
            for name, column in columns.items()
        }
        self._rare = [
            (column.field.name, column.codes, bits.astype(np.float32))
            for column, bits in frequency_tables(list(columns.values()), model)
        ]
        self._corrections = {
            pair: _most_of_both(pair, correction, model)
            for pair, correction in model.corrections.items()
            if columns.keys() >= set(pair)
        }

    def places(self, left: Codes, levels: Mapping[str, Levels]) -> Codes:
        """Where the pairs are that may be so probable, by their levels, some OPEN; `left` is the first record of each pair."""
        found = {name: of_field - np.int8(OPEN) for name, of_field in levels.items()}
        kin = np.full(len(left), self._kin, dtype=np.float32)
        for name, (_, against_kin) in self._against.items():
            if against_kin.any():
                kin += against_kin.take(found[name])
        some = np.flatnonzero(kin >= self._least)
        found = {name: of_field.take(some) for name, of_field in found.items()}
        strangers = np.full(len(some), self._strangers, dtype=np.float32)
        for name, (against_strangers, _) in self._against.items():
            strangers += against_strangers.take(found[name])
        for (one, other), of_both in self._corrections.items():
            strangers += of_both.ravel().take(found[one] * np.int8(of_both.shape[1]) + found[other])
        for name, codes, bits in self._rare:
            equal = np.flatnonzero(found[name] == len(self._against[name][0]) - 1)
            strangers[equal] += bits.take(codes.take(left.take(some.take(equal))))
        return some[strangers >= self._least]


def _most(name: str, column: Column, weights: NDArray[np.float64]) -> Bits:
    """The most bits by level, from OPEN on."""
    best = weights[:-1].max()
    if column.field.kind == "identifier":  # e-mails that differ in a figure tell nothing
        best = max(best, 0.0)
    most = np.array([best, 0.0, *weights], dtype=np.float32)
    return np.maximum(most, 0) if name == "birth_year" else most  # which is not asked beside a date


def _most_of_both(pair: tuple[str, str], correction: NDArray[np.float64], model: Model) -> Bits:
    """The most bits of a correction by the levels of both fields, from OPEN on."""
    one, other = np.meshgrid(*(np.arange(UNKNOWN, len(model.m[name])) for name in pair), indexing="ij")
    exact = bits_of_both({pair: correction}, dict(zip(pair, (one.ravel(), other.ravel()), strict=True)))
    most = np.reshape(exact, one.shape)
    most = np.vstack([most[1:-1].max(axis=0), most])
    return np.column_stack([most[:, 1:-1].max(axis=1), most]).astype(np.float32)
