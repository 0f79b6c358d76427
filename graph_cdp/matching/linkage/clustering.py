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
        some = slice(place, place + 1 or None) if isinstance(place, int) else place
        found = Edges(
            left=self.left[some],
            right=self.right[some],
            weight=self.weight[some],
            probability=self.probability[some],
        )
        return next(iter(found)) if isinstance(place, int) else found

    def __iter__(self) -> Iterator[Edge]:
        columns = (self.left, self.right, self.weight, self.probability)
        for left, right, weight, probability in zip(*(column.tolist() for column in columns), strict=True):
            yield Edge(left=left, right=right, weight=weight, probability=probability)


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


class _Cluster:
    """Records that were joined so far, and what they say that tells people apart."""

    def __init__(self, record: int, said: Traits) -> None:
        self.members = [record]
        self.given_names = {said.given_name} if said.given_name else set[str]()
        self.birth_dates = {said.birth_date} if said.birth_date else set[str]()
        self.sources = {said.source} if said.source else set[str]()
        self.identifiers = [{one} if one else set[str]() for one in said.identifiers]

    def take(self, other: "_Cluster") -> None:
        self.members += other.members
        self.given_names |= other.given_names
        self.birth_dates |= other.birth_dates
        self.sources |= other.sources
        for known, news in zip(self.identifiers, other.identifiers, strict=True):
            known.update(news)


def cluster(
    edges: Sequence[Edge], traits: Sequence[Traits], doubt: Doubt | None = None
) -> tuple[list[int], list[Refused]]:
    """The cluster of each record, named by its lowest record, and the edges that were refused."""
    return join(sorted(edges, key=lambda one: (-one.weight, one.left, one.right)), traits, doubt)


def join(
    edges: Iterable[Edge], traits: Sequence[Traits], doubt: Doubt | None
) -> tuple[list[int], list[Refused]]:
    """The same of edges that come strongest first."""
    cluster_of: list[_Cluster | None] = [None] * len(traits)
    refused: list[Refused] = []
    for edge in edges:
        left = _cluster_of(cluster_of, edge.left, traits)
        right = _cluster_of(cluster_of, edge.right, traits)
        if left is right:
            continue
        reason = _conflict(left, right, traits[edge.left], traits[edge.right])
        if not reason and doubt and _identifiers_differ(edge, (left, right), traits, doubt):
            reason = IDENTIFIERS_DIFFER
        if reason:
            refused.append(Refused(edge=edge, reason=reason))
            continue
        great, small = (left, right) if len(left.members) >= len(right.members) else (right, left)
        great.take(small)
        for member in small.members:
            cluster_of[member] = great
    return [number if one is None else min(one.members) for number, one in enumerate(cluster_of)], refused


def _cluster_of(cluster_of: list[_Cluster | None], record: int, traits: Sequence[Traits]) -> _Cluster:
    found = cluster_of[record]
    if found is None:
        found = _Cluster(record, traits[record])
        cluster_of[record] = found
    return found


def _conflict(left: _Cluster, right: _Cluster, one: Traits, other: Traits) -> str | None:
    """Why two clusters cannot be one person: all known values of one differ clearly from all of the other.

    What the two records of the edge themselves say was weighed already: a difference of theirs is no news.
    """
    if not left.sources.isdisjoint(right.sources):
        return ONE_A_SOURCE
    weighed = one.given_name and other.given_name and _names_differ(one.given_name, other.given_name)
    if not weighed and _all_differ(left.given_names, right.given_names, _names_differ):
        return GIVEN_NAMES_DIFFER
    weighed = one.birth_date and other.birth_date and birth_dates_differ(one.birth_date, other.birth_date)
    if not weighed and _all_differ(left.birth_dates, right.birth_dates, birth_dates_differ):
        return BIRTH_DATES_DIFFER
    return None


def _identifiers_differ(
    edge: Edge, clusters: tuple[_Cluster, _Cluster], traits: Sequence[Traits], doubt: Doubt
) -> bool:
    """Whether the identifiers of two clusters, of kinds that the records of the edge do not both state, make it too improbable."""
    one, other = traits[edge.left].identifiers, traits[edge.right].identifiers
    bits = 0.0
    for place, cost in enumerate(doubt.bits):
        left, right = (each.identifiers[place] for each in clusters)
        if not (one[place] and other[place]) and left and right and left.isdisjoint(right):
            bits += cost
    return bits < 0 and _log_odds(edge.probability) + bits < _log_odds(doubt.probability_join)


def _log_odds(probability: float) -> float:
    bounded = min(max(probability, PROBABILITY_BOUND), 1 - PROBABILITY_BOUND)
    return log2(bounded / (1 - bounded))


def _names_differ(left: str, right: str) -> bool:
    return not agree(left, right)


def _all_differ(left: set[str], right: set[str], differ: Callable[[str, str], bool]) -> bool:
    return bool(left and right) and all(differ(a, b) for a in left for b in right)
