"""Exact duplicates: rows that say the same of a person. A file of purchases has a customer a hundred times, and each of her blocks is too large.

So in a block that is too large they count once, by the first of them, and each is tied to the next one: as many pairs as there are rows,
where a block brings the square of them. Those pairs are judged like all others.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from graph_cdp.matching.linkage.blocks import Blocks, Listed, listed
from graph_cdp.matching.linkage.columns import Codes, Column
from graph_cdp.matching.linkage.fields import is_known

FACTOR, SHIFT = np.uint64(0x9E3779B97F4A7C15), np.uint64(29)
"""A multiplier of many different bits, and how far high bits are moved down, so that each value moves all bits of a hash."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Duplicates:
    """Of each record the first one that says the same of its person: itself, where none did before."""

    first: Codes

    def only_first(self, blocks: Blocks) -> NDArray[np.bool_]:
        """Which members of these blocks are the first that say so."""
        return self.first[blocks.order] == blocks.order

    def chained(self, among: Sequence[Blocks]) -> Listed:
        """Each member of these blocks with the next one that says the same."""
        wanted = np.zeros(len(self.first), dtype=np.bool_)
        for one in among:
            wanted[one.order] = True
        some = np.flatnonzero(wanted)
        order = some[np.argsort(self.first[some], kind="stable")]
        places = np.flatnonzero(self.first[order][1:] == self.first[order][:-1])
        return listed(order[places], order[places + 1])


def find_duplicates(columns: Mapping[str, Column], sources: Codes) -> Duplicates:
    """Records of one source that say the same in every known field; not in those of unknown meaning, such as what was bought.

    They are told by hashes of 64 bits: among ten million records two others have one with a probability of 3 in a million, and are
    judged like all pairs then.
    """
    hashes = sources.astype(np.uint64)
    for column in columns.values():
        if is_known(column.field):
            hashes = (hashes ^ (hashes >> SHIFT)) * FACTOR + column.codes.astype(np.uint64)
    _, firsts, numbers = np.unique(hashes, return_index=True, return_inverse=True)
    return Duplicates(first=firsts[numbers].astype(np.int64))
