"""Clusters of millions of records: the plain rules of `cluster`, asked only where something tells records apart.

Most components of the edges are one person whatever the order of joins: nobody in them differs from anybody. Those are found by whole
columns; only the others are joined edge by edge.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from graph_cdp.matching.dates import birth_dates_differ
from graph_cdp.matching.linkage.cells import NOTHING
from graph_cdp.matching.linkage.clustering import (
    PROBABILITY_BOUND,
    Doubt,
    Edge,
    Edges,
    Link,
    Refused,
    Told,
    Values,
    join,
    strength,
    told,
)
from graph_cdp.matching.linkage.columns import Codes, Column
from graph_cdp.matching.names import agree

Mask = NDArray[np.bool_]

VALUES_MAX = 12
"""A component with more names, or more dates of birth, is joined edge by edge, whether they differ or not."""

SLACK_BITS = 1e-6
"""What is so near to a bound is joined edge by edge."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What may tell records apart: given names, dates of birth, identifiers, each a column or unknown; and the source of each record, as a
    number, NOTHING where it may have people twice.
    """

    given_names: Column | None
    birth_dates: Column | None
    identifiers: Sequence[Column]
    sources: Codes

    def told(self, records: Codes) -> Told:
        """The same of some records, one by one."""
        sources: list[int] = self.sources[records].tolist()
        return Told(
            given_names=_told(self.given_names, records),
            birth_dates=_told(self.birth_dates, records),
            sources=told([None if source == NOTHING else str(source) for source in sources]),
            identifiers=[_told(column, records) for column in self.identifiers],
        )


def _told(column: Column | None, records: Codes) -> list[Values]:
    if column is None:
        return told([None] * len(records))
    codes, back = np.unique(column.codes[records], return_inverse=True)
    distinct: list[int] = codes.tolist()
    sets = [frozenset((column.values[code],)) if code >= 0 else frozenset[str]() for code in distinct]
    return list(map(sets.__getitem__, back.tolist()))


def cluster_records(edges: Edges, said: Said, doubt: Doubt) -> tuple[Codes, list[Refused]]:
    """The cluster of each record, named by its lowest record, and the edges that were refused: as `cluster` finds them."""
    clusters = components(edges.left, edges.right, len(said.sources))
    members = _Members.of(edges, clusters)
    apart = np.zeros(len(clusters), dtype=np.bool_)
    apart[_doubtful(edges, said, doubt, members)] = True
    some = np.flatnonzero(apart[clusters[edges.left]])
    if not len(some):
        return clusters, []
    records = members.records[apart[members.component]]
    records = records[np.argsort(clusters[records], kind="stable")]
    links = _links(edges, some, clusters, records)
    numbers, refused = join(links, said.told(records), doubt)
    clusters[records] = records[np.array(numbers, dtype=np.int64)]
    return clusters, sorted((_back(one, records) for one in refused), key=lambda one: strength(one.edge))


def _links(edges: Edges, some: Codes, clusters: Codes, records: Codes) -> Iterator[Link]:
    """Some of the edges between places in `records`, strongest first in each component: one component after the other, for what lies
    together in memory is read in half the time.
    """
    place = np.zeros(len(clusters), dtype=np.int64)
    place[records] = np.arange(len(records))
    left, right = edges.left[some], edges.right[some]
    order = np.lexsort((right, left, -edges.weight[some], clusters[left]))
    ordered = some[order]
    lefts: list[int] = place[left[order]].tolist()
    rights: list[int] = place[right[order]].tolist()
    weights: list[float] = edges.weight[ordered].tolist()
    probabilities: list[float] = edges.probability[ordered].tolist()
    return zip(lefts, rights, weights, probabilities, strict=True)


def _back(refused: Refused, records: Codes) -> Refused:
    edge = refused.edge
    return Refused(
        edge=Edge(
            left=int(records[edge.left]),
            right=int(records[edge.right]),
            weight=edge.weight,
            probability=edge.probability,
        ),
        reason=refused.reason,
    )


def components(left: Codes, right: Codes, records: int) -> Codes:
    """The component of each record, named by its lowest record: names fall along edges until none does."""
    names = np.arange(records, dtype=np.int64)
    while True:
        lower = np.minimum(names[left], names[right])
        if not (np.any(lower < names[left]) or np.any(lower < names[right])):
            return names
        for side in (left, right):
            np.minimum.at(names, names[side], lower)
        while not np.array_equal(jumped := names[names], names):
            names = jumped


@dataclass(frozen=True, slots=True, kw_only=True)
class _Members:
    """The records that have an edge, ascending, and the component of each."""

    records: Codes
    component: Codes

    @classmethod
    def of(cls, edges: Edges, clusters: Codes) -> "_Members":
        in_edges = np.zeros(len(clusters), dtype=np.bool_)
        in_edges[edges.left] = in_edges[edges.right] = True
        records = np.flatnonzero(in_edges)
        return cls(records=records, component=clusters[records])

    def values(self, codes: Codes) -> tuple[Codes, Codes]:
        """The distinct values that each component says, one component after the other."""
        said = codes[self.records]
        some = said >= 0
        width = int(codes.max(initial=0)) + 1
        together = np.sort(self.component[some] * width + said[some])
        together = together[np.append(True, np.diff(together) != 0)] if len(together) else together
        return together // width, together % width


def _doubtful(edges: Edges, said: Said, doubt: Doubt, members: _Members) -> Codes:
    """The components, by their names, in which something may tell records apart."""
    records = len(said.sources)
    several = np.bincount(members.component, minlength=records) > 2  # noqa: PLR2004 - what an edge itself says was weighed
    found: list[Codes] = []
    for column, differ in ((said.given_names, _names_differ), (said.birth_dates, birth_dates_differ)):
        if column is not None:
            apart = _differing(*members.values(column.codes), column.values, differ)
            found.append(apart[several[apart]])
    bits = np.zeros(records)
    for column, cost in zip(said.identifiers, doubt.bits, strict=True):
        component, _ = members.values(column.codes)
        bits += cost * (np.bincount(component, minlength=records) > 1)
    found.append(np.flatnonzero(several & _outweighs(bits, edges, doubt, members)))
    of_source, _ = members.values(said.sources)
    with_source = members.component[said.sources[members.records] >= 0]
    twice = np.bincount(with_source, minlength=records) > np.bincount(of_source, minlength=records)
    found.append(np.flatnonzero(twice))
    return np.concatenate(found)


def _outweighs(bits: NDArray[np.float64], edges: Edges, doubt: Doubt, members: _Members) -> Mask:
    """Of each component, whether these bits bring its weakest edge below what a join needs."""
    names = np.zeros(len(bits), dtype=np.int64)
    names[members.records] = members.component
    weakest = np.ones(len(bits))
    np.minimum.at(weakest, names[edges.left], edges.probability)
    bounded = np.clip(np.append(weakest, doubt.probability_join), PROBABILITY_BOUND, 1 - PROBABILITY_BOUND)
    odds = np.log2(bounded / (1 - bounded))
    found: Mask = (bits < 0) & (odds[:-1] + bits < odds[-1] + SLACK_BITS)
    return found


def _differing(
    component: Codes, values: Codes, texts: Sequence[str], differ: Callable[[str, str], bool]
) -> Codes:
    """The components of which two values differ, or which have too many to look at."""
    begins = np.flatnonzero(np.append(True, np.diff(component) != 0)) if len(component) else component
    sizes = np.diff(np.append(begins, len(component)))
    found = [component[begins[sizes > VALUES_MAX]]]
    for size in range(2, VALUES_MAX + 1):
        starts = begins[sizes == size]
        low, high = np.triu_indices(size, k=1)
        pairs = values[starts[:, None] + low] * len(texts) + values[starts[:, None] + high]
        distinct, back = np.unique(pairs, return_inverse=True)
        numbers: list[int] = distinct.tolist()
        differs = [differ(texts[pair // len(texts)], texts[pair % len(texts)]) for pair in numbers]
        of_pairs = np.array(differs, dtype=np.bool_)[back.reshape(pairs.shape)]
        found.append(component[starts[of_pairs.any(axis=1)]])
    return np.concatenate(found)


def _names_differ(left: str, right: str) -> bool:
    return not agree(left, right)
