"""Text as it reaches us, made comparable: Unicode forms, invisible characters, blanks.

Two spellings that a person cannot tell apart on a screen must be one value, whichever keyboard, phone or file
they came from (Unicode Standard Annex 15 for the forms, general categories Cc and Cf for what is invisible).
"""

import unicodedata

VALUE_BYTES_MAX = 1_024
"""Longest value of an identifier, in bytes of UTF-8: longer ones are mistakes, and bloat an index."""

TRAIT_BYTES_MAX = 8_192
"""Longest value of a trait, in bytes of UTF-8: an index entry of Neo4j holds about 32 kB, a sentence far less."""

_INTEGER_BITS_MAX = 512
_JOINERS = "\u200c\u200d"
"""Invisible, but part of the spelling in Persian and Indic names: kept in traits, never in identifiers."""


def as_text(raw: object) -> str | None:
    """The text of a JSON value that can be one: a string, or an integer in decimal digits.

    Anything else has no text: None, true and false, a list, a map, a number with a fraction.
    """
    if isinstance(raw, str):
        return raw
    if isinstance(raw, int) and not isinstance(raw, bool) and raw.bit_length() <= _INTEGER_BITS_MAX:
        return str(raw)
    return None


def without_empty_fraction(text: str) -> str:
    """A whole number without the `.0` that it gets where it was stored as a float: `33612345678.0` has no digit more than it says."""
    return text[:-2] if text.endswith(".0") and text[:-2].isdecimal() else text


def has_lone_surrogate(text: str) -> bool:
    """Whether the text holds half a surrogate pair: it cannot be written as UTF-8, so it cannot be stored."""
    return not text.isascii() and any("\ud800" <= character <= "\udfff" for character in text)


def bytes_of(text: str) -> int:
    """Length in bytes of UTF-8; lone surrogates count as three."""
    return len(text) if text.isascii() else len(text.encode("utf-8", "surrogatepass"))


def visible(text: str, *, keep: str = "") -> str:
    """The text without control and format characters (NUL, zero-width, BOM, direction marks), in form NFC.

    Blanks at both ends go, and each line break or tab becomes a blank. `keep` names format characters to keep.
    """
    if text.isascii() and text.isprintable():
        return text.strip()
    shown = "".join(_shown(character, keep) for character in text)
    return unicodedata.normalize("NFC", shown).strip()


def one_line(text: str) -> str:
    """The text as a person would type it in one field: visible characters, each run of blanks one blank."""
    return unicodedata.normalize("NFC", " ".join(visible(text, keep=_JOINERS).split()))


def _shown(character: str, keep: str) -> str:
    if character in "\t\n\v\f\r\x85\u2028\u2029":
        return " "
    if character in keep or unicodedata.category(character) not in {"Cc", "Cf"}:
        return character
    return ""
