"""Identifiers: a raw value of any source, as the one value that everybody who holds it shares."""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

from rapidfuzz.distance import OSA

from graph_cdp.matching.emails import address
from graph_cdp.matching.junk import DEFAULT_JUNK, JunkList, one_repeated_digit
from graph_cdp.matching.phones import e164, national_digits
from graph_cdp.matching.text import (
    VALUE_BYTES_MAX,
    as_text,
    bytes_of,
    has_lone_surrogate,
    visible,
    without_empty_fraction,
)


@dataclass(frozen=True, slots=True)
class Normalised:
    """A value that may identify someone."""

    value: str


@dataclass(frozen=True, slots=True)
class Junk:
    """A value that never identifies anyone; `rule` says which rule of the list it met."""

    rule: str


@dataclass(frozen=True, slots=True)
class Unusable:
    """Not a value of this kind at all; `reason` says why, and holds no personal data."""

    reason: str


Outcome = Normalised | Junk | Unusable

EDITS_MAX = 2
"""Two numbers that differ by so many characters at most, two neighbours swapped counted as one, may be one number mistyped."""

_BLANKS_AND_DASHES = re.compile(r"[\s\-\u2010-\u2015\u2212\ufe58\ufe63\uff0d]+")
_BLANKS_DASHES_DOTS = re.compile(r"[\s.\-/\u2010-\u2015\u2212\ufe58\ufe63\uff0d]+")


def normalise_identifier(
    kind: str, raw: object, *, region: str = "FR", junk: JunkList = DEFAULT_JUNK
) -> Outcome:
    """What a raw value of a kind identifies: its normalised value, or why it identifies nobody.

    Never raises. `kind` is `user_id`, `customer_id`, `national_id` or any other external id, `alias`,
    `loyalty_card`, `email`, `phone`, `anonymous_id`, `advertising_id`. `region` is where a phone number without
    a country code is dialled (ISO 3166-1 alpha-2). Strings and integers have values; null, booleans,
    lists and maps have none. A normalised value normalises to itself.
    """
    text = as_text(raw)
    if text is None:
        return Unusable("absent" if raw is None else "not a string")
    if bytes_of(text) > VALUE_BYTES_MAX:
        return Unusable("too long")
    if has_lone_surrogate(text):
        return Unusable("not valid Unicode")
    seen = visible(text)
    rule = junk.rule(kind, seen)
    if rule is not None:
        return Junk(rule)
    return _of_kind(kind, seen, region, junk)


def _of_kind(kind: str, seen: str, region: str, junk: JunkList) -> Outcome:
    value = _phone(seen, region) if kind == "phone" else _FORMS.get(kind, _as_it_is)(seen)
    if value is None:
        return Unusable(f"not a possible {kind}")
    if isinstance(value, Junk):
        return value
    value = unicodedata.normalize("NFC", value)  # letters that change case or lose a blank may compose anew
    rule = junk.rule(kind, value)
    if rule is not None:
        return Junk(rule)
    return Unusable("too long") if bytes_of(value) > VALUE_BYTES_MAX else Normalised(value)


def _phone(seen: str, region: str) -> str | Junk | None:
    if one_repeated_digit(re.sub(r"\D", "", seen)) and any(character.isdigit() for character in seen):
        return Junk("one repeated digit")
    value = e164(without_empty_fraction(seen), region=region)
    if value is not None and _ends_in_one_digit(value) and one_repeated_digit(national_digits(value)):
        return Junk("one repeated digit")
    return value


def _ends_in_one_digit(e164_value: str) -> bool:
    """Whether its last two digits are the same: most numbers end otherwise, and are not read again."""
    number = e164_value.partition(";")[0]
    return number[-1] == number[-2]


def _as_it_is(seen: str) -> str | None:
    return seen


def _card(seen: str) -> str | None:
    return without_empty_fraction(_BLANKS_AND_DASHES.sub("", seen))


def _national(seen: str) -> str | None:
    return _BLANKS_DASHES_DOTS.sub("", without_empty_fraction(_BLANKS_AND_DASHES.sub("", seen))).upper()


def _advertising(seen: str) -> str | None:
    return seen.lower()


_FORMS: dict[str, Callable[[str], str | None]] = {
    "email": address,
    "loyalty_card": _card,
    "national_id": _national,
    "advertising_id": _advertising,
}
"""Kinds whose values have a form of their own; every other kind is taken as it is, case included."""


def may_be_mistyped(left: str, right: str) -> bool:
    """Whether two numbers that people type may be one of them mistyped. Symmetric."""
    return OSA.distance(left, right, score_cutoff=EDITS_MAX) <= EDITS_MAX
