"""Whole names: parted where they are of a person, and never guessed of a firm or a handle."""

import pytest

from graph_cdp.matching.full_names import names_of, part_name
from graph_cdp.matching.names import given_names_differ


@pytest.mark.parametrize(
    ("value", "parts"),
    [
        ("Léa Martin", ("Léa", "Martin")),
        ("MARTIN, Léa", ("Léa", "MARTIN")),
        ("Mme Léa  Martin", ("Léa", "Martin")),
        ("Jean Pierre Martin", ("Jean Pierre", "Martin")),
        ("Charles de Gaulle", ("Charles", "de Gaulle")),
        ("Ludwig van der Berg", ("Ludwig", "van der Berg")),
        ("John F. Kennedy Jr.", ("John F.", "Kennedy Jr.")),
        ("Zoé", ("", "Zoé")),
        ("Client Passage", ("", "")),
        (" ", ("", "")),
    ],
)
def test_a_whole_name_is_parted(value: str, parts: tuple[str, str]) -> None:
    assert part_name(value) == parts


@pytest.mark.parametrize(
    ("first_name", "last_name", "name", "names"),
    [
        (None, None, "Léa Roux", ("Léa", "Roux")),
        ("Léa", None, "Hugo Roux", ("Léa", None)),
        (None, "Roux", "Hugo Roux", (None, "Roux")),
        (None, None, "hugo92", (None, None)),
        (None, None, "hugo@x.fr", (None, "hugo@x.fr")),
        (None, None, "Roux Frères SARL", (None, None)),
        (None, None, "The shop that sells shoes in Lyon", (None, None)),
        (None, None, None, (None, None)),
    ],
)
def test_a_whole_name_counts_where_no_other_is_said_and_it_looks_like_a_persons(
    first_name: str | None, last_name: str | None, name: str | None, names: tuple[str | None, str | None]
) -> None:
    assert names_of(first_name, last_name, name) == names


@pytest.mark.parametrize(
    ("one", "other", "differ"),
    [
        ("Hugo Roux", "Roux Hugo", False),
        ("Jean-Pierre Martin", "Jean Pierre Martin", False),
        ("Maria del Carmen Lopez Garcia", "Maria Garcia", False),
        ("Bob Martin", "Robert Martin", False),
        ("Hugo Roux", "Léa Roux", True),
    ],
)
def test_whole_names_differ_as_parted_ones_do(one: str, other: str, *, differ: bool) -> None:
    (given_one, surname_one), (given_other, surname_other) = part_name(one), part_name(other)
    found = given_names_differ(given_one, given_other, left_surname=surname_one, right_surname=surname_other)
    assert found is differ
