"""The pairs that were compared, kept in a temporary file: ten million records have hundreds of millions, more than memory holds.

The file has no name, so nothing is left of it, and lies where temporary files do (TMPDIR). A pair takes 12 bytes, or 16 where
there are very many fields.
"""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from tempfile import TemporaryFile
from threading import Lock
from weakref import finalize

import numpy as np
from numpy.typing import NDArray

from graph_cdp.errors import Misconfigured
from graph_cdp.matching.linkage.columns import Codes

PAIRS_AT_ONCE = 1_000_000
"""Pairs that a thread works on at once: each takes some hundred bytes meanwhile."""

SHORT_MAX = np.iinfo(np.int32).max


@dataclass(frozen=True, slots=True, kw_only=True)
class Pairs:
    """Pairs of records, in order, the lower one left; and the pattern of their levels."""

    left: Codes
    right: Codes
    patterns: NDArray[np.int64]

    def only(self, kept: NDArray[np.bool_]) -> "Pairs":
        """Some of them."""
        return Pairs(left=self.left[kept], right=self.right[kept], patterns=self.patterns[kept])


def all_of(parts: Sequence[Pairs]) -> Pairs:
    """The pairs of all parts."""
    none = np.empty(0, dtype=np.int64)
    return Pairs(
        left=np.concatenate([none, *(part.left for part in parts)]),
        right=np.concatenate([none, *(part.right for part in parts)]),
        patterns=np.concatenate([none, *(part.patterns for part in parts)]),
    )


class PairFile:
    """Parts of pairs, written in any order and read in the order of their numbers, by many threads."""

    def __init__(self, patterns_possible: int) -> None:
        self._file = TemporaryFile(prefix="graph-cdp-pairs-")  # noqa: SIM115 - open as long as this is
        finalize(self, self._file.close)
        self._lock = Lock()
        self._end = 0
        self._parts: dict[int, tuple[int, int]] = {}
        short = patterns_possible <= SHORT_MAX
        self._pattern_type = np.dtype(np.int32 if short else np.int64)

    def __len__(self) -> int:
        return sum(pairs for _, pairs in self._parts.values())

    def write(self, number: int, pairs: Pairs) -> None:
        """Keep the part of this number."""
        fields = (
            pairs.left.astype(np.int32),
            pairs.right.astype(np.int32),
            pairs.patterns.astype(self._pattern_type),
        )
        data = b"".join(field.tobytes() for field in fields)
        with self._lock:
            start, self._end = self._end, self._end + len(data)
            self._parts[number] = (start, len(pairs.left))
        try:
            while data:
                written = os.pwrite(self._file.fileno(), data, start)
                data, start = data[written:], start + written
        except OSError as error:
            raise NoRoom(
                f"The pairs of records need more room for temporary files ({error.strerror}). Let TMPDIR be a folder "
                "with more: 12 bytes a pair, about 300 bytes a record."
            ) from None

    def read(self, number: int) -> Pairs:
        """The part of this number."""
        start, pairs = self._parts[number]
        left, right = (self._read(np.dtype(np.int32), start + 4 * pairs * place, pairs) for place in (0, 1))
        return Pairs(
            left=left.astype(np.int64),
            right=right.astype(np.int64),
            patterns=self._read(self._pattern_type, start + 8 * pairs, pairs).astype(np.int64),
        )

    @property
    def numbers(self) -> Sequence[int]:
        """The numbers of the parts, in order."""
        return sorted(self._parts)

    def parts(self) -> Iterator[Pairs]:
        """All pairs, part by part, in order."""
        return map(self.read, self.numbers)

    def _read(self, kind: np.dtype[np.signedinteger], start: int, count: int) -> NDArray[np.signedinteger]:
        size = count * kind.itemsize
        data = bytearray()
        while len(data) < size:
            data += os.pread(self._file.fileno(), size - len(data), start + len(data))
        return np.frombuffer(data, dtype=kind)


class NoRoom(Misconfigured):
    """There is no room for temporary files."""

    code = "NO_ROOM"
