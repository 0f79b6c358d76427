"""Cursors, pages and ids: what clients hold in their hands."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph_cdp.api.connections import Page, Position, connect, decode_cursor, encode_cursor, parse_page
from graph_cdp.api.errors import BadCursor, BadId, BadPageSize
from graph_cdp.api.node import global_id, iso_8601, parse_id, split_global_id
from graph_cdp.api.traits import TraitFields
from graph_cdp.source.model import TRAITS

ID = "00000000-0000-4000-8000-000000000001"


@given(at=st.integers(-(10**15), 10**15), id_=st.uuids())
def test_a_cursor_names_its_place_exactly(at: int, id_: object) -> None:
    position = Position(at=at, id=str(id_))

    assert decode_cursor("events", encode_cursor("events", position)) == position


def test_a_cursor_is_opaque_and_fit_for_an_address() -> None:
    assert encode_cursor("events", Position(at=-1, id=ID)) == (
        "ZXZlbnRzOi0xOjAwMDAwMDAwLTAwMDAtNDAwMC04MDAwLTAwMDAwMDAwMDAwMQ"
    )


@given(st.text(max_size=80))
def test_what_is_no_cursor_is_refused(text: str) -> None:
    with pytest.raises(BadCursor):
        decode_cursor("events", text)


def test_a_cursor_of_another_list_is_refused() -> None:
    with pytest.raises(BadCursor, match="is no cursor of the list `events`"):
        decode_cursor("events", encode_cursor("records", Position(at=1, id=ID)))


@pytest.mark.parametrize("first", [1, 100])
def test_a_page_within_bounds_is_taken(first: int) -> None:
    assert parse_page("events", first, None) == Page(size=first, after=None)


@pytest.mark.parametrize("first", [-1, 0, 101])
def test_a_page_out_of_bounds_is_refused(first: int) -> None:
    with pytest.raises(BadPageSize, match=f"`first` is {first}; it must be 1 to 100"):
        parse_page("events", first, None)


def test_the_row_beyond_the_page_only_says_that_more_follow() -> None:
    page = Page(size=2, after=Position(at=0, id=ID))

    found = connect("events", page, [1, 2, 3], node=str, position=lambda at: Position(at=at, id=ID))

    assert [edge.node for edge in found.edges] == ["1", "2"]
    assert found.page_info.has_next_page
    assert found.page_info.has_previous_page
    assert found.page_info.end_cursor == encode_cursor("events", Position(at=2, id=ID))


def test_an_id_is_taken_as_global_or_as_its_own() -> None:
    assert global_id("Person", ID) == "UGVyc29uOjAwMDAwMDAwLTAwMDAtNDAwMC04MDAwLTAwMDAwMDAwMDAwMQ=="
    assert parse_id("Person", ID) == ID
    assert parse_id("Person", global_id("Person", ID)) == ID


@given(st.text(max_size=60))
def test_what_is_no_id_is_refused(text: str) -> None:
    assert split_global_id(text) is None
    with pytest.raises(BadId):
        parse_id("Person", text)


@pytest.mark.parametrize(
    ("at", "shown"),
    [
        (0, "1970-01-01T00:00:00.000Z"),
        (-1, "1969-12-31T23:59:59.999Z"),
        (1_767_225_600_001, "2026-01-01T00:00:00.001Z"),
        (-62_135_596_800_000, "0001-01-01T00:00:00.000Z"),
        (253_402_300_799_999, "9999-12-31T23:59:59.999Z"),
    ],
)
def test_times_are_iso_8601_with_milliseconds(at: int, shown: str) -> None:
    assert iso_8601(at) == shown


@given(at=st.integers(min_value=-62_135_596_800_000, max_value=253_402_300_799_999))
def test_any_time_is_shown_as_the_calendar_has_it(at: int) -> None:
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=at)

    assert iso_8601(at) == moment.replace(tzinfo=None).isoformat(timespec="milliseconds") + "Z"


def test_every_trait_is_a_field() -> None:
    assert tuple(TraitFields.__annotations__) == TRAITS
