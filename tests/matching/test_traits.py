"""Traits: cleaned, never guessed."""

import pytest

from graph_cdp.matching.normalise import normalise_trait


@pytest.mark.parametrize(
    ("name", "raw", "value"),
    [
        ("birth_date", "2001-05-04", "2001-05-04"),
        ("birth_date", "2001-05-04T22:00:00.000Z", "2001-05-04"),
        ("birth_date", "04/05/2001", "2001-05-04"),
        ("birth_date", "4.5.2001", "2001-05-04"),
        ("birth_date", "20010504", "2001-05-04"),
        ("birth_date", 20010504, "2001-05-04"),
        ("birth_date", "2000-02-29", "2000-02-29"),
        ("birth_date", "2001-02-30", None),
        ("birth_date", "12/25/1990", None),
        ("birth_date", "0000-00-00", None),
        ("birth_date", "0001-01-01", None),
        ("birth_date", "9999-12-31", None),
        ("birth_date", "1900-01-01", None),
        ("birth_date", "yesterday", None),
        ("country", "France", "FR"),
        ("country", "fra", "FR"),
        ("country", "\u00c9tats-Unis", "US"),
        ("country", "Deutschland", "DE"),
        ("country", " Narnia ", "Narnia"),
        ("gender", "Mme", "f"),
        ("gender", "Homme", "m"),
        ("gender", 2, "f"),
        ("gender", "non-binary", "x"),
        ("gender", "?", None),
        ("first_name", "  Jean\t Pierre\x00 ", "Jean Pierre"),
        ("first_name", "null", None),
        ("last_name", "Null", "Null"),
        ("last_name", "[object Object]", None),
        ("name", "CLIENT PASSAGE", None),
        ("last_name", "Client", None),
        ("title", "Client", "Client"),
        ("last_name", "=cmd|' /C calc'!A0", "=cmd|' /C calc'!A0"),
        ("city", "N/A", None),
        ("city", "Saint-\u00c9tienne\u200b", "Saint-\u00c9tienne"),
        (
            "name",
            "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",
            "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",
        ),
        ("email", "Jean@X.fr", "jean@x.fr"),
        ("email_2", "test@test.com", None),
        ("phone", "06 12 34 56 78", "+33612345678"),
        ("phone_2", "17", None),
        ("age", "042", "42"),
        ("age", 131, None),
        ("age", "old", None),
        ("language", "fr_fr", "fr-FR"),
        ("language", "EN", "en"),
        ("postal_code", "06 000", "06000"),
        ("postal_code", "sw1a 1aa", "SW1A 1AA"),
        ("postal_code", 75001, "75001"),
        ("postal_code", "75001.0", "75001"),
        ("phone", "33612345678.0", "+33612345678"),
        ("birth_date", "19900504.0", "1990-05-04"),
        ("description", "x" * 8_193, None),
        ("description", "a\ud800", None),
        ("title", None, None),
        ("title", True, None),
        ("title", ["Mr"], None),
    ],
)
def test_trait_is_cleaned(name: str, raw: object, value: str | None) -> None:
    assert normalise_trait(name, raw) == value


def test_where_the_month_comes_first_it_is_read_first() -> None:
    assert normalise_trait("birth_date", "12/25/1990", region="US") == "1990-12-25"
