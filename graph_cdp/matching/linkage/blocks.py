"""Blocks as arrays: which records share a key, and the pairs of any range of records.

A record's partners are those behind it in its block, for records ascend there. So the pairs of some records are found by themselves,
in order and each once, and nobody need hold the pairs of all at once.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from graph_cdp.matching.linkage.cells import NOTHING
from graph_cdp.matching.linkage.columns import Codes, Column

Numbers = NDArray[np.int32]
"""Of records, and of places in a block: half the memory of longer ones."""

Part = tuple[str, int | None]
"""A field that must be equal, or its first characters."""

KEY_BITS_MAX = 62


@dataclass(frozen=True, slots=True, kw_only=True)
class Blocks:
    """The blocks of a rule: `order` has their records, one block after the other, ascending in each; a block begins at one of `starts`
    and has one of `sizes`.
    """

    order: Numbers
    starts: Numbers
    sizes: Numbers

    @property
    def pairs(self) -> int:
        """How many pairs they bring."""
        sizes = self.sizes.astype(np.int64)
        return int((sizes * (sizes - 1) // 2).sum())

    def only(self, wanted: NDArray[np.bool_]) -> "Blocks":
        """These of the blocks."""
        if wanted.all():
            return self
        return _of_sizes(self.order[np.repeat(wanted, self.sizes)], self.sizes[wanted])

    def without(self, others: Sequence["Blocks"], partly: NDArray[np.bool_]) -> "Blocks":
        """The blocks whose first record is in no block of these others, and those of records that may not be in all of them."""
        if not others or not len(self.starts):
            return self
        covered = np.zeros(len(partly), dtype=np.bool_)
        for other in others:
            covered[other.order] = True
        repeated = covered[self.order[self.starts]]
        if partly.any():
            repeated &= ~np.logical_or.reduceat(partly[self.order], self.starts)
        return self.only(~repeated)

    def of_members(self, wanted: NDArray[np.bool_]) -> "Blocks":
        """The blocks with these of their members, by the places in the order, where that leaves several."""
        if wanted.all():
            return self
        sizes = np.add.reduceat(wanted, self.starts, dtype=np.int32)
        several = sizes > 1
        return _of_sizes(self.order[wanted & np.repeat(several, self.sizes)], sizes[several])


def _of_sizes(order: Numbers, sizes: Numbers) -> Blocks:
    return Blocks(order=order, starts=(np.cumsum(sizes) - sizes).astype(np.int32), sizes=sizes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """Pairs of records one by one, each once, in order, the lower record left."""

    left: Codes
    right: Codes

    @property
    def pairs(self) -> int:
        """How many there are."""
        return len(self.left)

    def behind_of(self, start: int, stop: int) -> Codes:
        """How many partners are behind each record of the range."""
        return np.bincount(self.left[self._within(start, stop)] - start, minlength=stop - start)

    def of_range(self, start: int, stop: int, bits: int) -> Codes:
        """The pairs of the range, as one number each: the lower record from the start of the range on, and the higher."""
        some = self._within(start, stop)
        return (self.left[some] - start) << bits | self.right[some]

    def _within(self, start: int, stop: int) -> slice:
        return slice(*np.searchsorted(self.left, (start, stop)).tolist())


def listed(one: Codes, other: Codes) -> Listed:
    """These pairs of records, in whatever order and however often they come; none of a record with itself."""
    left, right = np.minimum(one, other), np.maximum(one, other)
    width = int(right.max(initial=0)) + 1
    pairs = np.unique((left * width + right)[left != right])
    return Listed(left=pairs // width, right=pairs % width)


def blocks_of(keys: Codes) -> Blocks:
    """The blocks of more than one record, of records with these keys; NOTHING is no key."""
    bits = max(1, len(keys).bit_length())
    if int(keys.max(initial=0)).bit_length() + bits > KEY_BITS_MAX:
        keys = _dense(keys)
    some = np.flatnonzero(keys != NOTHING)
    together = np.sort((keys[some] << bits) | some)  # one sort of numbers: faster than one of places
    begins = np.flatnonzero(np.append(True, np.diff(together >> bits) != 0)) if len(together) else some
    sizes = np.diff(np.append(begins, len(together)))
    several = sizes > 1
    order = (together & ((1 << bits) - 1)).astype(np.int32)
    return _of_sizes(order[np.repeat(several, sizes)], sizes[several].astype(np.int32))


def _dense(keys: Codes) -> Codes:
    """Numbers from 0 for the same blocks."""
    order = np.argsort(keys, kind="stable")
    ordered = keys[order]
    dense = np.empty_like(keys)
    dense[order] = np.cumsum(np.append(False, ordered[1:] != ordered[:-1])) + (
        NOTHING if ordered[0] == NOTHING else 0
    )
    return dense


class Keys:
    """The key of each record under any rule over these columns; what several rules begin with is worked out once."""

    def __init__(self, columns: Mapping[str, Column]) -> None:
        self._columns = columns
        self._cuts: dict[Part, tuple[Codes, int]] = {}

    def of(self, rule: Sequence[Part]) -> Codes:
        """The key of each record, NOTHING where a field says nothing."""
        if not rule:
            raise ValueError("A blocking rule names at least one field.")
        keys, count = self._cut(rule[0])
        for part in rule[1:]:
            codes, more = self._cut(part)
            if count * more >= 1 << KEY_BITS_MAX:
                keys = _dense(keys)
                count = int(keys.max(initial=0)) + 1
            missing = (keys < 0) | (codes < 0)
            keys, count = np.where(missing, NOTHING, keys * more + codes), count * more
        return keys

    def _cut(self, part: Part) -> tuple[Codes, int]:
        if part not in self._cuts:
            field, characters = part
            self._cuts[part] = _cut(self._columns[field], characters)
        return self._cuts[part]


def _cut(column: Column, characters: int | None) -> tuple[Codes, int]:
    """What each record says, or its first characters, as numbers; and how many there are."""
    if characters is None:
        return column.codes, max(1, len(column.values))
    numbers: dict[str, int] = {}
    cut = [numbers.setdefault(value[:characters], len(numbers)) for value in column.values]
    return np.array([*cut, NOTHING], dtype=np.int64)[column.codes], max(1, len(numbers))


class Partners:
    """Of each record the partners with whom it shares a block, a rule after the other."""

    def __init__(self, blocks: Sequence[Blocks | Listed], records: int) -> None:
        self.records = records
        self._bits = max(1, records.bit_length())
        self._rules = [one if isinstance(one, Listed) else _Rule(one, records) for one in blocks]

    def ranges(self, pairs_max: int) -> Iterator[tuple[int, int]]:
        """Ranges of records that follow each other, each with about so many pairs, one that rules bring twice counted twice."""
        counts = np.zeros(self.records, dtype=np.int64)
        for rule in self._rules:
            counts += rule.behind_of(0, self.records)
        sums = np.cumsum(counts)
        start = 0
        while start < self.records:
            before = int(sums[start - 1]) if start else 0
            stop = max(start + 1, int(np.searchsorted(sums, before + pairs_max, side="right")))
            yield start, stop
            start = stop

    def pairs(self, start: int, stop: int) -> tuple[Codes, Codes]:
        """The pairs whose lower record is in this range, each once, in order."""
        found = [rule.of_range(start, stop, self._bits) for rule in self._rules]
        together = np.sort(np.concatenate(found)) if found else np.empty(0, dtype=np.int64)
        if len(together):
            together = together[np.append(True, together[1:] != together[:-1])]
        return (together >> self._bits) + start, together & ((1 << self._bits) - 1)


class _Rule:
    """Of each record its place in the order of a rule's blocks, and how many of its block are behind it."""

    def __init__(self, blocks: Blocks, records: int) -> None:
        self._order = blocks.order
        self._place = np.full(records, NOTHING, dtype=np.int32)
        self._place[blocks.order] = np.arange(len(blocks.order), dtype=np.int32)
        ends = np.repeat(blocks.starts + blocks.sizes, blocks.sizes)
        behind = ends - 1 - np.arange(len(blocks.order), dtype=np.int32)
        self._behind = np.append(behind, np.int32(0))  # the last is of records in no block

    def behind_of(self, start: int, stop: int) -> Numbers:
        """How many partners are behind each record of the range."""
        return self._behind[self._place[start:stop]]

    def of_range(self, start: int, stop: int, bits: int) -> Codes:
        """The pairs of the range, as one number each: the lower record from the start of the range on, and the higher."""
        behind = self.behind_of(start, stop)
        left = np.flatnonzero(behind)
        behind = behind[left].astype(np.int64)
        first = self._place[start:stop][left] + 1 - (np.cumsum(behind) - behind)
        right = self._order[np.repeat(first, behind) + np.arange(int(behind.sum()))]
        return (np.repeat(left, behind) << bits) | right
