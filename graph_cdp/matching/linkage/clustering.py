"""Clusters from edges: the strongest edge first, and no join of two that something tells apart.

Deterministic, and independent of the order of edges: they are judged by falling weight, ties by the records.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import log2
from typing import overload

import numpy as np
from numpy.typing import NDArray

from graph_cdp.matching.dates import birth_dates_differ
from graph_cdp.matching.names import agree

GIVEN_NAMES_DIFFER, BIRTH_DATES_DIFFER, ONE_A_SOURCE, IDENTIFIERS_DIFFER = (
    "GIVEN_NAMES_DIFFER",
    "BIRTH_DATES_DIFFER",
    "SOURCE_HAS_NO_DUPLICATES",
    "IDENTIFIERS_DIFFER",
)

PROBABILITY_BOUND = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class Traits:
    """What may tell a record apart from others: folded given name, date of birth, its source where that has no duplicates, and
    identifiers, each kind at its place.
    """

    given_name: str | None = None
    birth_date: str | None = None
    source: str | None = None
    identifiers: tuple[str | None, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """What identifiers that differ cost a join that only other records vouch for: the bits of each kind in `Traits.identifiers`,
    none above 0; an edge that they bring below `probability_join` does not join.
    """

    bits: Sequence[float] = ()
    probability_join: float = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Edge:
    """Two records that may be one person."""

    left: int
    right: int
    weight: float
    probability: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Edges(Sequence[Edge]):
    """Many edges, column by column."""

    left: NDArray[np.int64]
    right: NDArray[np.int64]
    weight: NDArray[np.float64]
    probability: NDArray[np.float64]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and list(self) == list(other)  # pyright: ignore[reportUnknownArgumentType]

    __hash__ = None  # pyright: ignore[reportAssignmentType] - as of a list

    def __len__(self) -> int:
        return len(self.left)

    @overload
    def __getitem__(self, place: int) -> Edge: ...
    @overload
    def __getitem__(self, place: slice) -> "Edges": ...
    def __getitem__(self, place: int | slice) -> "Edge | Edges":
        found = self.only(slice(place, place + 1 or None) if isinstance(place, int) else place)
        return next(iter(found)) if isinstance(place, int) else found

    def __iter__(self) -> Iterator[Edge]:
        columns = (self.left, self.right, self.weight, self.probability)
        for left, right, weight, probability in zip(*(column.tolist() for column in columns), strict=True):
            yield Edge(left=left, right=right, weight=weight, probability=probability)

    def only(self, some: NDArray[np.bool_] | NDArray[np.int64] | slice) -> "Edges":
        """Some of them."""
        return Edges(
            left=self.left[some],
            right=self.right[some],
            weight=self.weight[some],
            probability=self.probability[some],
        )


def joined(parts: Sequence[Edges]) -> Edges:
    """The edges of all parts."""
    left, right = (
        np.concatenate([np.empty(0, dtype=np.int64), *some])
        for some in ([part.left for part in parts], [part.right for part in parts])
    )
    weight, probability = (
        np.concatenate([np.empty(0), *some])
        for some in ([part.weight for part in parts], [part.probability for part in parts])
    )
    return Edges(left=left, right=right, weight=weight, probability=probability)


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """An edge that did not join its clusters, and why."""

    edge: Edge
    reason: str


Values = frozenset[str]
"""What records say of one thing."""

Link = tuple[int, int, float, float]
"""An edge as it is: left, right, weight, probability."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """The traits of records, column by column: of each record the set of its one value, or an empty one. Records that say the same
    have the same set, for most clusters say one thing, and need not be compared then.
    """

    given_names: Sequence[Values]
    birth_dates: Sequence[Values]
    sources: Sequence[Values]
    identifiers: Sequence[Sequence[Values]]


def told(column: Sequence[str | None]) -> list[Values]:
    """A column of what records say."""
    sets = {value: frozenset((value,) if value else ()) for value in set(column)}
    return [sets[value] for value in column]


def cluster(
    edges: Sequence[Edge], traits: Sequence[Traits], doubt: Doubt | None = None
) -> tuple[list[int], list[Refused]]:
    """The cluster of each record, named by its lowest record, and the edges that were refused."""
    said = Told(
        given_names=told([one.given_name for one in traits]),
        birth_dates=told([one.birth_date for one in traits]),
        sources=told([one.source for one in traits]),
        identifiers=[told(column) for column in zip(*(one.identifiers for one in traits), strict=True)],
    )
    links = [(one.left, one.right, one.weight, one.probability) for one in sorted(edges, key=strength)]
    return join(links, said, doubt)


def strength(edge: Edge) -> tuple[float, int, int]:
    """Sorts edges: the strongest first, of equal ones that of the lower records."""
    return -edge.weight, edge.left, edge.right


def join(links: Iterable[Link], said: Told, doubt: Doubt | None) -> tuple[list[int], list[Refused]]:
    """The same of edges that come strongest first in each component: components know nothing of each other."""
    clusters = _Clusters(said, doubt or Doubt())
    refused: list[Refused] = []
    for left, right, weight, probability in links:
        if clusters.of[left] == clusters.of[right]:
            continue
        reason = clusters.conflict(left, right, probability)
        if reason:
            edge = Edge(left=left, right=right, weight=weight, probability=probability)
            refused.append(Refused(edge=edge, reason=reason))
        else:
            clusters.join(clusters.of[left], clusters.of[right])
    lowest = {name: min(clusters.members[name]) for name in set(clusters.of)}
    return [lowest[name] for name in clusters.of], refused


class _Clusters:
    """Records that were joined so far, and what they say that tells people apart: a cluster is known by one of its records."""

    def __init__(self, said: Told, doubt: Doubt) -> None:
        self.of = list(range(len(said.given_names)))
        self.members = [[record] for record in self.of]
        self._said = said
        self._doubt = doubt
        self._given_names = list(said.given_names)
        self._birth_dates = list(said.birth_dates)
        self._sources = list(said.sources)
        self._identifiers = [list(column) for column in said.identifiers]

    def join(self, one: int, other: int) -> None:
        great, small = (one, other) if len(self.members[one]) >= len(self.members[other]) else (other, one)
        for record in self.members[small]:
            self.of[record] = great
        self.members[great] += self.members[small]
        for values in (self._given_names, self._birth_dates, self._sources, *self._identifiers):
            if values[small] is not values[great]:
                values[great] |= values[small]

    def conflict(self, left: int, right: int, probability: float) -> str | None:
        """Why the clusters of two records cannot be one person: all known values of one differ clearly from all of the other.

        What the two records of the edge themselves say was weighed already: a difference of theirs is no news.
        """
        one, other = self.of[left], self.of[right]
        if not self._sources[one].isdisjoint(self._sources[other]):
            return ONE_A_SOURCE
        if _all_differ(self._given_names[one], self._given_names[other], _names_differ):
            own = self._said.given_names
            if not _all_differ(own[left], own[right], _names_differ):
                return GIVEN_NAMES_DIFFER
        if _all_differ(self._birth_dates[one], self._birth_dates[other], birth_dates_differ):
            own = self._said.birth_dates
            if not _all_differ(own[left], own[right], birth_dates_differ):
                return BIRTH_DATES_DIFFER
        return IDENTIFIERS_DIFFER if self._identifiers_differ(left, right, probability) else None

    def _identifiers_differ(self, left: int, right: int, probability: float) -> bool:
        """Whether the identifiers of two clusters, of kinds that the records of the edge do not both state, make it too improbable."""
        bits = 0.0
        for cost, of_clusters, of_records in zip(
            self._doubt.bits, self._identifiers, self._said.identifiers, strict=False
        ):
            one, other = of_clusters[self.of[left]], of_clusters[self.of[right]]
            if one.isdisjoint(other) and one and other and not (of_records[left] and of_records[right]):
                bits += cost
        return bits < 0 and log_odds(probability) + bits < log_odds(self._doubt.probability_join)


def log_odds(probability: float) -> float:
    """The log2 odds of a probability, bounded."""
    bounded = min(max(probability, PROBABILITY_BOUND), 1 - PROBABILITY_BOUND)
    return log2(bounded / (1 - bounded))


def _names_differ(left: str, right: str) -> bool:
    return not agree(left, right)


def _all_differ(left: Values, right: Values, differ: Callable[[str, str], bool]) -> bool:
    """Whether each value of one differs from each of the other, and there are any. No value differs from itself."""
    if left is right or not left or not right:
        return False
    return all(differ(a, b) for a in left for b in right)
