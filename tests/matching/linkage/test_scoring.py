"""A pair is judged by itself: its numbers are the same to the bit in a batch of any size, at any place, and with fields in any order.

They are so before they are rounded, too, so that no rounding hides what is not.
"""

from collections.abc import Mapping, Sequence
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from graph_cdp.bulk.judged import Scored
from graph_cdp.bulk.match import match_tables
from graph_cdp.matching.linkage.columns import Column
from graph_cdp.matching.linkage.comparisons import Levels
from graph_cdp.matching.linkage.policy import MatchPolicy
from graph_cdp.matching.linkage.scoring import frequency_bits, judge
from graph_cdp.matching.linkage.training import Model, probability
from tests.matching.linkage.test_match_files import febrl

Judged = tuple[Sequence[Column], Model, Scored]
Numbers = NDArray[np.float64]
EVERYTHING = slice(None)


@pytest.fixture(scope="module")
def judged() -> Judged:
    """All pairs of a set, judged together."""
    matched = match_tables(febrl(1), MatchPolicy())
    assert matched.model is not None
    assert matched.scored is not None
    return matched.records.columns, matched.model, matched.scored


def unrounded(judged: Judged, levels: Mapping[str, Levels], some: slice = EVERYTHING) -> Numbers:
    """Both odds and the probability of some pairs, each a row."""
    columns, model, scored = judged
    of_some = {name: of_field[some] for name, of_field in levels.items()}
    strangers, households = model.odds(of_some)
    strangers = strangers + frequency_bits(columns, of_some, model, scored.left[some])
    return np.array([strangers, households, probability(strangers, households)], dtype=np.float64)


@pytest.fixture(scope="module")
def together(judged: Judged) -> Numbers:
    """The numbers of all pairs."""
    return unrounded(judged, judged[2].levels)


@given(start=st.floats(0, 1), size=st.integers(1, 70), step=st.integers(1, 5))
def test_a_pair_has_the_same_numbers_in_a_batch_of_any_size(
    judged: Judged, together: Numbers, start: float, size: int, step: int
) -> None:
    first = int(start * (together.shape[1] - 1))
    some = slice(first, first + size * step, step)
    assert unrounded(judged, judged[2].levels, some).tobytes() == together[:, some].tobytes()


def test_a_pair_has_the_same_numbers_alone(judged: Judged, together: Numbers) -> None:
    for place in range(0, together.shape[1], 7):
        one = slice(place, place + 1)
        assert unrounded(judged, judged[2].levels, one).tobytes() == together[:, one].tobytes()


@given(seed=st.integers(0, 999))
def test_the_order_of_fields_changes_no_bit(judged: Judged, together: Numbers, seed: int) -> None:
    columns, model, scored = judged
    names, ordered, chance = sorted(scored.levels), list(columns), Random(seed)
    chance.shuffle(names)
    chance.shuffle(ordered)
    levels = {name: scored.levels[name] for name in names}
    assert unrounded((ordered, model, scored), levels).tobytes() == together.tobytes()


def test_what_is_decided_by_is_rounded(judged: Judged, together: Numbers) -> None:
    columns, model, scored = judged
    weight, likely = judge(columns, scored.levels, model, scored.left)
    expected = np.array([together[:2].min(axis=0), together[2]], dtype=np.float64).round(6)
    assert np.array([weight, likely]).tobytes() == expected.tobytes()
