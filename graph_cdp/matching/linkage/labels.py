"""Labels: pairs of which a human said whether they are one person. They teach the training; they decide nothing by themselves.

Semi-supervised expectation maximisation (Nigam et al. 2000; for record linkage Larsen & Rubin 2001): what was said is known in
every round, of all other pairs it is expected. Humans are asked about doubtful pairs, not about any, so labels counted by themselves would
make every match a doubtful one. A label therefore stands for the pairs that agree in the same levels (its pattern), in equal parts with
the other labels there, and takes their place: who is asked oftener is not counted oftener.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from graph_cdp.matching.linkage.columns import Codes
from graph_cdp.matching.linkage.comparisons import Levels

DOUBT = 2.0
"""How many labels the model's own opinion of a pattern counts for."""

PAIRS_A_RECORD_MAX = 0.001
"""For how many pairs a label stands at most, for each record that there is and for each label of its pattern: labels confirm each other, and a
few wrong ones among thousands of pairs that look alike do little harm.
"""

UNTOLD, NOT_SAME, SAME = -1, 0, 1

BITS_MAX = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Labels:
    """Pairs of records, each once, the lower left, and whether a human said that they are one person."""

    left: Codes
    right: Codes
    same: NDArray[np.bool_]

    def only(self, kept: NDArray[np.bool_]) -> "Labels":
        """Some of them."""
        return Labels(left=self.left[kept], right=self.right[kept], same=self.same[kept])


@dataclass(frozen=True, slots=True, kw_only=True)
class Taught:
    """What training learns from labels: the levels of each labelled pair, and whether it is one person."""

    levels: Mapping[str, Levels]
    same: NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Patterns:
    """The distinct combinations of levels, as they were told: the level in each field, for how many pairs each stands, and whether these are
    SAME, NOT_SAME or UNTOLD.
    """

    levels: Mapping[str, NDArray[np.int64]]
    pairs: NDArray[np.float64]
    told: NDArray[np.int8]


def teach(
    levels: Mapping[str, NDArray[np.int64]], pairs: NDArray[np.int64], taught: Taught | None, *, records: int
) -> Patterns:
    """These patterns, each for so many pairs, of which some were labelled; a labelled pair may be of none of them."""
    everything, untold = pairs.astype(np.float64), np.full(len(pairs), UNTOLD, dtype=np.int8)
    if taught is None or not len(taught.same):
        return Patterns(levels=levels, pairs=everything, told=untold)
    rows = np.stack([np.concatenate([levels[name], taught.levels[name]]) for name in levels], axis=1)
    place = np.unique(rows, axis=0, return_inverse=True)[1].ravel()
    of_seen, of_labels = place[: len(pairs)], place[len(pairs) :]
    count = int(place.max()) + 1
    labels = np.bincount(of_labels, minlength=count).astype(np.float64)
    same = np.bincount(of_labels, weights=taught.same, minlength=count)
    there = np.bincount(of_seen, weights=everything, minlength=count)
    each = np.clip(there / (labels + DOUBT), 1.0, np.maximum(1.0, PAIRS_A_RECORD_MAX * records * labels))
    left = np.maximum(there - labels * each, 0.0)
    known, first = np.unique(of_labels, return_index=True)
    said = {name: taught.levels[name][first].astype(np.int64) for name in levels}
    return Patterns(
        levels={name: np.concatenate([levels[name], said[name], said[name]]) for name in levels},
        pairs=np.concatenate([left[of_seen], (each * same)[known], (each * (labels - same))[known]]),
        told=np.concatenate([untold, np.repeat(np.array([SAME, NOT_SAME], dtype=np.int8), len(known))]),
    )


def share(
    likely: NDArray[np.float64], strangers: NDArray[np.float64], households: NDArray[np.float64], of: Patterns
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """How many pairs of each pattern are one person, and how many are two who live together; `likely` is how probable the one is, and the
    others are its log2 odds against the two other explanations.
    """
    one = of.pairs * likely
    kin = one * np.exp2(-households)
    joined, parted = of.told == SAME, of.told == NOT_SAME
    if joined.any() or parted.any():
        one = np.where(joined, of.pairs, np.where(parted, 0.0, one))
        kin_of_two = 1 / (1 + np.exp2(np.clip(households - strangers, -BITS_MAX, BITS_MAX)))
        kin = np.where(parted, of.pairs * kin_of_two, np.where(joined, 0.0, kin))
    return one, kin
