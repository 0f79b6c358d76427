"""Phone numbers in E.164, read the way people of a region write them (ITU-T E.164, E.123, RFC 3966)."""

import re
from collections.abc import Sequence
from functools import lru_cache

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumber, PhoneNumberFormat

_PLAIN = {"FR": ("+33", re.compile(r"^(?:(?:0|\+33)([1-9][0-9]{8})|.*)$", re.MULTILINE))}
"""Of a region, its country code, and the digits of what most of its numbers look like, found in a number a line: the library, which takes
40 µs, is not asked.
"""

_ONE_DIGIT = frozenset(9 * digit for digit in "123456789")


@lru_cache(maxsize=1_024)  # a value is asked for as a trait and as an identifier, one soon after the other
def e164(text: str, *, region: str) -> str | None:
    """`+33612345678` for every way of writing it; None when it cannot be a number.

    `region` (ISO 3166-1 alpha-2) is where a number without a country code is dialled. A number counts when its
    length is possible there: numbering plans grow faster than any table of them, and a made-up number harms
    nobody. An extension is kept (`;ext=12`): colleagues behind one switchboard are not one person.
    """
    number = _parsed(text, region)
    if number is None or not phonenumbers.is_possible_number(number):
        return None
    if number.italian_leading_zero and not phonenumbers.is_valid_number(number):
        return None  # a digit too few: elsewhere than in Italy and the like a number does not begin with 0
    value = phonenumbers.format_number(number, PhoneNumberFormat.E164)
    return f"{value};ext={number.extension}" if number.extension else value


def plain_e164(texts: Sequence[str], region: str) -> list[str | None]:
    """What `e164` makes of each number that is written as most of its region are, not one digit over and over; None for any other."""
    if region not in _PLAIN:
        return [None] * len(texts)
    code, form = _PLAIN[region]
    lines = "\n".join(texts)
    if lines.count("\n") >= len(texts):
        lines = "\n".join("" if "\n" in text else text for text in texts)
    found: list[str] = form.findall(lines)
    return [code + digits if digits and digits not in _ONE_DIGIT else None for digits in found][: len(texts)]


def national_digits(value: str) -> str:
    """The digits after the country code of an E.164 number."""
    number = _parsed(value, "ZZ")
    return phonenumbers.national_significant_number(number) if number else ""


def region_of(text: str, *, region: str) -> str | None:
    """The country (ISO 3166-1 alpha-2) whose valid number it is; None when it is none, or belongs to no country.

    Read as by `e164`. Countries that share a code (+1, +7) are told apart by the number's own digits.
    """
    number = _parsed(text, region)
    if number is None or not phonenumbers.is_valid_number(number):
        return None
    found = phonenumbers.region_code_for_number(number)
    return found if found and found.isalpha() else None


def _parsed(text: str, region: str) -> PhoneNumber | None:
    try:
        return phonenumbers.parse(text, region)
    except NumberParseException:
        return None
