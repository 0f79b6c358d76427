"""Comparison levels: symmetric, bounded, highest for equals, unknown where one side says nothing."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph_cdp.matching.linkage.columns import Column, make_column, with_years_of
from graph_cdp.matching.linkage.comparisons import COMPARISONS, UNKNOWN, compare, compare_all
from graph_cdp.matching.linkage.fields import Field, Kind, field_of

WORDS = st.one_of(
    st.sampled_from(
        ("Anne", "Anna", "ANNE-Marie", "Martin", "Matrin", "Bob", "Robert", "12/03/1980", "03/12/1980",
         "1980-03-12", "1981", "1979", "75002", "75003", "13006", "m", "F", "rue de Lyon", "12 rue de lyon")
    ),
    st.text(max_size=8),
    st.none(),
)  # fmt: skip
FIELDS: dict[Kind, str] = {
    "given_name": "given_name", "surname": "surname", "birth_date": "birth_date", "year": "birth_year",
    "gender": "gender", "postal_code": "postal_code", "identifier": "loyalty_card", "device": "device", "text": "city",
}  # fmt: skip


def levels(kind: Kind, *cells: str | None) -> list[int]:
    """The levels of every pair of cells, of a column of this kind, row by row."""
    column = make_column(Field(name=FIELDS[kind], kind=kind), cells, [""] * len(cells), region="FR")
    left, right = np.divmod(np.arange(len(cells) ** 2), len(cells))
    graded: list[int] = compare(column, left, right).tolist()
    return graded


@pytest.mark.parametrize("kind", sorted(FIELDS))
@given(cells=st.lists(WORDS, min_size=1, max_size=8))
def test_every_comparison_is_symmetric_bounded_and_highest_for_equals(
    kind: Kind, cells: list[str | None]
) -> None:
    table = np.array(levels(kind, *cells)).reshape(len(cells), len(cells))
    assert (table == table.T).all()
    assert table.min() >= UNKNOWN
    assert table.max() < len(COMPARISONS[kind].levels)
    known = table.diagonal() != UNKNOWN
    assert (table.diagonal()[known] == len(COMPARISONS[kind].levels) - 1).all()
    both = known[:, None] & known[None, :]
    assert (table[~both] == UNKNOWN).all()
    assert kind == "identifier" or (table[both] != UNKNOWN).all()


@pytest.mark.parametrize(
    ("kind", "left", "right", "level"),
    [
        ("given_name", "Léa", "LEA", 4), ("given_name", "Michaela", "Micheala", 3), ("given_name", "Robert", "Bob", 1),
        ("given_name", "P.", "Pierre", 2), ("given_name", "P.", "Jean", 0), ("given_name", "P", "p.", 4),
        ("given_name", "Jean", "Paul", 0), ("surname", "Martin", "Martin-Dupont", 1), ("surname", "Dupont", "Martin Dupont", 1),
        ("birth_date", "12/03/1980", "1980-03-12", 3), ("birth_date", "1980-03-12", "1980-12-03", 2),
        ("birth_date", "1980-03-12", "1980-03-13", 2), ("birth_date", "1980-03-12", "1980-04-13", 1),
        ("birth_date", "1980-03-12", "1975-11-27", 0), ("birth_date", "12 mars 1980", "12/03/80", 3),
        ("year", "1980", "1981", 2), ("year", "1980", "1983", 1), ("year", "1980", "1990", 0),
        ("postal_code", "75 002", "75002", 3), ("postal_code", "75002", "75003", 2), ("postal_code", "75002", "75915", 1),
        ("postal_code", "75002", "13006", 0), ("gender", "Mme", "female", 1), ("gender", "m", "f", 0),
        ("identifier", "1234567", "1234568", 1), ("text", "rue de Lyon", "Lyon, rue de", 2), ("text", "Paris", "Lyon", 0),
    ],
)  # fmt: skip
def test_levels_by_hand(kind: Kind, left: str, right: str, level: int) -> None:
    assert levels(kind, left, right)[1] == level


@pytest.mark.parametrize(
    ("left", "right", "level"),
    [
        ("marie.roy@x.fr", "MARIE.ROY@x.fr", 2),
        ("marie.roy@x.fr", "marie.rou@x.fr", 1),
        ("marie.roy1@x.fr", "marie.roy12@x.fr", UNKNOWN),
        ("marie.roy17@x.fr", "marie.roy18@x.fr", UNKNOWN),
        ("marie.roy17@x.fr", "marie.roy29@x.fr", 0),
    ],
)
def test_emails_that_differ_in_their_figures_only_may_be_namesakes(left: str, right: str, level: int) -> None:
    """In a million records namesakes whose e-mails differ in one figure were one person by the dozen."""
    column = make_column(field_of("email"), [left, right], ["", ""], region="FR")
    assert compare(column, np.array([0, 1]), np.array([1, 0])).tolist() == [level, level]


def test_a_source_that_writes_the_month_first_is_known_by_its_other_dates() -> None:
    cells = ["01/25/1980", "03/04/1981", "25/01/1980", "04/03/1981"]
    column = make_column(
        Field(name="birth_date", kind="birth_date"), cells, ["us", "us", "fr", "fr"], region="FR"
    )
    assert [column.values[code] for code in column.codes.tolist()] == [
        "1980-01-25", "1981-03-04", "1980-01-25", "1981-03-04",
    ]  # fmt: skip


def named(*people: tuple[str | None, str | None]) -> dict[str, Column]:
    """Given names and surnames, as columns."""
    cells = zip(*people, strict=True)
    return {
        name: make_column(field_of(name), list(column), [""] * len(people), region="FR")
        for name, column in zip(("given_name", "surname"), cells, strict=True)
    }


@pytest.mark.parametrize(
    ("left", "right", "levels"),
    [
        (("Anne", "Martin"), ("Martin", "Anne"), [3, 2]),
        (("Anne", "Martin"), ("Matrin", "Anne"), [1, 1]),
        (("Anne", "Martin"), ("Anne", "Martin"), [4, 3]),
        (("Anne", "Martin"), ("Zoe", "Durand"), [0, 0]),
        (("Anne", None), ("Martin", "Anne"), [0, -1]),
    ],
)
def test_names_written_in_turn_are_near(
    left: tuple[str, str | None], right: tuple[str, str | None], levels: list[int]
) -> None:
    for one, other in ((0, 1), (1, 0)):
        found = compare_all(named(left, right), np.array([one]), np.array([other]))
        assert [int(found[name][0]) for name in ("given_name", "surname")] == levels


def test_whoever_states_a_date_of_birth_states_the_year() -> None:
    dates, years = (
        make_column(field_of(name), cells, [""] * 4, region="FR")
        for name, cells in (
            ("birth_date", ["12/03/1980", None, None, "1980-03-12"]),
            ("birth_year", [None, "1980", None, "1981"]),
        )
    )
    column = with_years_of(dates, years)
    assert [column.values[code] if code >= 0 else None for code in column.codes.tolist()] == [
        "1980",
        "1980",
        None,
        "1981",
    ]
