"""Comparisons: how much two values of a field agree, as levels. The highest level is equality, 0 is no agreement.

Similarities are of RapidFuzz in float64, and compared after rounding to 1e-6, so that one pair has one level wherever and in
whatever batch it is compared. Every level is symmetric.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz
from rapidfuzz.distance import OSA, JaroWinkler
from rapidfuzz.process import cpdist

from graph_cdp.matching.linkage.columns import Codes, Column, numbered_as
from graph_cdp.matching.linkage.crossed import find_crossed
from graph_cdp.matching.linkage.fields import Kind
from graph_cdp.matching.linkage.letters import MANY_WORDS, SIMILAR, letters_of, may_be_alike, tells_of
from graph_cdp.matching.names import agree

Levels = NDArray[np.int8]
Grade = Callable[[Sequence[str], Sequence[str]], Levels]

UNKNOWN = -1
"""The level of a pair of which one side says nothing: no evidence either way."""

OPEN = -2
"""In place of a level that only a comparison of texts can tell."""

NEAR = 0.92
"""A Jaro-Winkler similarity (Winkler 1990), as SIMILAR is."""

ALL_WORDS, MOST_WORDS = 100, 90
"""Per cent of the words of two texts that are the same, in whatever order."""

EDITS_MAX, YEARS_MAX = 2, 3

_FIGURES = re.compile(r"\d")

WORKERS = -1
"""All cores."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """How a kind of field is compared: the names of its levels, from 0 upwards, what grades pairs that are not equal, and how often
    each level comes out by chance in a usual population, which counts where there is little data.
    """

    levels: tuple[str, ...]
    grade: Grade
    usual_u: tuple[float, ...]

    @property
    def highest(self) -> int:
        """The level of equality."""
        return len(self.levels) - 1


def _similarity(scorer: object, left: Sequence[str], right: Sequence[str]) -> NDArray[np.float64]:
    scores = cpdist(left, right, scorer=scorer, dtype=np.float64, workers=WORKERS)  # pyright: ignore[reportArgumentType, reportCallIssue, reportUnknownVariableType]
    return np.round(np.asarray(scores, dtype=np.float64), 6)


def _graded(near: NDArray[np.bool_], similar: NDArray[np.bool_]) -> Levels:
    return np.where(near, 2, similar).astype(np.int8)


def _given_names(left: Sequence[str], right: Sequence[str]) -> Levels:
    similarity = _similarity(JaroWinkler.normalized_similarity, left, right)
    levels = np.where(similarity >= NEAR, 3, similarity >= SIMILAR).astype(np.int8)
    for place in np.flatnonzero(levels < 3).tolist():  # noqa: PLR2004 - what spelling does not show
        one, other = left[place], right[place]
        if len(one) == 1 or len(other) == 1:
            levels[place] = 2 * (one[0] == other[0])
        elif levels[place] == 0:
            levels[place] = agree(one, other)
    return levels


def _surnames(left: Sequence[str], right: Sequence[str]) -> Levels:
    similarity = _similarity(JaroWinkler.normalized_similarity, left, right)
    words = _similarity(fuzz.token_set_ratio, left, right)  # a married name beside the one of birth
    return _graded(similarity >= NEAR, (similarity >= SIMILAR) | (words >= ALL_WORDS))


def _dates(left: Sequence[str], right: Sequence[str]) -> Levels:
    edits = _similarity(OSA.distance, left, right)
    pairs = zip(left, right, strict=True)
    swapped = np.array([a[:4] + a[7:] + a[4:7] == b for a, b in pairs], dtype=np.bool_)
    return _graded((edits <= 1) | swapped, edits <= EDITS_MAX)


def _years(left: Sequence[str], right: Sequence[str]) -> Levels:
    apart = np.abs(np.array(left, dtype=np.int64) - np.array(right, dtype=np.int64))
    return _graded(apart <= 1, apart <= YEARS_MAX)


def _identifiers(left: Sequence[str], right: Sequence[str]) -> Levels:
    """Of e-mails that differ in their figures only nothing is known: namesakes get `marie.roy1@` and `marie.roy12@`."""
    levels = (_similarity(OSA.distance, left, right) <= 1).astype(np.int8)
    for place in np.flatnonzero(levels).tolist():
        if "@" in left[place] and _FIGURES.sub("", left[place]) == _FIGURES.sub("", right[place]):
            levels[place] = UNKNOWN
    return levels


def _codes(left: Sequence[str], right: Sequence[str]) -> Levels:
    same_area = np.array([a[:2] == b[:2] for a, b in zip(left, right, strict=True)], dtype=np.bool_)
    return _graded(_similarity(OSA.distance, left, right) <= 1, same_area)


def _texts(left: Sequence[str], right: Sequence[str]) -> Levels:
    similarity = _similarity(JaroWinkler.normalized_similarity, left, right)
    words = _similarity(fuzz.token_sort_ratio, left, right)
    near = (similarity >= NEAR) | (words >= MOST_WORDS)
    return _graded(near, (similarity >= SIMILAR) | (words >= MANY_WORDS))


def _never(left: Sequence[str], right: Sequence[str]) -> Levels:
    del right
    return np.zeros(len(left), dtype=np.int8)


_NAMES = (
    "else",
    "Jaro-Winkler >= 0.80, or a short form",
    "the same initial, where one is no more",
    "Jaro-Winkler >= 0.92",
    "equal",
)
COMPARISONS: Mapping[Kind, Comparison] = {
    "given_name": Comparison(levels=_NAMES, grade=_given_names, usual_u=(0.968, 0.015, 0.002, 0.005, 0.01)),
    "surname": Comparison(
        levels=("else", "Jaro-Winkler >= 0.80, or part", "Jaro-Winkler >= 0.92", "equal"),
        grade=_surnames,
        usual_u=(0.985, 0.01, 0.002, 0.003),
    ),
    "birth_date": Comparison(
        levels=("else", "two edits", "one edit, or day and month swapped", "equal"),
        grade=_dates,
        usual_u=(0.98, 0.018, 0.0015, 0.0005),
    ),
    "year": Comparison(
        levels=("else", "three years", "a year", "equal"), grade=_years, usual_u=(0.9, 0.05, 0.03, 0.02)
    ),
    "gender": Comparison(levels=("else", "equal"), grade=_never, usual_u=(0.5, 0.5)),
    "postal_code": Comparison(
        levels=("else", "same area", "one edit", "equal"), grade=_codes, usual_u=(0.94, 0.05, 0.008, 0.002)
    ),
    "identifier": Comparison(
        levels=("else", "one edit", "equal"), grade=_identifiers, usual_u=(0.99998, 0.00001, 0.00001)
    ),
    "device": Comparison(levels=("else", "equal"), grade=_never, usual_u=(0.9999, 0.0001)),
    "text": Comparison(
        levels=(
            "else",
            "Jaro-Winkler >= 0.80, or 70% of the words",
            "Jaro-Winkler >= 0.92, or 90% of the words",
            "equal",
        ),
        grade=_texts,
        usual_u=(0.96, 0.03, 0.004, 0.006),
    ),
}


class Comparer:
    """A field made ready to be compared: what is worked out of its values serves any number of pairs."""

    def __init__(self, column: Column, pairs: int) -> None:
        """For about so many pairs: for a few it is not worth looking at the letters of all values."""
        self._column = column
        self._comparison = COMPARISONS[column.field.kind]
        self._codes = column.codes.astype(np.int32)
        many = pairs >= len(column.values) and tells_of(column.field.kind)
        self._letters = letters_of(column.values, column.field.kind) if many else None

    def levels(self, left: Codes, right: Codes) -> Levels:
        """The level of each pair of records; each distinct pair of values that may be alike is graded once."""
        levels = self.glance(left, right)
        self.grade(left, right, levels)
        return levels

    def glance(self, left: Codes, right: Codes) -> Levels:
        """The level of each pair as far as codes and letters tell, else OPEN."""
        a, b = self._codes.take(left), self._codes.take(right)
        known = (a | b) >= 0
        equal = known & (a == b)
        levels = known.view(np.int8) + equal.view(np.int8) * np.int8(self._comparison.highest)
        levels += np.int8(UNKNOWN)
        if not tells_of(self._column.field.kind):
            return levels
        alike = np.flatnonzero(known ^ equal)
        if self._letters:
            a, b = a.take(alike), b.take(alike)
            alike = alike[may_be_alike(self._letters, self._column.field.kind, a, b)]
        levels[alike] = OPEN
        return levels

    def grade(self, left: Codes, right: Codes, levels: Levels) -> None:
        """Put the level in the place of each OPEN."""
        some = np.flatnonzero(levels == OPEN)
        if len(some):
            levels[some] = self._graded(*(self._column.codes[side[some]] for side in (left, right)))

    def _graded(self, a: Codes, b: Codes) -> Levels:
        values, count = self._column.values, len(self._column.values)
        pairs, back = np.unique(np.minimum(a, b) * count + np.maximum(a, b), return_inverse=True)
        lower: list[int] = (pairs // count).tolist()
        higher: list[int] = (pairs % count).tolist()
        graded = self._comparison.grade([values[code] for code in lower], [values[code] for code in higher])
        return graded[back]


def compare(column: Column, left: Codes, right: Codes) -> Levels:
    """The level of each pair of records in a field."""
    return Comparer(column, len(left)).levels(left, right)


Each = Callable[[Callable[[Column], Comparer], Iterable[Column]], Iterable[Comparer]]


class Comparers:
    """Fields made ready to be compared."""

    def __init__(self, columns: Mapping[str, Column], pairs: int, each: Each = map) -> None:
        """For about so many pairs; `each` makes all ready, as `map` does it or on all cores."""
        made = each(lambda column: Comparer(column, pairs), columns.values())
        self._fields = dict(zip(columns, made, strict=True))
        self._crossed = find_crossed(columns)
        self._turned = _Turned(columns) if {"given_name", "surname"} <= columns.keys() else None

    def levels(self, left: Codes, right: Codes) -> dict[str, Levels]:
        """The levels of each pair in every field. Names that stand in each other's place are graded by what they say there."""
        levels = self.glance(left, right)
        self.grade(left, right, levels)
        return levels

    def glance(self, left: Codes, right: Codes) -> dict[str, Levels]:
        """The levels as far as codes and letters tell, else OPEN: of names that may stand in each other's place, too."""
        levels = {name: field.glance(left, right) for name, field in self._fields.items()}
        for both in self._crossed:
            both.settle(left, right, levels, COMPARISONS[both.kind].highest)
        if self._turned:
            given, surname = levels["given_name"], levels["surname"]
            apart = np.flatnonzero(((given == 0) | (given == OPEN)) & ((surname == 0) | (surname == OPEN)))
            apart = apart[self._turned.names(left.take(apart), right.take(apart)) > 0]
            given[apart] = surname[apart] = OPEN
        return levels

    def grade(self, left: Codes, right: Codes, levels: Mapping[str, Levels]) -> None:
        """Put the level in the place of each OPEN."""
        for name, field in self._fields.items():
            field.grade(left, right, levels[name])
        if self._turned:
            apart = np.flatnonzero((levels["given_name"] == 0) & (levels["surname"] == 0))
            turned = self._turned.names(left.take(apart), right.take(apart))
            for name in ("given_name", "surname"):
                near = len(COMPARISONS[name].levels) - 2
                levels[name][apart[turned == 2]] = near  # noqa: PLR2004 - both
                levels[name][apart[turned == 1]] = 1


def compare_all(columns: Mapping[str, Column], left: Codes, right: Codes) -> dict[str, Levels]:
    """The levels of each pair in every field."""
    return Comparers(columns, len(left)).levels(left, right)


class _Turned:
    """Given names and surnames, as numbers of the same values."""

    def __init__(self, columns: Mapping[str, Column]) -> None:
        given, surname = columns["given_name"], columns["surname"]
        self._given = numbered_as(given, surname).astype(np.int32)
        self._surname = surname.codes.astype(np.int32)

    def names(self, left: Codes, right: Codes) -> NDArray[np.int64]:
        """How many of the two names of each pair are the other's of the other record: 2 where somebody wrote them in turn."""
        one, other = self._given.take(left), self._given.take(right)
        first = (one >= 0) & (one == self._surname.take(right))
        second = (other >= 0) & (other == self._surname.take(left))
        return first.astype(np.int64) + second
