"""How many others a record is compared with at most: it looks for them by its rarest match keys, as far as these lead to so many.

Who has only common values shares keys with hundreds, and a busy key may have many such records. By which keys a record looks follows from how many
records have each of its keys and from nothing else, so it is the same in whatever order they came, and for records one by one as for all at
once. Two records are compared where both look by a key that they share.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from graph_cdp.matching.linkage.blocks import Blocks, Numbers
from graph_cdp.matching.linkage.columns import Codes

CANDIDATES_MAX = 200
"""Others that the keys of a record bring, one that several bring counted each time."""


def within_budget(
    blocks: Sequence[Blocks], records: int, candidates_max: int = CANDIDATES_MAX
) -> tuple[list[Blocks], NDArray[np.bool_]]:
    """The blocks without the records that do not look by them, and which records do not look by all of theirs."""
    brought = np.zeros(records, dtype=np.int64)
    for one in blocks:
        brought[one.order] += _others(one)
    beyond = brought > candidates_max
    if not beyond.any():
        return list(blocks), beyond
    most = np.full(records, np.iinfo(np.int64).max)
    most[beyond] = _most_others(blocks, beyond, candidates_max)[beyond]
    return [one.of_members(_others(one) <= most[one.order]) for one in blocks], beyond


def _others(blocks: Blocks) -> Numbers:
    """How many others there are in the block, of each place in their order."""
    return np.repeat(blocks.sizes - 1, blocks.sizes)


def _most_others(blocks: Sequence[Blocks], beyond: NDArray[np.bool_], candidates_max: int) -> Codes:
    """Of each record that is beyond how many others a key may bring for it to look by: all keys of so many or fewer keep to the budget."""
    places = [np.flatnonzero(beyond[one.order]) for one in blocks]
    record = np.concatenate([one.order[some] for one, some in zip(blocks, places, strict=True)])
    others = np.concatenate([_others(one)[some] for one, some in zip(blocks, places, strict=True)])
    order = np.lexsort((others, record))
    record, others = record[order], others[order].astype(np.int64)
    sums = np.cumsum(others)
    first = np.append(True, record[1:] != record[:-1])
    before = np.maximum.accumulate(np.where(first, sums - others, 0))
    is_last_of_size = np.append((record[1:] != record[:-1]) | (others[1:] != others[:-1]), True)
    kept = is_last_of_size & (sums - before <= candidates_max)
    most = np.zeros(len(beyond), dtype=np.int64)
    np.maximum.at(most, record[kept], others[kept])
    return most
