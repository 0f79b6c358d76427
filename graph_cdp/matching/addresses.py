"""Addresses, made comparable without guessing: two spellings of one place have one key, two places never do by design.

A key is for comparing only; what is stored and shown is what the source said. `st` and `ste` may be Saint, Sainte,
street or suite, and `dr` a doctor: they stay as they are, for a wrong reading would make one place of two.
"""

import re
from types import MappingProxyType

from graph_cdp.matching.names import fold

STREET_TYPES_FIRST = MappingProxyType({
    "all": "allee", "av": "avenue", "ave": "avenue", "bd": "boulevard", "bld": "boulevard", "blvd": "boulevard",
    "boul": "boulevard", "ch": "chemin", "che": "chemin", "chem": "chemin", "crs": "cours", "fbg": "faubourg",
    "fg": "faubourg", "imp": "impasse", "pl": "place", "r": "rue", "rte": "route", "sq": "square",
})  # fmt: skip
"""Before the name of the street, as in French: what La Poste abbreviates (AFNOR XP Z 10-011), and what people write."""

STREET_TYPES_LAST = MappingProxyType({
    "av": "avenue", "ave": "avenue", "blvd": "boulevard", "cres": "crescent", "hwy": "highway", "ln": "lane",
    "pkwy": "parkway", "pl": "place", "rd": "road", "sq": "square",
})  # fmt: skip
"""After the name of the street, as in English (USPS Publication 28, appendix C1)."""

SUFFIXES = MappingProxyType({"bis": "b", "ter": "t", "quater": "q", "b": "b", "t": "t", "q": "q"})
"""What repeats a house number, with its official letter. Other letters that stand apart are words: `r` is a street."""

_APOSTROPHES = re.compile(r"['\u2019\u02bc`\u00b4]")
"""Blanks here, unlike in names: the postal spelling of `de l'Opéra` is `DE L OPERA`."""

_NUMBER_WITH_SUFFIX = re.compile(r"([0-9]+)(bis|ter|quater)")
_CEDEX = re.compile(r"(.+?)(?: cedex(?: [0-9]{1,2})?)+")
_FRENCH_PREFIX = re.compile(r"FR?-(?=[0-9]{5}$)")
_BRITISH = re.compile(r"([A-Z]{1,2}[0-9][A-Z0-9]?)([0-9][A-Z]{2})")
_DUTCH = re.compile(r"([1-9][0-9]{3})([A-Z]{2})")
_AMERICAN = re.compile(r"([0-9]{5})-?([0-9]{4})")


def address_key(street: str) -> str:
    """The form in which a house number and street are compared: plain small letters, types written out.

    `12 bis, av. de l'Opéra` and `12B Avenue de l'Opera` are both `12b avenue de l opera`. A key's key is itself.
    """
    words = _number_first(_folded(street).split())
    start = 1 if words and words[0][0].isdigit() else 0
    if len(words) - start < 2:  # noqa: PLR2004 - a type and a name; one word is a name
        return " ".join(words)
    words[start] = STREET_TYPES_FIRST.get(words[start], words[start])
    words[-1] = STREET_TYPES_LAST.get(words[-1], words[-1])
    return " ".join(words)


def city_key(city: str) -> str:
    """The form in which cities are compared: without CEDEX, which names a post office's delivery and no place."""
    folded = _folded(city)
    found = _CEDEX.fullmatch(folded)
    return found[1] if found else folded


def postal_code_key(code: str, *, country: str) -> str:
    """The form in which postal codes are compared, by the country's own (ISO 3166-1 alpha-2).

    A code that has not its country's form stays as it is, in capitals: to complete it would be a guess.
    """
    written = " ".join(code.upper().split())
    joined = written.replace(" ", "")
    match country:
        case "FR":
            digits = _FRENCH_PREFIX.sub("", joined)
            return digits if re.fullmatch(r"[0-9]{5}", digits) else written
        case "GB":
            return _spaced(_BRITISH.fullmatch(joined), " ") or written
        case "NL":
            return _spaced(_DUTCH.fullmatch(joined), " ") or written
        case "US":
            return _spaced(_AMERICAN.fullmatch(joined), "-") or written
        case _:
            return written


def _folded(text: str) -> str:
    return fold(_APOSTROPHES.sub(" ", text))


def _spaced(found: re.Match[str] | None, between: str) -> str | None:
    return between.join(found.groups()) if found else None


def _number_first(words: list[str]) -> list[str]:
    """The words, with a house number and its suffix as one."""
    if not words:
        return words
    number, *rest = words
    glued = _NUMBER_WITH_SUFFIX.fullmatch(number)
    if glued:
        return [glued[1] + SUFFIXES[glued[2]], *rest]
    if number.isdigit() and rest and rest[0] in SUFFIXES:
        return [number + SUFFIXES[rest[0]], *rest[1:]]
    return words
