"""Names: folded to what comparison needs, and compared the way one person's name varies.

A person is Alexandre on the card, Alex on the site and ALEX. R. at the till. Two names *clearly differ* only
when nothing of that kind explains them (DESIGN.md 4): this is a veto on joining, so it errs towards agreement.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from functools import lru_cache

from anyascii import anyascii
from rapidfuzz.distance import JaroWinkler

from graph_cdp.matching.nicknames import GROUPS

SIMILARITY_MIN = 0.8
"""Jaro-Winkler similarity from which two spellings may be one name (Winkler 1990)."""

_NOT_LETTERS = re.compile(r"[^a-z0-9]+")
_ASCII = frozenset(map(chr, range(128)))
_APOSTROPHES = re.compile("['\u2019\u2018\u02bc`\u00b4]")
_LETTERS = bytes(
    ord(chr(byte).lower()) if (chr(byte).isalnum() and byte < 128) or byte == 10 else 32  # noqa: PLR2004 - ASCII, line feed
    for byte in range(256)
)
"""Of each ASCII character what `fold` makes of it; names that are folded together have a line each."""

REPLACED_MAX = 100
"""Characters that are replaced in a text one after the other: of so few that takes a third of the time of a table."""

_CACHE_PAIRS = 16_384
"""Pairs of given names whose comparison is remembered: a few hundred names make most of a population."""


def fold(name: str) -> str:
    """A name in plain lower-case letters and digits, one blank between its parts: `Léa-Maÿ D'Œ` is `lea may doe`.

    Other scripts are transliterated (anyascii), so that Αθηνά and Athina meet. Folding twice changes nothing.
    """
    plain = name if name.isascii() else anyascii(unicodedata.normalize("NFC", name))
    return _NOT_LETTERS.sub(" ", _APOSTROPHES.sub("", plain).lower()).strip()


def fold_all(names: Sequence[str]) -> list[str | None]:
    """Each of many names as `fold` makes it; None for one with characters that cannot be seen, which is not folded here.

    All are folded as one text, a name a line: ten times as fast as one by one.
    """
    shown = [name.isprintable() for name in names]
    text = "\n".join([name if seen else "" for name, seen in zip(names, shown, strict=True)])
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
        others = {character: anyascii(character) for character in set(text) - _ASCII}
        if len(others) > REPLACED_MAX:
            text = text.translate(str.maketrans(others))
        else:
            for character, plain in others.items():
                text = text.replace(character, plain)
    folded = text.encode("ascii").translate(_LETTERS, b"'`")
    while b"  " in folded:
        folded = folded.replace(b"  ", b" ")
    lines = folded.replace(b" \n", b"\n").replace(b"\n ", b"\n").strip(b" ").decode("ascii").split("\n")
    return [line if seen else None for line, seen in zip(lines, shown, strict=bool(names))]


def given_names_differ(
    left: str, right: str, *, left_surname: str | None = None, right_surname: str | None = None
) -> bool:
    """Whether two given names cannot be one person's: no spelling, short form or nickname explains them.

    A given name that stands in the other's surname field is not a difference either: the fields are swapped.
    Symmetric; false when either name is empty.
    """
    return folded_names_differ(
        (fold(left), fold(left_surname or "")), (fold(right), fold(right_surname or ""))
    )


def folded_names_differ(left: tuple[str, str], right: tuple[str, str]) -> bool:
    """`given_names_differ` of folded (given name, surname) pairs, an empty surname being unknown."""
    if left == right or not left[0] or not right[0]:
        return False
    return not agree(left[0], right[0]) and not _swapped(left, right)


def _swapped(left: tuple[str, str], right: tuple[str, str]) -> bool:
    """Whether each given name, where the other side knows its surname, agrees with that surname."""
    crossed = [(left[0], right[1]), (right[0], left[1])]
    known = [(given, surname) for given, surname in crossed if surname]
    return bool(known) and all(agree(given, surname) for given, surname in known)


def agree(left: str, right: str) -> bool:
    """Whether two folded names may be one: a token of one is a prefix, a nickname or a near spelling of the other's.

    Symmetric; a name that is not empty agrees with itself.
    """
    return _agree(left, right) if left <= right else _agree(right, left)


@lru_cache(maxsize=_CACHE_PAIRS)
def _agree(left: str, right: str) -> bool:
    if _near(left, right) or (_groups_of(left) & _groups_of(right)):
        return True
    return any(_tokens_agree(a, b) for a in left.split() for b in right.split())


def _tokens_agree(left: str, right: str) -> bool:
    return (
        left.startswith(right)
        or right.startswith(left)
        or _near(left, right)
        or not _groups_of(left).isdisjoint(_groups_of(right))
    )


def _near(left: str, right: str) -> bool:
    return JaroWinkler.similarity(left, right, score_cutoff=SIMILARITY_MIN) >= SIMILARITY_MIN


def has_nicknames(name: str) -> bool:
    """Whether a folded name is a nickname, or has one."""
    return name in _GROUPS_BY_NAME


def _groups_of(name: str) -> frozenset[int]:
    return _GROUPS_BY_NAME.get(name, frozenset())


def _groups_by_name() -> Mapping[str, frozenset[int]]:
    groups: dict[str, set[int]] = {}
    for number, line in enumerate(GROUPS.strip().splitlines()):
        for name in line.split():
            groups.setdefault(fold(name), set()).add(number)
    return {name: frozenset(numbers) for name, numbers in groups.items()}


_GROUPS_BY_NAME = _groups_by_name()
