"""What the letters of two values rule out before anybody compares them: of the pairs that differ, most are nothing alike.

Of each value its length, its first letters and a bag of its letters are kept as numbers. The bag has some bits for each letter: one for
its first occurrence, one for its second. The bits in which two bags differ are then no more than the letters that the one has and the
other has not, so they bound every similarity. RapidFuzz is asked about what is left: where it would say "nothing alike", this says so.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from graph_cdp.matching.linkage.fields import Kind
from graph_cdp.matching.names import has_nicknames

Codes = NDArray[np.signedinteger]
Mask = NDArray[np.bool_]

SIMILAR, MANY_WORDS = 0.80, 70
"""The least Jaro-Winkler similarity (Winkler 1990), and the least per cent of the words of a text, that are a level above 0."""

ROUNDING = 1e-4
"""What is so near to a bound is asked about: the bound is worked out in float32."""

PREFIX, PREFIX_WEIGHT = 4, 0.1
"""Letters in the beginning that Jaro-Winkler counts, and what each brings (Winkler 1990)."""

LENGTH_MAX = 255
SIZES = 40
"""Lengths of which is known by a table how far apart two values may be."""

DIGITS_MOST = 0.75
"""Of digits are columns that have at least this share of them: a date has two dashes."""

DIGITS = frozenset(b"0123456789")
_UNUSUAL = re.compile(r"\n\n| [ \n]|\n |[\0-\x09\x0b-\x1f]")
"""Beside what is not ASCII: no value at all, blanks that do not stand alone between words, and what is no letter."""

_LETTERS, _BLANKS = bytes(range(ord(" "), 128)) + b"\n", (b"\n\n", b" \n", b"\n ", b"  ")
"""What a text of usual values consists of, and what it has nowhere."""

ODD, WORDS, SHORT_FORMS = 1 << 40, 1 << 41, 1 << 42


@dataclass(frozen=True, slots=True, kw_only=True)
class Letters:
    """Of each value of a column its bag; and as one number its first four letters, its length, and whether it is odd, of several words,
    or a name with nicknames. What is odd is never ruled out; `odd` is whether anything is. `size` is its length, 0 where letters tell less of it
    than of others; `far` are, by the sizes of two values, the most letters that the one has and the other has not if they are alike.
    """

    bag: NDArray[np.uint64]
    about: NDArray[np.int64]
    odd: bool
    size: NDArray[np.int16]
    far: NDArray[np.uint8] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Met:
    """Pairs of values: the letters that the one has and the other has not, at least; and what is known about each."""

    apart: NDArray[np.uint8]
    one: NDArray[np.int64]
    other: NDArray[np.int64]

    def begin_alike(self, letters: int) -> Mask:
        """Whether so many first letters are the same, at most four."""
        return (self.one ^ self.other) & ((1 << 8 * letters) - 1) == 0

    def either(self, flags: int) -> Mask:
        """Whether any of these is said of one of them."""
        return (self.one | self.other) & flags != 0

    def both(self, flag: int) -> Mask:
        """Whether this is said of both."""
        return self.one & self.other & flag != 0

    def lengths(self) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """The letters of each."""
        one, other = ((about >> 32 & LENGTH_MAX).astype(np.float32) for about in (self.one, self.other))
        return one, other


def tells_of(kind: Kind) -> bool:
    """Whether letters tell anything of this kind: of others, values that are not equal are nothing alike."""
    return kind in _RULES


def letters_of(values: Sequence[str], kind: Kind) -> Letters:
    """The letters of these values, as numbers."""
    lengths = np.minimum(np.fromiter(map(len, values), dtype=np.int64, count=len(values)), LENGTH_MAX + 1)
    odd = _odd(values) | (lengths > LENGTH_MAX)
    table = _table(values, int(lengths.max(initial=0)), plain=not odd.any())
    about = np.zeros((len(values), 8), dtype=np.uint8)
    about[:, :PREFIX] = table[:, :PREFIX]
    about[:, PREFIX] = np.minimum(lengths, LENGTH_MAX)
    numbers = about.view("<i8").ravel().astype(np.int64)
    numbers |= ODD * odd | WORDS * (table == ord(" ")).any(axis=1)
    if kind == "given_name":
        numbers |= SHORT_FORMS * np.array([has_nicknames(value) for value in values], dtype=np.bool_)
    asked = ODD if kind == "text" else ODD | WORDS
    size = np.where((numbers & asked != 0) | (lengths >= SIZES), 0, lengths).astype(np.int16)
    return Letters(bag=_bags(table), about=numbers, odd=bool(odd.any()), size=size, far=_far(kind))


@cache
def _far(kind: Kind) -> NDArray[np.uint8] | None:
    """By two sizes, the most letters apart that the rule of this kind lets pass, if all else speaks for likeness; None where it asks for more."""
    if kind not in _BY_SIMILARITY:
        return None
    one, other, apart = (axis.ravel() for axis in np.indices((SIZES, SIZES, 2 * SIZES)))
    passes = _RULES[kind](
        Met(apart=apart.astype(np.uint8), one=np.maximum(one, 1) << 32, other=np.maximum(other, 1) << 32)
    )
    most = np.where(passes, apart, 0).reshape(SIZES, SIZES, -1).max(axis=2)
    most[0] = most[:, 0] = LENGTH_MAX
    return most.astype(np.uint8).ravel()


def _odd(values: Sequence[str]) -> Mask:
    """Which values are not of ASCII letters with one blank between words: of others is true what is worked out here."""
    together = "\n".join(["", *values, ""])
    if together.isascii() and together.count("\n") == len(values) + 1:
        text = together.encode("ascii")
        if not text.translate(None, _LETTERS) and not any(unusual in text for unusual in _BLANKS):
            return np.zeros(len(values), dtype=np.bool_)
    return np.array([not _is_usual(value) for value in values], dtype=np.bool_)


def _is_usual(value: str) -> bool:
    return value.isascii() and not _UNUSUAL.search(f"\n{value}\n")


def _table(values: Sequence[str], width: int, *, plain: bool) -> NDArray[np.uint8]:
    """The characters of each value, a row each, as far as LENGTH_MAX."""
    lines = values if plain else [value.encode("ascii", "replace") for value in values]
    width = min(max(PREFIX, width), LENGTH_MAX)
    return np.array(lines, dtype=f"S{width}").view(np.uint8).reshape(len(values), width)


def _bags(table: NDArray[np.uint8]) -> NDArray[np.uint64]:
    """The bag of each row of ASCII codes: six bits for each digit where nearly all are digits, else two for each letter."""
    written = np.count_nonzero(table)
    digits = np.count_nonzero((table >= ord("0")) & (table <= ord("9")))
    slots = np.zeros(256, dtype=np.uint64)
    if digits >= DIGITS_MOST * written:
        size, depth = 10, 6
        slots[list(DIGITS)] = [1 << (code - ord("0")) for code in DIGITS]
    else:
        size, depth = 32, 2
        slots[1:] = [1 << _slot(code) for code in range(1, 256)]
    levels = [np.zeros(len(table), dtype=np.uint64) for _ in range(depth)]
    for characters in np.ascontiguousarray(table.T):
        news = slots[characters]
        for number in range(depth):
            again = levels[number] & news
            levels[number] |= news
            news = again
    bags = np.zeros(len(table), dtype=np.uint64)
    for number, level in enumerate(levels):
        bags |= level << np.uint64(size * number)
    return bags


def _slot(code: int) -> int:
    """The place of a character in the bag: 26 letters, digits by fours, and whatever else there is."""
    letter = chr(code).lower()
    if "a" <= letter <= "z":
        return ord(letter) - ord("a")
    return 26 + code % 4 if code in DIGITS else 30 + (letter == " ")


def may_be_alike(letters: Letters, kind: Kind, one: Codes, other: Codes) -> Mask:
    """Of pairs of different values, those that may be of a level above 0; no others are."""
    rule = _RULES.get(kind)
    if rule is None:
        return np.zeros(len(one), dtype=np.bool_)
    apart = np.bitwise_count(letters.bag.take(one) ^ letters.bag.take(other))
    if kind in _EDITS and not letters.odd:  # nothing else need be known of them
        return apart <= 2 * _EDITS[kind]
    if letters.far is None:
        met = Met(apart=apart, one=letters.about.take(one), other=letters.about.take(other))
        return rule(met) | met.either(ODD)
    sizes = letters.size.take(one) * np.int16(SIZES) + letters.size.take(other)
    some = np.flatnonzero(apart <= letters.far.take(sizes))
    one, other = letters.about.take(one.take(some)), letters.about.take(other.take(some))
    met = Met(apart=apart.take(some), one=one, other=other)
    found = np.zeros(len(apart), dtype=np.bool_)
    found[some] = rule(met) | met.either(ODD)
    return found


def _similar(met: Met) -> Mask:
    """Whether Jaro-Winkler may be so great: if all letters in common were in order."""
    one, other = met.lengths()
    common = np.minimum(np.minimum(one, other), (one + other - met.apart) / 2)
    jaro = (common / one + common / other + 1) / 3
    begins = (met.one ^ met.other).astype(np.uint32)
    prefix = np.zeros(len(one), dtype=np.float32)
    for letters in range(1, PREFIX + 1):
        prefix += begins << np.uint32(32 - 8 * letters) == 0
    return jaro + PREFIX_WEIGHT * prefix * (1 - jaro) >= SIMILAR - ROUNDING


def _given_names(met: Met) -> Mask:
    """A short form, an initial and a nickname are alike, too."""
    return _similar(met) | met.begin_alike(1) | met.either(WORDS) | met.both(SHORT_FORMS)


def _surnames(met: Met) -> Mask:
    return _similar(met) | met.either(WORDS)


def _texts(met: Met) -> Mask:
    """Words in whatever order: the share of letters in common bounds the longest common subsequence."""
    one, other = met.lengths()
    return ((one + other - met.apart) / (one + other) >= MANY_WORDS / 100 - ROUNDING) | _similar(met)


def _edited(edits: int) -> Callable[[Met], Mask]:
    """Whether so few edits may lead from the one to the other: each takes a letter away, and brings one."""
    return lambda met: met.apart <= 2 * edits


_EDITS: Mapping[Kind, int] = {"birth_date": 2, "identifier": 1}
"""The edits of kinds of which only those count."""

_BY_SIMILARITY: frozenset[Kind] = frozenset({"surname", "text"})

_RULES: Mapping[Kind, Callable[[Met], Mask]] = {
    "given_name": _given_names,
    "surname": _surnames,
    "year": lambda met: np.ones(len(met.apart), dtype=np.bool_),
    "postal_code": lambda met: _edited(1)(met) | met.begin_alike(2),
    "text": _texts,
    **{kind: _edited(edits) for kind, edits in _EDITS.items()},
}
"""Kinds that are not named know no level between equal and nothing alike."""
