"""Addresses: one key for the spellings of one place, different keys for different places."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph_cdp.matching.addresses import (
    STREET_TYPES_FIRST,
    STREET_TYPES_LAST,
    address_key,
    city_key,
    postal_code_key,
)

ALL = settings(max_examples=500, deadline=None)

WORDS = st.sampled_from(
    ["12", "12bis", "12B", "bis", "ter", "b", "T", "av.", "Ave", "bd", "R.", "pl", "St", "ste", "Rd", "dr", "cedex",
     "03", "l'Opéra", "Hugo", ",", "-", "\u200b", "ß", "IJ"]
)  # fmt: skip
TEXT = st.text(st.characters(), max_size=40) | st.lists(WORDS, max_size=8).map(" ".join)


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("12 bis, av. de l'Opéra", "12b avenue de l opera"),
        ("12bis Avenue de l'Opera", "12b avenue de l opera"),
        ("12 B AVE DE L'OPERA", "12b avenue de l opera"),
        ("12B avenue de l’Opéra", "12b avenue de l opera"),
        ("12 avenue de l'Opéra", "12 avenue de l opera"),
        ("7 ter bd Saint-Michel", "7t boulevard saint michel"),
        ("3 bld Voltaire", "3 boulevard voltaire"),
        ("5 r. de la Paix", "5 rue de la paix"),
        ("1 pl. Bellecour", "1 place bellecour"),
        ("9 chem. des Vignes", "9 chemin des vignes"),
        ("40 rte de Lyon", "40 route de lyon"),
        ("221B Baker St", "221b baker st"),
        ("10 r St Honoré", "10 rue st honore"),
        ("10 Abbey Rd", "10 abbey road"),
        ("350 Fifth Ave", "350 fifth avenue"),
        ("4 Ste Anne", "4 ste anne"),
        ("12 R", "12 r"),
        ("Rd", "rd"),
        ("", ""),
    ],
)
def test_a_street_has_one_key(written: str, key: str) -> None:
    assert address_key(written) == key


@pytest.mark.parametrize(
    ("left", "right"),
    [("12 rue Hugo", "12 bis rue Hugo"), ("12 bis rue Hugo", "12 ter rue Hugo"), ("1 av Foch", "1 bd Foch")],
)
def test_different_places_have_different_keys(left: str, right: str) -> None:
    assert address_key(left) != address_key(right)


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("Lyon CEDEX 03", "lyon"),
        ("Saint-Étienne Cedex", "saint etienne"),
        ("PARIS LA DEFENSE CEDEX", "paris la defense"),
        ("Lyon 03", "lyon 03"),
        ("Cedex", "cedex"),
    ],
)
def test_a_city_is_compared_without_cedex(written: str, key: str) -> None:
    assert city_key(written) == key


@pytest.mark.parametrize(
    ("written", "country", "key"),
    [
        ("01 000", "FR", "01000"),
        ("F-75001", "FR", "75001"),
        ("1000", "FR", "1000"),
        ("sw1a1aa", "GB", "SW1A 1AA"),
        ("M1  1AE", "GB", "M1 1AE"),
        ("1234ab", "NL", "1234 AB"),
        ("123456789", "US", "12345-6789"),
        ("12345-6789", "US", "12345-6789"),
        ("02134", "US", "02134"),
        ("k1a 0b1", "CA", "K1A 0B1"),
    ],
)
def test_a_postal_code_has_its_countrys_form(written: str, country: str, key: str) -> None:
    assert postal_code_key(written, country=country) == key


@ALL
@given(TEXT)
def test_the_key_of_a_key_is_itself(written: str) -> None:
    assert address_key(address_key(written)) == address_key(written)
    assert city_key(city_key(written)) == city_key(written)


@ALL
@given(TEXT, st.sampled_from(["FR", "GB", "NL", "US", "DE"]))
def test_the_key_of_a_postal_code_is_itself(written: str, country: str) -> None:
    once = postal_code_key(written, country=country)
    assert postal_code_key(once, country=country) == once


@ALL
@given(TEXT)
def test_a_key_is_plain_small_letters_and_digits(written: str) -> None:
    assert set(address_key(written) + city_key(written)) <= set("abcdefghijklmnopqrstuvwxyz0123456789 ")


@ALL
@given(st.integers(1, 9999), st.sampled_from(sorted(STREET_TYPES_FIRST)))
def test_an_abbreviation_before_the_name_is_written_out(number: int, short: str) -> None:
    long = STREET_TYPES_FIRST[short]
    assert address_key(f"{number} {short}. Hugo") == address_key(f"{number}, {long.upper()} hugo")


@ALL
@given(st.integers(1, 9999), st.sampled_from(sorted(STREET_TYPES_LAST)))
def test_an_abbreviation_after_the_name_is_written_out(number: int, short: str) -> None:
    long = STREET_TYPES_LAST[short]
    assert address_key(f"{number} Abbey {short}.") == address_key(f"{number} abbey {long.upper()}")
