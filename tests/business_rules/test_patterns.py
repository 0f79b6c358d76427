"""Patterns: as regular expressions say, as far as they go, and never slow."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph_cdp.source.business_rules.patterns import VALUE_CHARACTERS_MAX, BadPattern, parse_pattern

ATOMS = ("a", "b", "é", "[ab]", "[^a]", r"\d", ".", r"\.", "-", "[a-c0]", r"[\d-]", "[]a]")
TIMES = ("", "?", "*", "+", "{2}", "{1,2}", "{0,3}", "{2,}")


def repeat(atom: str, times: str) -> str:
    return atom + times


STEPS = st.builds(repeat, st.sampled_from(ATOMS), st.sampled_from(TIMES))
ALTERNATIVES = st.lists(STEPS, max_size=5).map("".join)
PATTERNS = st.lists(ALTERNATIVES, min_size=1, max_size=3).map("|".join)
VALUES = st.text(st.sampled_from("abcé0.-]\n"), max_size=8)


@given(pattern=PATTERNS, value=VALUES)
@settings(max_examples=2_000, deadline=None)
def test_a_pattern_fits_what_the_regular_expression_fits(pattern: str, value: str) -> None:
    expected = re.fullmatch(pattern, value, re.DOTALL | re.ASCII) is not None
    assert parse_pattern(pattern).fits(value) is expected


@given(text=st.text(max_size=40), value=st.text(max_size=40))
@settings(max_examples=500, deadline=None)
def test_any_text_is_a_pattern_or_is_refused(text: str, value: str) -> None:
    try:
        pattern = parse_pattern(text)
    except BadPattern:
        return
    assert pattern.fits(value) in {True, False}


@pytest.mark.parametrize(
    ("pattern", "value", "fits"),
    [
        ("[0-9]{5}", "75011", True),
        ("[0-9]{5}", "7501", False),
        ("[0-9]{5}", "750110", False),
        (r"FR[0-9A-Z]{2}\d{9}|DE\d{9}", "DE123456789", True),
        (r"\d+", "\u0661\u0662", False),
        ("a*", "", True),
        ("a*", "a" * (VALUE_CHARACTERS_MAX + 1), False),
    ],
)
def test_the_whole_value_fits_or_does_not(pattern: str, value: str, *, fits: bool) -> None:
    assert parse_pattern(pattern).fits(value) is fits


@pytest.mark.timeout(20)
def test_no_pattern_and_value_can_hang_the_service() -> None:
    """With backtracking this takes longer than the universe has."""
    pattern = parse_pattern("a*" * 90 + "b")

    assert pattern.fits("a" * VALUE_CHARACTERS_MAX) is False
    assert pattern.fits("a" * (VALUE_CHARACTERS_MAX - 1) + "b") is True


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("(a+)+", "at character 1: a pattern has characters, classes such as [A-Z]"),
        ("^a$", "at character 1:"),
        ("a(?=b)", "at character 2:"),
        (r"(.)\1", "at character 1:"),
        ("a**", "at character 3:"),
        ("[z-a]", "at character 1: [z-a] is no class of characters"),
        ("a{3,2}", "{3,2} counts from 3 to 2"),
        ("a{999}", "{999} counts from 999 to 999; the most is 512"),
        ("a" * 201, "a pattern has at most 200 characters"),
    ],
)
def test_what_patterns_do_not_have_is_refused(text: str, said: str) -> None:
    with pytest.raises(BadPattern) as error:
        parse_pattern(text)
    assert said in str(error.value)
