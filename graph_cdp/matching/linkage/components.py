"""Clusters of millions of records: the plain rules of `cluster`, asked only where something tells records apart.

Most components of the edges are one person whatever the order of joins: nobody in them differs from anybody. Those are found by whole
columns. Of the others nearly all are joined in rounds, many at once; the largest are joined edge by edge.
"""

from collections.abc import Sequence
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
    Refused,
    Told,
    join,
    strength,
    told,
)
from graph_cdp.matching.linkage.clustering import Values as Set
from graph_cdp.matching.linkage.columns import Codes, Column
from graph_cdp.matching.linkage.marks import Differ, Marked, Texts, Values, values_of
from graph_cdp.matching.linkage.rounds import Members, beyond_rounds, join_in_rounds
from graph_cdp.matching.names import agree

Mask = NDArray[np.bool_]

SLACK_BITS = 1e-6
"""What is so near to a bound is looked at, edge by edge."""


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


def _told(column: Column | None, records: Codes) -> list[Set]:
    if column is None:
        return told([None] * len(records))
    codes, back = np.unique(column.codes[records], return_inverse=True)
    distinct: list[int] = codes.tolist()
    sets = [frozenset((column.values[code],)) if code >= 0 else frozenset[str]() for code in distinct]
    return list(map(sets.__getitem__, back.tolist()))


def cluster_records(edges: Edges, said: Said, doubt: Doubt) -> tuple[Codes, list[Refused]]:
    """The cluster of each record, named by its lowest record, and the edges that were refused: as `cluster` finds them."""
    clusters = components(edges.left, edges.right, len(said.sources))
    known = _Known.of(edges, clusters, said)
    doubtful, large = np.zeros((2, len(clusters)), dtype=np.bool_)
    doubtful[known.doubtful(edges, doubt, len(clusters))] = True
    edges = edges.only(doubtful[clusters[edges.left]])
    edges = edges.only(np.lexsort((edges.right, edges.left, -edges.weight, clusters[edges.left])))
    large[known.beyond_marks] = True
    large[beyond_rounds(clusters[edges.left])] = True
    members = np.flatnonzero(doubtful[known.component])
    members = members[np.argsort(known.component[members], kind="stable")]
    is_large, alone = large[known.component[members]], large[clusters[edges.left]]
    some = members[~is_large]
    joined = join_in_rounds(edges.only(~alone), known.members(some), doubt)
    records = known.records[members[is_large]]
    rest = _join_edge_by_edge(edges.only(alone), records, said, doubt)
    for of_records, (lowest, _) in ((known.records[some], joined), (records, rest)):
        clusters[of_records] = lowest
    return clusters, sorted((*joined[1], *rest[1]), key=lambda one: strength(one.edge))


def _join_edge_by_edge(edges: Edges, records: Codes, said: Said, doubt: Doubt) -> tuple[Codes, list[Refused]]:
    """The cluster of each of these records, by edges that come strongest first in each component, and the edges that were refused."""
    place = np.zeros(len(said.sources), dtype=np.int64)
    place[records] = np.arange(len(records))
    columns = (place[edges.left], place[edges.right], edges.weight, edges.probability)
    links = zip(*(column.tolist() for column in columns), strict=True)
    numbers, refused = join(links, said.told(records), doubt)
    return records[np.array(numbers, dtype=np.int64)], [_back(one, records) for one in refused]


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
class _Known:
    """The records that have an edge, ascending, the component of each, and what components say."""

    records: Codes
    component: Codes
    sources: Values
    given_names: Values
    birth_dates: Values
    identifiers: Sequence[Values]

    @classmethod
    def of(cls, edges: Edges, clusters: Codes, said: Said) -> "_Known":
        in_edges = np.zeros(len(clusters), dtype=np.bool_)
        in_edges[edges.left] = in_edges[edges.right] = True
        records = np.flatnonzero(in_edges)
        component = clusters[records]

        def values(column: Column | None, differ: Differ | None = None) -> Values:
            if column is None:
                return values_of(component, np.full(len(records), NOTHING))
            return values_of(
                component, column.codes[records], Texts(column.values, differ) if differ else None
            )

        return cls(
            records=records,
            component=component,
            sources=values_of(component, said.sources[records]),
            given_names=values(said.given_names, _names_differ),
            birth_dates=values(said.birth_dates, birth_dates_differ),
            identifiers=[values(column) for column in said.identifiers],
        )

    def doubtful(self, edges: Edges, doubt: Doubt, records: int) -> Codes:
        """The components, by their names, in which something may tell records apart."""
        several = np.bincount(self.component, minlength=records) > 2  # noqa: PLR2004 - what an edge itself says was weighed
        apart = np.concatenate([self.given_names.differing, self.birth_dates.differing])
        bits = np.zeros(records)
        for values, cost in zip(self.identifiers, doubt.bits, strict=True):
            bits[values.differing] += cost
        doubted = np.flatnonzero(several & self._outweighs(bits, edges, doubt))
        with_source = np.bincount(self.component[self.sources.numbers != NOTHING], minlength=records)
        twice = np.flatnonzero(with_source > np.bincount(self.sources.component, minlength=records))
        return np.concatenate([apart[several[apart]], doubted, twice])

    def _outweighs(self, bits: NDArray[np.float64], edges: Edges, doubt: Doubt) -> Mask:
        """Of each component, whether these bits bring its weakest edge below what a join needs."""
        names = np.zeros(len(bits), dtype=np.int64)
        names[self.records] = self.component
        weakest = np.ones(len(bits))
        np.minimum.at(weakest, names[edges.left], edges.probability)
        bounded = np.clip(
            np.append(weakest, doubt.probability_join), PROBABILITY_BOUND, 1 - PROBABILITY_BOUND
        )
        odds = np.log2(bounded / (1 - bounded))
        found: Mask = (bits < 0) & (odds[:-1] + bits < odds[-1] + SLACK_BITS)
        return found

    @property
    def beyond_marks(self) -> Codes:
        """The components that say more than has marks."""
        all_values = (self.sources, self.given_names, self.birth_dates, *self.identifiers)
        return np.concatenate([values.too_many for values in all_values])

    def members(self, some: Codes) -> Members:
        """Some of the records, with what they say."""
        marked = Marked(
            sources=self.sources.marks(some),
            given_names=self.given_names.marks(some),
            birth_dates=self.birth_dates.marks(some),
            identifiers=[values.marks(some) for values in self.identifiers],
        )
        return Members(records=self.records[some], component=self.component[some], marked=marked)


def _names_differ(left: str, right: str) -> bool:
    return not agree(left, right)
