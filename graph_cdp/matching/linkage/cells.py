"""Columns as they were read, each distinct cell once: millions of records say thousands of names."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import overload

import numpy as np
from numpy.typing import NDArray

NOTHING = -1
"""The code of a cell that says nothing."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Cells(Sequence[str | None]):
    """A column: `codes[i]` is the place in `values` of what record i says, or NOTHING."""

    codes: NDArray[np.signedinteger]
    values: Sequence[str]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and list(self) == list(other)  # pyright: ignore[reportUnknownArgumentType]

    __hash__ = None  # pyright: ignore[reportAssignmentType] - as of a list

    def __len__(self) -> int:
        return len(self.codes)

    @overload
    def __getitem__(self, place: int) -> str | None: ...
    @overload
    def __getitem__(self, place: slice) -> "Cells": ...
    def __getitem__(self, place: int | slice) -> "str | Cells | None":
        if isinstance(place, slice):
            return Cells(codes=self.codes[place], values=self.values)
        code = int(self.codes[place])
        return None if code == NOTHING else self.values[code]

    def __iter__(self) -> Iterator[str | None]:
        said: list[str | None] = [*self.values, None]
        return map(said.__getitem__, self.codes.tolist())


def encode(cells: Sequence[str | None]) -> Cells:
    """The same column with each distinct cell once, in the order in which they come."""
    if isinstance(cells, Cells):
        return cells
    numbers: dict[str, int] = {}
    codes = [NOTHING if cell is None else numbers.setdefault(cell, len(numbers)) for cell in cells]
    return Cells(codes=np.array(codes, dtype=np.int32), values=list(numbers))


def recode(cells: Cells, values: Iterable[str | None]) -> Cells:
    """The column with each of its values replaced by that of the same place; those that became equal are one, None says nothing."""
    numbers: dict[str, int] = {}
    codes = [NOTHING if value is None else numbers.setdefault(value, len(numbers)) for value in values]
    return Cells(codes=np.array([*codes, NOTHING], dtype=np.int64)[cells.codes], values=list(numbers))


def nothing(records: int) -> Cells:
    """A column that says nothing."""
    return Cells(codes=np.full(records, NOTHING, dtype=np.int32), values=())


def append(one: Cells, other: Cells) -> Cells:
    """The one column, and the other below it."""
    moved = np.where(other.codes == NOTHING, NOTHING, other.codes + len(one.values))
    return Cells(codes=np.concatenate([one.codes, moved]), values=[*one.values, *other.values])
