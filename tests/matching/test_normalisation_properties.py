"""What holds of normalisation and comparison for all values, the worst included."""

import unicodedata

from hypothesis import given, settings
from hypothesis import strategies as st

from graph_cdp.matching.dates import EDITS_MAX, birth_dates_differ
from graph_cdp.matching.emails import PLAIN, address, ask_library
from graph_cdp.matching.names import fold, given_names_differ
from graph_cdp.matching.normalise import Normalised, normalise_identifier, normalise_trait
from graph_cdp.matching.text import TRAIT_BYTES_MAX, VALUE_BYTES_MAX, bytes_of, visible
from graph_cdp.source.model import TRAITS

KINDS = (
    "user_id", "customer_id", "national_id", "soc_sec_id", "alias", "loyalty_card", "email", "phone",
    "anonymous_id", "advertising_id",
)  # fmt: skip
REGIONS = ("FR", "US", "DE", "GB", "IT", "AR", "ZZ")

ALL = settings(max_examples=500, deadline=None)

ANY_TEXT = st.text(st.characters(), max_size=60)
"""Lone surrogates, controls and unassigned code points included."""

NASTY = st.lists(
    st.sampled_from(
        [*"aAiI09@.+-()/ '\u0130\u0131\u00df\u1e9e\u03a3\u0301\u0307\u200b\u200d\ufeff\u202e\x00\t\n\u00a0\u00ad\u2011\uff20\u3002",
         "xn--", "@x.fr", "+33 (0)6", "06", "12345678", ";ext=", "null", "\ud800", "e\u0301", "1990", "Lo\u0308we"]
    ),
    max_size=12,
).map("".join)  # fmt: skip

TEXT = ANY_TEXT | NASTY
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=5,
)


@ALL
@given(st.sampled_from(KINDS) | TEXT, JSON, st.sampled_from(REGIONS))
def test_any_json_value_has_an_outcome(kind: str, raw: object, region: str) -> None:
    outcome = normalise_identifier(kind, raw, region=region)
    if isinstance(outcome, Normalised):
        assert outcome.value
        assert bytes_of(outcome.value) <= VALUE_BYTES_MAX
        assert outcome.value.encode().decode() == outcome.value
        assert visible(outcome.value) == outcome.value


@ALL
@given(st.sampled_from(KINDS), TEXT, st.sampled_from(REGIONS))
def test_a_normalised_identifier_normalises_to_itself(kind: str, raw: str, region: str) -> None:
    outcome = normalise_identifier(kind, raw, region=region)
    if isinstance(outcome, Normalised):
        assert normalise_identifier(kind, outcome.value, region=region) == outcome


@ALL
@given(st.sampled_from(["email", "loyalty_card", "user_id", "phone"]), TEXT)
def test_invisible_characters_and_blanks_around_change_nothing(kind: str, raw: str) -> None:
    plain = normalise_identifier(kind, raw)
    assert normalise_identifier(kind, f" \u200b\t{raw}\ufeff\x00 ") == plain


@ALL
@given(
    st.from_regex(r"\A[a-zA-Z0-9]{1,12}([.+_-][a-zA-Z0-9]{1,8}){0,2}@[a-zA-Z0-9]{1,10}\.(fr|COM|co\.uk)\Z")
)
def test_the_case_of_an_address_means_nothing(raw: str) -> None:
    assert normalise_identifier("email", raw.upper()) == normalise_identifier("email", raw.lower())


@ALL
@given(st.integers(1, 799_999_999), st.sampled_from(["{0}", "+33{1}", "+33 (0){1}", "0033{1}", "33{1}"]))
def test_every_way_of_writing_a_phone_gives_one_number(number: int, form: str) -> None:
    national = f"6{number:08}"[:9]
    written = form.format(f"0{national}", national)
    assert normalise_identifier("phone", written) == normalise_identifier("phone", f"0{national}")


@ALL
@given(st.sampled_from(TRAITS), JSON, st.sampled_from(REGIONS))
def test_any_json_value_of_a_trait_is_cleaned_or_dropped(name: str, raw: object, region: str) -> None:
    value = normalise_trait(name, raw, region=region)
    if value is not None:
        assert value
        assert bytes_of(value) <= TRAIT_BYTES_MAX
        assert value.encode().decode() == value
        assert normalise_trait(name, value, region=region) == value


@ALL
@given(TEXT)
def test_folding_gives_plain_letters_and_twice_is_once(name: str) -> None:
    folded = fold(name)
    assert fold(folded) == folded
    assert set(folded) <= set("abcdefghijklmnopqrstuvwxyz0123456789 ")


@ALL
@given(TEXT, TEXT, st.none() | TEXT, st.none() | TEXT)
def test_differing_names_is_symmetric_and_never_of_a_name_with_itself(
    left: str, right: str, left_surname: str | None, right_surname: str | None
) -> None:
    assert given_names_differ(
        left, right, left_surname=left_surname, right_surname=right_surname
    ) == given_names_differ(right, left, left_surname=right_surname, right_surname=left_surname)
    assert not given_names_differ(left, left, left_surname=left_surname, right_surname=right_surname)


@ALL
@given(st.dates(), st.dates(), st.integers(0, 9), st.sampled_from([0, 1, 2, 3, 5, 6, 8, 9]))
def test_differing_dates_is_symmetric_and_never_of_one_slip(
    left: object, right: object, digit: int, place: int
) -> None:
    one, other = str(left), str(right)
    assert birth_dates_differ(one, other) == birth_dates_differ(other, one)
    slipped = one[:place] + str(digit) + one[place + 1 :]
    assert not birth_dates_differ(one, slipped)
    assert EDITS_MAX == 2


DOMAINS = st.sampled_from(
    ["x.fr", "x-y.co.uk", "local", "a.local", "b.onion", "example.com", "xn--4gbwdl.xn--wgbh1c", "a--b.fr"]
)


@ALL
@given(st.from_regex(PLAIN, fullmatch=True) | st.emails() | st.builds("{}@{}".format, NASTY, DOMAINS))
def test_a_plain_address_is_what_the_library_would_make_of_it(text: str) -> None:
    assert address(text) == ask_library(unicodedata.normalize("NFC", text.lower()))
