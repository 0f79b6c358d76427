"""The joins of many components at once: in every round the strongest edge that is left of each of them.

What `clustering.join` does edge by edge. Components know nothing of each other, so the edges of a round are judged together, by whole
columns; what clusters say is known by its bits.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from graph_cdp.matching.linkage.clustering import (
    BIRTH_DATES_DIFFER,
    GIVEN_NAMES_DIFFER,
    IDENTIFIERS_DIFFER,
    ONE_A_SOURCE,
    Doubt,
    Edges,
    Refused,
    log_odds,
)
from graph_cdp.matching.linkage.columns import Codes
from graph_cdp.matching.linkage.marks import Marked

Mask = NDArray[np.bool_]

AT_ONCE_MIN = 64
"""Components that a round is worth its while for."""

REASONS = ("", ONE_A_SOURCE, GIVEN_NAMES_DIFFER, BIRTH_DATES_DIFFER, IDENTIFIERS_DIFFER)
JOINS, SOURCE, GIVEN_NAME, BIRTH_DATE, IDENTIFIER = range(len(REASONS))


@dataclass(frozen=True, slots=True, kw_only=True)
class Members:
    """The records of components, the component of each, and what they say."""

    records: Codes
    component: Codes
    marked: Marked

    def places(self, records: Codes) -> Codes:
        """The places of some of them."""
        found = np.zeros(int(self.records.max(initial=-1)) + 1, dtype=np.int64)
        found[self.records] = np.arange(len(self.records))
        return found[records]


def beyond_rounds(components: Codes) -> Codes:
    """The components with more edges than are worth rounds, for few have as many; `components` are those of all edges."""
    names, counts = np.unique(components, return_counts=True)
    if len(names) < AT_ONCE_MIN:
        return names
    place = len(names) - AT_ONCE_MIN
    return names[counts > np.partition(counts, place)[place]]


def join_in_rounds(edges: Edges, members: Members, doubt: Doubt) -> tuple[Codes, list[Refused]]:
    """The cluster of each member, named by its lowest record, and the edges that were refused. Edges come strongest first in each component,
    one component after the other.
    """
    left, right = members.places(edges.left), members.places(edges.right)
    clusters = _Clusters(members.marked)
    reasons = np.full(len(edges), JOINS)
    for of_round in _rounds(members.component[left]):
        pairs = clusters.pairs(left.take(of_round), right.take(of_round))
        edge = of_round.take(pairs.apart)
        found = clusters.conflicts(pairs, edges.probability.take(edge), doubt)
        clusters.join(pairs.one[found == JOINS], pairs.other[found == JOINS])
        reasons[edge] = found
    some = np.flatnonzero(reasons != JOINS)
    numbers: list[int] = reasons[some].tolist()
    lowest = np.full(len(members.records), np.iinfo(np.int64).max)
    names = clusters.of(np.arange(len(members.records)))
    np.minimum.at(lowest, names, members.records)
    return lowest[names], [
        Refused(edge=edge, reason=REASONS[number])
        for edge, number in zip(edges.only(some), numbers, strict=True)
    ]


def _rounds(components: Codes) -> Iterator[Codes]:
    """The places of the first edges of all components, then of the second ones, and so on."""
    starts = np.flatnonzero(np.append(True, components[1:] != components[:-1]))[: len(components)]
    sizes = np.diff(np.append(starts, len(components)))
    order = np.argsort(-sizes, kind="stable")
    starts, sizes = starts[order], sizes[order]
    for number in range(int(sizes.max(initial=0))):
        yield starts[: int(np.searchsorted(-sizes, -number))] + number


@dataclass(frozen=True, slots=True, kw_only=True)
class _Pairs:
    """Edges of different components between two clusters: `apart` are their places among those that were asked about; the two clusters, the
    two records.
    """

    apart: Codes
    one: Codes
    other: Codes
    left: Codes
    right: Codes


class _Clusters:
    """Places that were joined so far: each leads to another of its cluster, the last to itself, whose marks are those of all."""

    def __init__(self, own: Marked) -> None:
        self._own = own
        self._said = own.copy()
        self._next = np.arange(len(own.sources.said))
        self._sizes = np.ones(len(self._next), dtype=np.int64)

    def of(self, places: Codes) -> Codes:
        """The cluster of each place."""
        found = self._next.take(places)
        while not np.array_equal(further := self._next.take(found), found):
            found = further
        self._next[places] = found
        return found

    def pairs(self, left: Codes, right: Codes) -> _Pairs:
        """Those of these edges that are between two clusters."""
        one, other = self.of(left), self.of(right)
        apart = np.flatnonzero(one != other)
        one, other, left, right = (side.take(apart) for side in (one, other, left, right))
        return _Pairs(apart=apart, one=one, other=other, left=left, right=right)

    def join(self, one: Codes, other: Codes) -> None:
        """Join these clusters in pairs, none of which is in two."""
        larger = self._sizes.take(one) >= self._sizes.take(other)
        great, small = np.where(larger, one, other), np.where(larger, other, one)
        self._next[small] = great
        self._sizes[great] += self._sizes.take(small)
        self._said.join(great, small)

    def conflicts(self, pairs: _Pairs, probability: NDArray[np.float64], doubt: Doubt) -> Codes:
        """Why the clusters of each pair cannot be one person, as `clustering` has it; JOINS where nothing is in the way."""
        found = np.where(self._said.sources.meet(pairs.one, pairs.other), SOURCE, JOINS)
        for said, own, reason in (
            (self._said.given_names, self._own.given_names, GIVEN_NAME),
            (self._said.birth_dates, self._own.birth_dates, BIRTH_DATE),
        ):
            some = np.flatnonzero(said.differ(pairs.one, pairs.other) & (found == JOINS))
            weighed = own.differ(pairs.left.take(some), pairs.right.take(some))
            found[some[~weighed]] = reason
        found[(found == JOINS) & self._identifiers_differ(pairs, probability, doubt)] = IDENTIFIER
        return found

    def _identifiers_differ(self, pairs: _Pairs, probability: NDArray[np.float64], doubt: Doubt) -> Mask:
        bits = np.zeros(len(pairs.one))
        for cost, said, own in zip(doubt.bits, self._said.identifiers, self._own.identifiers, strict=True):
            weighed = own.both_say(pairs.left, pairs.right)
            bits += np.where(said.differ(pairs.one, pairs.other) & ~weighed, cost, 0.0)
        some, least = np.flatnonzero(bits < 0), log_odds(doubt.probability_join)
        odds = np.array([log_odds(one) for one in probability[some].tolist()])
        found = np.zeros(len(bits), dtype=np.bool_)
        found[some] = odds + bits[some] < least
        return found
