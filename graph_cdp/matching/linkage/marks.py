"""What the records of components say that may tell them apart, as bits: a component says few different things."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from graph_cdp.matching.linkage.cells import NOTHING
from graph_cdp.matching.linkage.columns import Codes

Mask = NDArray[np.bool_]
Bits = NDArray[np.uint64]
Differ = Callable[[str, str], bool]

NO_BITS, ONE = np.uint64(0), np.uint64(1)

BITS_MAX = 64
"""Values of one thing that a component may say to be marked: a bit each."""

LOOKED_AT_MAX = 12
"""The same, of values that are looked at in pairs."""

KEY_BITS_MAX = 62


class Texts(NamedTuple):
    """Values of which some are alike, and what tells whether two differ."""

    values: Sequence[str]
    differ: Differ


@dataclass(frozen=True, slots=True, kw_only=True)
class Values:
    """The distinct values of components, one component after the other: the component of each, its own bit, and the bits of those that do not
    differ from it; and of each record the number of what it says among them, or NOTHING.

    `differing` are the components in which values differ, `too_many` those that say too many to have bits.
    """

    component: Codes
    own: Bits
    alike: Bits
    numbers: Codes
    differing: Codes
    too_many: Codes

    def marks(self, records: Codes) -> "Marks":
        """The marks of some of the records."""
        numbers = self.numbers[records]
        return Marks(
            said=np.append(self.own, NO_BITS)[numbers], alike=np.append(self.alike, NO_BITS)[numbers]
        )


def values_of(component: Codes, codes: Codes, texts: Texts | None = None) -> Values:
    """What records of these components say, by its codes: any two values differ, or those of which `texts` say so."""
    of_component, value, numbers = _distinct(component, codes)
    begins = np.flatnonzero(np.append(True, of_component[1:] != of_component[:-1]))[: len(value)]
    sizes = np.diff(np.append(begins, len(value)))
    rank = np.arange(len(value)) - np.repeat(begins, sizes)
    own = ONE << (rank % BITS_MAX).astype(np.uint64)
    alike, differ = own, sizes > 1
    if texts:
        alike = _alike(begins, sizes, value, texts)
        everything = np.repeat((ONE << np.minimum(sizes, LOOKED_AT_MAX + 1).astype(np.uint64)) - ONE, sizes)
        differ = np.bincount(np.repeat(np.arange(len(sizes)), sizes), alike != everything, len(sizes)) > 0
    return Values(
        component=of_component,
        own=own,
        alike=alike,
        numbers=numbers,
        differing=of_component[begins[differ]],
        too_many=of_component[begins[sizes > (LOOKED_AT_MAX if texts else BITS_MAX)]],
    )


def _distinct(component: Codes, codes: Codes) -> tuple[Codes, Codes, Codes]:
    """The component and the code of each distinct value, in order; and the number of each record's value among them, or NOTHING."""
    some = np.flatnonzero(codes != NOTHING)
    width = int(codes.max(initial=0)) + 1
    keys = component[some] * width + codes[some]
    bits = max(1, len(codes).bit_length())
    if int(keys.max(initial=0)).bit_length() + bits <= KEY_BITS_MAX:
        together = np.sort((keys << bits) | some)  # one sort of numbers: faster than one of places
        keys, some = together >> bits, together & ((1 << bits) - 1)
    else:
        order = np.argsort(keys, kind="stable")
        keys, some = keys[order], some[order]
    news = np.append(True, keys[1:] != keys[:-1])[: len(keys)]
    numbers = np.full(len(codes), NOTHING, dtype=np.int64)
    numbers[some] = np.cumsum(news) - 1
    return *np.divmod(keys[news], width), numbers


def _alike(begins: Codes, sizes: Codes, value: Codes, texts: Texts) -> Bits:
    """Of each value the bits of those of its component that it does not differ from; none where there are too many to look at."""
    found = np.zeros(len(value), dtype=np.uint64)
    found[begins[sizes == 1]] = ONE
    for size in range(2, LOOKED_AT_MAX + 1):
        rows = begins[sizes == size][:, None] + np.arange(size)
        if len(rows):
            found[rows] = _alike_in_rows(value[rows], texts)
    return found


def _alike_in_rows(rows: Codes, texts: Texts) -> Bits:
    """The same of the values of some components, a row each."""
    low, high = np.triu_indices(rows.shape[1], k=1)
    count = len(texts.values)
    distinct, back = np.unique(rows[:, low] * count + rows[:, high], return_inverse=True)
    numbers: list[int] = distinct.tolist()
    same = [not texts.differ(texts.values[one // count], texts.values[one % count]) for one in numbers]
    of_pairs = np.array(same, dtype=np.uint64)[back.reshape(len(rows), len(low))]
    found = np.tile(ONE << np.arange(rows.shape[1], dtype=np.uint64), (len(rows), 1))
    for number, (one, other) in enumerate(zip(low.tolist(), high.tolist(), strict=True)):
        found[:, one] |= of_pairs[:, number] << np.uint64(other)
        found[:, other] |= of_pairs[:, number] << np.uint64(one)
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Marks:
    """What records, or clusters of them, say of one thing: the bits of their values, and of all values that do not differ from one of these."""

    said: Bits
    alike: Bits

    def both_say(self, one: Codes, other: Codes) -> Mask:
        """Of each two whether both say anything."""
        return (self.said.take(one) != NO_BITS) & (self.said.take(other) != NO_BITS)

    def meet(self, one: Codes, other: Codes) -> Mask:
        """Of each two whether a value that the one says does not differ from one that the other says."""
        return self.alike.take(one) & self.said.take(other) != NO_BITS

    def differ(self, one: Codes, other: Codes) -> Mask:
        """Of each two whether both say something, and all that the one says differs from all that the other says."""
        return self.both_say(one, other) & ~self.meet(one, other)

    def copy(self) -> "Marks":
        """The same, to be joined."""
        return Marks(said=self.said.copy(), alike=self.alike.copy())

    def join(self, great: Codes, small: Codes) -> None:
        """Let each of the one say what the other says, too."""
        self.said[great] |= self.said.take(small)
        self.alike[great] |= self.alike.take(small)


@dataclass(frozen=True, slots=True, kw_only=True)
class Marked:
    """All that may tell records, or clusters of them, apart: sources in which nobody is twice, given names, dates of birth, identifiers."""

    sources: Marks
    given_names: Marks
    birth_dates: Marks
    identifiers: Sequence[Marks]

    def copy(self) -> "Marked":
        """The same, to be joined."""
        return Marked(
            sources=self.sources.copy(),
            given_names=self.given_names.copy(),
            birth_dates=self.birth_dates.copy(),
            identifiers=[marks.copy() for marks in self.identifiers],
        )

    def join(self, great: Codes, small: Codes) -> None:
        """Let each of the one say what the other says, too."""
        for marks in (self.sources, self.given_names, self.birth_dates, *self.identifiers):
            marks.join(great, small)
