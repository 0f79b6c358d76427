"""Blocking finds exactly the pairs that its rules say, each once, and says loudly what it leaves out."""

from itertools import combinations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from graph_cdp.matching.linkage.blocking import Cap, Part, block
from graph_cdp.matching.linkage.blocks import Blocks
from graph_cdp.matching.linkage.budget import UNLIMITED, limits_of
from graph_cdp.matching.linkage.columns import Column, make_column
from graph_cdp.matching.linkage.fields import Field

CELLS = st.lists(st.tuples(*[st.sampled_from((None, "lyon", "lille", "paris"))] * 2), min_size=1, max_size=12)
BOTH = (Part(field="a"), Part(field="b"))
BEGUN = (Part(field="a", characters=1),)


def columns(cells: list[tuple[str | None, ...]]) -> dict[str, Column]:
    return {
        name: make_column(
            Field(name=name, kind="text"), [row[place] for row in cells], [""] * len(cells), region="FR"
        )
        for place, name in enumerate("ab")
    }


@given(CELLS)
def test_the_pairs_are_those_of_equal_fields_each_once(cells: list[tuple[str | None, ...]]) -> None:
    left, right, report = block(columns(cells), [BOTH, BEGUN])
    expected = {
        (i, j)
        for (i, one), (j, other) in combinations(enumerate(cells), 2)
        if one[0] and other[0] and (one[0][0] == other[0][0] or (one == other and one[1]))
    }
    assert list(zip(left.tolist(), right.tolist(), strict=True)) == sorted(expected)
    assert [one.rule for one in report] == ["a + b", "a[:1]"]


def test_equal_records_are_candidates_of_each_other_however_many_keys_they_share() -> None:
    """Others are counted, and not how often keys bring them; one more, and nobody is rare enough."""
    rules = [(Part(field="a"),), (Part(field="b"),), BOTH, BEGUN]
    for equal, found in ((30, 30 * 29 // 2), (31, 0)):
        left, _, _ = block(columns([("paris", "lyon")] * equal), rules, Cap(candidates_max=29))
        assert len(left) == found


def test_the_limits_of_thousands_among_millions_do_not_run_into_each_other() -> None:
    """Three of a block have two others each, one too many; numbers of records, others and sizes share one word of 64 bits."""
    records, limited = 1 << 24, 9_000
    order = np.arange(limited, dtype=np.int32)
    starts = np.arange(0, limited, 3, dtype=np.int32)
    blocks = [Blocks(order=order, starts=starts, sizes=np.full(len(starts), 3, dtype=np.int32))]
    limits = limits_of(blocks, blocks, records, candidates_max=1)
    assert set(limits[:limited].tolist()) == {3}
    assert set(limits[limited:].tolist()) == {UNLIMITED}


def test_splink_2732_a_block_beyond_the_cap_is_left_out_and_reported() -> None:
    """One value that all records share made pairs without end."""
    cells: list[tuple[str | None, ...]] = [("paris", str(number)) for number in range(5)]
    cells += [("lyon", "x"), ("lyon", "x")]
    left, right, report = block(columns(cells), [(Part(field="a"),)], Cap(records_max=4))
    assert list(zip(left.tolist(), right.tolist(), strict=True)) == [(5, 6)]
    assert (report[0].pairs, report[0].blocks_left_out, report[0].records_left_out) == (1, 1, 5)
