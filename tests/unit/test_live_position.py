"""Where a subscription stands: nothing is missed and nothing told twice, whenever commits become visible."""

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph_cdp.api.errors import BadCursor
from graph_cdp.api.live.position import (
    CURSOR_MARKS_MAX,
    Place,
    Told,
    decode_position,
    encode_position,
    mark,
)

LATE_MAX = 5
"""How long after its position a row may become visible."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A row, and when it can be seen."""

    place: Place
    seen_at: int


def rows_of(written: list[tuple[int, int]]) -> list[Written]:
    """Rows at these positions, each seen so much later."""
    return [
        Written(place=Place(at=at, id=f"row {number}"), seen_at=at + late)
        for number, (at, late) in enumerate(written)
    ]


def listen(told: Told, rows: list[Written], now: int, part: int) -> tuple[Told, list[str]]:
    """One pass of a subscription at a time, as `follow` makes it: in parts, with a resume by its cursor after each."""
    horizon = now - LATE_MAX
    visible = sorted(
        (row.place for row in rows if row.seen_at <= now and row.place.at > told.settled),
        key=lambda place: (place.at, place.id),
    )
    new = [place for place in visible if not told.knows(place.at, place.id)]
    for start in range(0, len(new), part):
        told = told.and_also(new[start : start + part], horizon=horizon)
        told = decode_position("facts_added", encode_position("facts_added", told))
    return told.after_all(visible, horizon=horizon), [place.id for place in new]


@given(
    written=st.lists(st.tuples(st.integers(1, 40), st.integers(0, LATE_MAX - 1)), max_size=60),
    passes=st.lists(st.integers(1, 60), max_size=30),
    part=st.integers(1, 4),
)
def test_every_row_is_told_once_however_late_it_is_seen(
    written: list[tuple[int, int]], passes: list[int], part: int
) -> None:
    rows = rows_of(written)
    told, heard = Told(settled=0, marks={}), list[str]()
    for now in [*sorted(passes), 100]:
        told, new = listen(told, rows, now, part)
        heard += new

    assert sorted(heard) == sorted(row.place.id for row in rows)


def test_a_part_settles_no_further_than_before_its_last_row() -> None:
    told = Told(settled=0, marks={})
    told = told.and_also([Place(at=3, id="a"), Place(at=7, id="b")], horizon=100)

    assert told == Told(settled=6, marks={mark(7, "b"): 7})
    assert told.knows(3, "a")
    assert told.knows(7, "b")
    assert not told.knows(7, "c")


def test_what_is_stated_anew_is_told_again_and_forgotten_where_it_was() -> None:
    told = Told(settled=0, marks={}).after_all([Place(at=8, id="order")], horizon=5)

    assert not told.knows(9, "order")
    assert told.after_all([Place(at=9, id="order")], horizon=5) == Told(
        settled=5, marks={mark(9, "order"): 9}
    )


def test_a_cursor_remembers_the_newest_marks_only() -> None:
    places = [Place(at=10 + number, id="x") for number in range(CURSOR_MARKS_MAX + 5)]
    told = Told(settled=1, marks={}).after_all(places, horizon=1)

    again = decode_position("facts_added", encode_position("facts_added", told))

    assert again.marks.keys() == {mark(place.at, place.id) for place in places[5:]}
    assert again.settled == 1


@pytest.mark.parametrize(
    "cursor",
    ["", "x", "é", "====", "Zm9vOjE6", encode_position("person_changed", Told(settled=1, marks={}))],
)
def test_what_is_no_cursor_of_this_subscription_is_refused(cursor: str) -> None:
    with pytest.raises(BadCursor) as refused:
        decode_position("facts_added", cursor)

    assert refused.value.code == "BAD_CURSOR"
