"""What humans said of pairs of records, settled: for one pair, one word."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import product

from graph_cdp.identity.model import Verdict
from graph_cdp.ids import RecordKey

Pair = tuple[int, int]
"""Two records by their index, the lower first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """The pairs that are the same, each with the verdict that says so, and the records parted from each record."""

    same: Mapping[Pair, str] = field(default_factory=dict[Pair, str])
    parted: Mapping[int, set[int]] = field(default_factory=dict[int, set[int]])


def settle(verdicts: Iterable[Verdict], index: Mapping[RecordKey, int]) -> Settled:
    """The newest word on each pair of these records; at equal times *not same*, which harms less.

    Records that are not in `index` are left out. Quadratic in the size of a verdict's sides.
    """
    newest_first = sorted(verdicts, key=lambda one: (one.at, one.kind == "not_same", one.id), reverse=True)
    said: dict[Pair, Verdict] = {}
    for verdict in newest_first:
        for pair in _pairs(verdict, index):
            said.setdefault(pair, verdict)
    same, parted = dict[Pair, str](), dict[int, set[int]]()
    for (left, right), verdict in said.items():
        if verdict.kind == "same":
            same[left, right] = verdict.id
        else:
            parted.setdefault(left, set()).add(right)
            parted.setdefault(right, set()).add(left)
    return Settled(same=same, parted=parted)


def contradicts(verdicts: Iterable[Verdict]) -> bool:
    """Whether a chain of *same* leads from a record to one from which a human parted it."""
    verdicts = tuple(verdicts)
    keys = sorted({key for verdict in verdicts for key in verdict.left | verdict.right})
    settled = settle(verdicts, {key: number for number, key in enumerate(keys)})
    group_of = list(range(len(keys)))
    for left, right in settled.same:
        kept, gone = group_of[left], group_of[right]
        group_of = [kept if group == gone else group for group in group_of]
    return any(group_of[one] == group_of[other] for one, others in settled.parted.items() for other in others)


def _pairs(verdict: Verdict, index: Mapping[RecordKey, int]) -> Iterator[Pair]:
    left = [index[key] for key in verdict.left if key in index]
    right = [index[key] for key in verdict.right if key in index]
    for one, other in product(left, right):
        if one != other:
            yield min(one, other), max(one, other)
