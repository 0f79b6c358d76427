"""The values of facts: cleaned, limited, or refused by an exact code."""

import math
from collections.abc import Callable

import pytest

from graph_cdp.errors import Invalid
from graph_cdp.intake.times import BadTime, parse_iso
from graph_cdp.intake.values import (
    read_amount,
    read_count,
    read_currency,
    read_key,
    read_line,
    read_optional_key,
    write_payload,
)


def test_texts_are_cleaned() -> None:
    assert read_line("  Linen\n shirt\u200b ", name="name") == "Linen shirt"
    assert read_line(" \u200b ", name="name") is None
    assert read_line(None, name="name") is None
    assert read_key(" SKU\x00-12 ", name="sku") == "SKU-12"
    assert read_optional_key("  ", name="store") is None
    assert read_optional_key("NULL", name="store") is None
    assert read_optional_key("0", name="store") == "0"
    assert read_currency("EUR") == "EUR"
    assert read_currency("") is None


def test_numbers_are_kept_as_they_are() -> None:
    assert read_amount(-0.5, name="amount") == -0.5
    assert read_amount(None, name="amount") is None
    assert read_amount(999_999_999_999.99, name="amount") == 999_999_999_999.99
    assert read_count(-999_999_999, name="quantity") == -999_999_999


@pytest.mark.parametrize(
    ("read", "code"),
    [
        (lambda: read_line("x" * 2_001, name="name"), "INVALID_FIELD"),
        (lambda: read_line("\ud800", name="name"), "INVALID_TEXT"),
        (lambda: read_key("\udc00", name="sku"), "INVALID_TEXT"),
        (lambda: read_key("\u200b", name="sku"), "INVALID_FIELD"),
        (lambda: read_key("\u00e9" * 513, name="sku"), "INVALID_FIELD"),
        (lambda: read_amount(math.nan, name="amount"), "INVALID_NUMBER"),
        (lambda: read_amount(math.inf, name="amount"), "INVALID_NUMBER"),
        (lambda: read_amount(1e12, name="amount"), "INVALID_NUMBER"),
        (lambda: read_amount(-0.01, name="price", least=0), "INVALID_NUMBER"),
        (lambda: read_count(10**9, name="stock"), "INVALID_NUMBER"),
        (lambda: read_currency("EURO"), "INVALID_FIELD"),
        (lambda: write_payload({"a": [math.nan]}), "INVALID_NUMBER"),
        (lambda: write_payload({"a": 2**63}), "INVALID_NUMBER"),
        (lambda: write_payload({"\ud800": 1}), "INVALID_TEXT"),
        (lambda: write_payload({"a": "x" * 32_768}), "EVENT_TOO_LARGE"),
    ],
)
def test_what_cannot_be_true_or_kept_is_refused(read: Callable[[], object], code: str) -> None:
    with pytest.raises(Invalid) as error:
        read()
    assert error.value.code == code


def test_a_payload_is_the_same_in_any_order_and_hashes_what_it_says() -> None:
    one = write_payload({"a": 1, "b": {"c": True, "d": None}})

    assert one.text == '{"a":1,"b":{"c":true,"d":null}}'
    assert write_payload({"b": {"d": None, "c": True}, "a": 1}) == one
    assert write_payload({"a": 2, "b": {"c": True, "d": None}}).body_hash != one.body_hash


def test_the_depth_of_a_payload_is_that_of_json() -> None:
    deep: dict[str, object] = {}
    for _ in range(31):
        deep = {"a": deep}
    write_payload(deep)

    with pytest.raises(Invalid) as error:
        write_payload({"a": deep})
    assert error.value.code == "TOO_DEEP"


@pytest.mark.parametrize("text", ["9999-12-31T23:59:59-14:00", "0001-01-01T00:00:00+14:00"])
def test_a_time_that_no_calendar_can_show_is_refused(text: str) -> None:
    """Its zone takes it out of the years that can be written: who read the person could not be answered."""
    with pytest.raises(BadTime, match="beyond the years"):
        parse_iso(text, field="at")
