"""How many people have how many records, in as few rows as a screen has."""

from hypothesis import given
from hypothesis import strategies as st

from graph_cdp.bulk.sizes import in_ranges


def test_small_numbers_have_a_row_each_and_large_ones_a_range() -> None:
    sizes = {1: 9, 2: 8, 10: 7, 11: 6, 20: 5, 21: 4, 100: 3, 101: 2, 4_996: 1}
    assert in_ranges(sizes) == {"1": 9, "2": 8, "10": 7, "11-20": 11, "21-50": 4, "51-100": 3, "101-200": 2, "2,001-5,000": 1}  # fmt: skip


@given(st.dictionaries(st.integers(1, 10**7), st.integers(1, 10**6)))
def test_nobody_is_left_out_and_the_rows_are_few(sizes: dict[int, int]) -> None:
    found = in_ranges(sizes)
    assert sum(found.values()) == sum(sizes.values())
    assert len(found) <= 30
