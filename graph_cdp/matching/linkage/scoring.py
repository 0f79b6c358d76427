"""What a pair weighs by what was learned, the same in bulk and alone.

The frequency of a value adds to the weight of its equality (Winkler 1989): two who are both called Zéphyrine are one person
sooner than two who are both called Marie.
"""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from graph_cdp.matching.linkage.columns import Codes, Column
from graph_cdp.matching.linkage.comparisons import COMPARISONS, Levels
from graph_cdp.matching.linkage.frequencies import FREQUENCY_KINDS
from graph_cdp.matching.linkage.training import Model, probability

DECIMALS = 6
"""Weights and probabilities are rounded to this before anything is decided by them: a last bit decides nothing."""


def judge(
    columns: Sequence[Column], levels: Mapping[str, Levels], model: Model, left: Codes
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The weight of each pair in bits, against strangers or kin, whichever is less, and how probable it is one person; `left` is
    the first record of each pair.

    Every pair is judged by itself, so its numbers are the same whatever other pairs are judged with it.
    """
    strangers, households = model.odds(levels)
    return decide(strangers + frequency_bits(columns, levels, model, left), households)


def decide(
    strangers: NDArray[np.float64], households: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Weight and probability of pairs with these log2 odds against strangers and against kin, rounded."""
    weight: NDArray[np.float64] = np.minimum(strangers, households)
    return np.round(weight, DECIMALS), np.round(probability(strangers, households), DECIMALS)


def frequency_bits(
    columns: Sequence[Column], gammas: Mapping[str, Levels], model: Model, left: Codes
) -> NDArray[np.float64]:
    """The bits that each pair's equal values add by the frequencies that were learned, all fields together; `left` is the first
    record of each pair.
    """
    bits = np.zeros(len(left))
    for column, of_values in frequency_tables(columns, model):
        equal = gammas[column.field.name] == COMPARISONS[column.field.kind].highest
        bits[equal] += of_values[column.codes[left[equal]]]
    return bits


def frequency_tables(columns: Sequence[Column], model: Model) -> Iterator[tuple[Column, NDArray[np.float64]]]:
    """The fields whose values weigh by how rare they are, in the order in which they are added, with the bits of each value."""
    for column in sorted(columns, key=lambda one: one.field.name):
        if column.field.kind in FREQUENCY_KINDS:
            shares = model.frequencies[column.field.name].of_values(column.values)
            yield column, np.log2(model.u[column.field.name][-1] / shares)
