"""Names and dates of birth: when they clearly differ, and when something explains the difference."""

import pytest

from graph_cdp.matching.dates import birth_dates_differ
from graph_cdp.matching.names import fold, given_names_differ
from graph_cdp.matching.nicknames import GROUPS


@pytest.mark.parametrize(
    ("name", "folded"),
    [
        ("L\u00e9a-Ma\u00ff D'\u0152", "lea may doe"),
        ("  O\u2019Brien ", "obrien"),
        ("Stra\u00dfe", "strasse"),
        ("\u0391\u03b8\u03b7\u03bd\u03ac", "athina"),
        ("", ""),
        ("???", ""),
    ],
)
def test_fold(name: str, folded: str) -> None:
    assert fold(name) == folded


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("Alexandre", "Alex"),
        ("Jean-Pierre", "Jean"),
        ("Jean-Pierre", "JP"),
        ("Anne", "A."),
        ("Bill", "William"),
        ("Guillaume", "William"),
        ("Katarzyna", "Katarzina"),
        ("Jos\u00e9phine", "Jo"),
        ("Mathieu", "Matthew"),
        ("Anne", ""),
    ],
)
def test_one_persons_names_agree(left: str, right: str) -> None:
    assert not given_names_differ(left, right)
    assert not given_names_differ(right, left)


@pytest.mark.parametrize(
    ("left", "right"),
    [("Anne", "Paul"), ("L\u00e9a", "Hugo"), ("Emma", "Jade"), ("Karim", "Sofia"), ("Zo\u00e9", "Igor")],
)
def test_two_peoples_names_differ(left: str, right: str) -> None:
    assert given_names_differ(left, right)
    assert given_names_differ(right, left)


def test_swapped_fields_are_no_difference() -> None:
    assert not given_names_differ("Martin", "Jean", left_surname="Jean", right_surname="Martin")
    assert not given_names_differ("Martin", "Hugo", right_surname="Martin")
    assert given_names_differ("Martin", "Hugo", left_surname="Roux", right_surname="Martin")


def test_sharing_a_nickname_makes_no_two_names_one() -> None:
    assert not given_names_differ("Jacques", "Jack")
    assert not given_names_differ("Jack", "Jean")
    assert given_names_differ("Jacques", "Yann")


def test_the_table_of_nicknames_is_large_and_folded() -> None:
    lines = GROUPS.strip().splitlines()
    assert len(lines) >= 100
    assert all(len(line.split()) > 1 for line in lines)


@pytest.mark.parametrize(
    ("left", "right", "differ"),
    [
        ("1980-05-04", "1980-05-04", False),
        ("1980-05-04", "1981-06-04", False),
        ("1980-05-04", "1981-06-05", True),
        ("1980-05-04", "1980-04-05", False),
        ("1980-11-23", "1980-23-11", False),
        ("1988-12-03", "1988-03-12", False),
        ("1988-12-03", "1989-03-12", True),
    ],
)
def test_birth_dates(left: str, right: str, differ: bool) -> None:
    assert birth_dates_differ(left, right) is differ
    assert birth_dates_differ(right, left) is differ
