"""Identifiers: one value for every way of writing it, nothing for what identifies nobody."""

import pytest

from graph_cdp.matching.junk import JunkList
from graph_cdp.matching.normalise import Junk, Normalised, Unusable, normalise_identifier


@pytest.mark.parametrize(
    ("kind", "raw", "value"),
    [
        ("email", " Jean.Martin@Example.FR ", "jean.martin@example.fr"),
        ("email", "jose\u0301@X.fr\u200b", "jos\u00e9@x.fr"),
        ("email", "\ufeffa+tag@x.fr", "a+tag@x.fr"),
        ("email", "a@b\u00fccher.de", "a@b\u00fccher.de"),
        ("email", "a@xn--bcher-kva.de", "a@b\u00fccher.de"),
        ("email", "A\x00@x.fr", "a@x.fr"),
        ("email", "p\u0430ypal@x.fr", "p\u0430ypal@x.fr"),
        ("phone", "06 12 34 56 78", "+33612345678"),
        ("phone", "+33 (0)6.12.34.56.78", "+33612345678"),
        ("phone", "0033 6 12 34 56 78", "+33612345678"),
        ("phone", "\uff10\uff16 12 34 56 78", "+33612345678"),
        ("phone", 33612345678, "+33612345678"),
        ("phone", "01 40 00 00 01 ext. 12", "+33140000001;ext=12"),
        ("phone", "33612345678.0", "+33612345678"),
        ("loyalty_card", "2990-0017", "29900017"),
        ("loyalty_card", "2990 0017.0", "29900017"),
        ("national_id", "5304218.0", "5304218"),
        ("user_id", "17.0", "17.0"),
        ("loyalty_card", "2990 0042", "29900042"),
        ("loyalty_card", "2990\u20110042", "29900042"),
        ("national_id", "1 85.05-78 006 084 36a", "185057800608436A"),
        ("national_id", "\u0131\u0300", "\u00cc"),
        ("loyalty_card", "e \u0301", "\u00e9"),
        ("advertising_id", "38400000-8CF0-11BD-B23E-10B96E40000D", "38400000-8cf0-11bd-b23e-10b96e40000d"),
        ("user_id", 17, "17"),
        ("user_id", 2**63, "9223372036854775808"),
        ("user_id", " U1 ", "U1"),
        ("user_id", "\u202eu1", "u1"),
        ("user_id", "x" * 1_024, "x" * 1_024),
        ("user_id", "'}) DETACH DELETE n //", "'}) DETACH DELETE n //"),
        ("user_id", "__proto__", "__proto__"),
        ("anonymous_id", "a1", "a1"),
        ("alias", "a1", "a1"),
        ("customer_id", "crm:17", "crm:17"),
        ("soc_sec_id", "5304218", "5304218"),
    ],
)
def test_every_way_of_writing_gives_one_value(kind: str, raw: object, value: str) -> None:
    assert normalise_identifier(kind, raw) == Normalised(value)


@pytest.mark.parametrize(
    ("kind", "raw", "rule"),
    [
        *(
            (kind, word, "word")
            for kind in ("user_id", "email")
            for word in ("null", "None", " NaN ", "undefined")
        ),
        ("anonymous_id", "[object Object]", "word"),
        ("loyalty_card", "2.9901E+12", "cut number"),
        ("customer_id", "1e+16", "cut number"),
        ("phone", "3,36E+10", "cut number"),
        ("user_id", "Anonymous", "word"),
        ("user_id", "GUEST", "word"),
        ("user_id", "n/a", "word"),
        ("user_id", "not_authenticated", "word"),
        ("user_id", "distinct_id", "word"),
        ("user_id", "true", "word"),
        ("user_id", -1, "word"),
        ("user_id", "", "blank"),
        ("user_id", " \t\u200b\u00a0", "blank"),
        ("user_id", "0000", "zeros"),
        ("user_id", 0, "zeros"),
        ("loyalty_card", "000 000", "zeros"),
        ("anonymous_id", "00000000-0000-0000-0000-000000000000", "zeros"),
        ("advertising_id", "00000000-0000-0000-0000-000000000000", "zeros"),
        ("email", "TEST@test.com", "email"),
        ("email", "noreply@shop.fr", "email"),
        ("phone", "0000000000", "zeros"),
        ("phone", "00 00 00 00 00", "one repeated digit"),
        ("phone", "1111111111", "one repeated digit"),
        ("phone", "+33 6 66 66 66 66", "one repeated digit"),
    ],
)
def test_what_identifies_nobody_is_junk(kind: str, raw: object, rule: str) -> None:
    assert normalise_identifier(kind, raw) == Junk(rule)


@pytest.mark.parametrize(
    ("kind", "raw", "reason"),
    [
        ("user_id", None, "absent"),
        ("user_id", True, "not a string"),
        ("user_id", 1.5, "not a string"),
        ("user_id", ["u1"], "not a string"),
        ("user_id", {"id": "u1"}, "not a string"),
        ("user_id", 10**400, "not a string"),
        ("user_id", "x" * 1_025, "too long"),
        ("user_id", "\u00e9" * 513, "too long"),
        ("user_id", "u\ud800", "not valid Unicode"),
        ("email", "not an address", "not a possible email"),
        ("email", "root@localhost", "not a possible email"),
        ("email", "a@x.fr, b@x.fr", "not a possible email"),
        ("phone", "call me", "not a possible phone"),
        ("phone", "17", "not a possible phone"),
        ("phone", "06 12 34 56 7", "not a possible phone"),
    ],
)
def test_what_is_no_value_of_the_kind_is_unusable(kind: str, raw: object, reason: str) -> None:
    assert normalise_identifier(kind, raw) == Unusable(reason)


def test_a_phone_is_read_in_its_region() -> None:
    assert normalise_identifier("phone", "0171 234567", region="DE") == Normalised("+49171234567")
    assert normalise_identifier("phone", "(202) 555-0143", region="US") == Normalised("+12025550143")


def test_a_number_that_was_stored_as_a_float_is_nobody_elses() -> None:
    """German numbers have no fixed length: the zero behind the point would be a digit more."""
    assert normalise_identifier("phone", "1511234567.0", region="DE") == Normalised("+491511234567")


def test_a_steward_adds_to_the_list_of_junk() -> None:
    head_office = JunkList(values=frozenset({("phone", "+33140000001")}))
    assert normalise_identifier("phone", "01 40 00 00 01", junk=head_office) == Junk("declared")
    assert normalise_identifier("phone", "01 40 00 00 01") == Normalised("+33140000001")


def test_the_turkish_dotted_capital_is_another_letter() -> None:
    assert normalise_identifier("email", "\u0130@x.fr") == Normalised("i\u0307@x.fr")
    assert normalise_identifier("email", "I@x.fr") == Normalised("i@x.fr")
