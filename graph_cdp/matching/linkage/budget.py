"""How many others a record is compared with at most: it looks for them by its rarest match keys, as far as these lead to so many.

Who has only common values shares keys with hundreds, and a busy key may have many such records. By which keys a record looks follows from how many
records have each of its keys and from nothing else, so it is the same in whatever order they came, and for records one by one as for all at
once. Two records are compared where both look by a key that they share.
"""

from collections.abc import Sequence

import numpy as np

from graph_cdp.matching.linkage.blocks import Blocks
from graph_cdp.matching.linkage.columns import Codes

CANDIDATES_MAX = 200
"""Others that the keys of a record may lead to."""

UNLIMITED = np.iinfo(np.int64).max


def limits_of(
    blocks: Sequence[Blocks], bringing: Sequence[Blocks], records: int, candidates_max: int
) -> Codes:
    """How many records a key must have for a record not to look by it; UNLIMITED where it looks by all of its keys.

    Of all others whom it shares a key with, by the rarest key that each shares, one more than are allowed is the first that is
    too many: keys as common as that one lead it to nobody. `bringing` are blocks that bring all pairs of `blocks`, with fewer repetitions.
    """
    brought = np.zeros(records, dtype=np.int64)
    for one in bringing:
        brought[one.order] += np.repeat(one.sizes - 1, one.sizes)
    limits = np.full(records, UNLIMITED)
    some = np.flatnonzero(brought > candidates_max)
    if len(some):
        limits[some] = _limits(blocks, some, records, candidates_max)
    return limits


def _limits(blocks: Sequence[Blocks], some: Codes, records: int, candidates_max: int) -> Codes:
    """The limits of some records."""
    numbers = np.full(records, -1, dtype=np.int64)
    numbers[some] = np.arange(len(some))
    other_bits = records.bit_length()
    size_bits = max(int(one.sizes.max(initial=0)) for one in blocks).bit_length()
    triples = np.sort(np.concatenate([_triples(one, numbers, other_bits, size_bits) for one in blocks]))
    pairs = triples >> size_bits
    rarest = triples[np.append(True, pairs[1:] != pairs[:-1])]
    only_size = (1 << size_bits) - 1
    ordered = np.sort((rarest >> (other_bits + size_bits) << size_bits) | (rarest & only_size))
    first = np.searchsorted(ordered >> size_bits, np.arange(len(some) + 1))
    excess = first[:-1] + candidates_max
    is_limited = excess < first[1:]
    limits = np.full(len(some), UNLIMITED)
    limits[is_limited] = ordered[excess[is_limited]] & only_size
    return limits


def _triples(blocks: Blocks, numbers: Codes, other_bits: int, size_bits: int) -> Codes:
    """Each numbered record with each other of its block and the records of that block, as one number."""
    number = numbers[blocks.order]
    places = np.flatnonzero(number >= 0)
    block = np.repeat(np.arange(len(blocks.starts)), blocks.sizes)[places]
    sizes = blocks.sizes[block].astype(np.int64)
    offsets = np.arange(int(sizes.sum())) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    other = blocks.order[np.repeat(blocks.starts[block].astype(np.int64), sizes) + offsets].astype(np.int64)
    apart = other != np.repeat(blocks.order[places], sizes)
    pairs = (np.repeat(number[places], sizes) << other_bits) | other
    return ((pairs << size_bits) | np.repeat(sizes, sizes))[apart]


def looking(blocks: Blocks, limits: Codes) -> Blocks:
    """The blocks without the records that do not look by them."""
    return blocks.of_members(np.repeat(blocks.sizes, blocks.sizes) < limits[blocks.order])
