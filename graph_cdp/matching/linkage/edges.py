"""Which pairs are likely enough to be edges between records, by a policy that learned. The same in bulk and for a few records."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from graph_cdp.matching.linkage.clustering import Edges
from graph_cdp.matching.linkage.columns import Codes, Column
from graph_cdp.matching.linkage.comparisons import compare_all
from graph_cdp.matching.linkage.policy import MatchPolicy
from graph_cdp.matching.linkage.scoring import judge
from graph_cdp.matching.linkage.sources import may_be_one, of_two_free

Pairs = tuple[Codes, Codes]


def find_edges(
    columns: Mapping[str, Column], sources: Sequence[str | None], pairs: Pairs, policy: MatchPolicy
) -> Edges:
    """The pairs of these that are likely enough, by what the policy learned of their fields."""
    if policy.learned is None:
        raise ValueError("The policy of a few records has learned before.")
    kept = may_be_one(pairs, sources, policy.duplicate_free_sources)
    left, right = pairs[0][kept], pairs[1][kept]
    levels = compare_all(columns, left, right)
    weight, likely = judge(list(columns.values()), levels, policy.learned, left)
    return edges_of((left, right), weight, likely, needed((left, right), sources, policy))


def needed(pairs: Pairs, sources: Sequence[str | None], policy: MatchPolicy) -> NDArray[np.float64]:
    """The probability that each pair needs to be an edge."""
    return np.where(
        of_two_free(pairs, sources, policy.duplicate_free_sources),
        policy.probability_join_one_to_one,
        policy.probability_join,
    )


def needed_least(policy: MatchPolicy) -> float:
    """The least probability that any pair needs to be an edge."""
    if not policy.duplicate_free_sources:
        return policy.probability_join
    return min(policy.probability_join, policy.probability_join_one_to_one)


def edges_of(
    pairs: Pairs, weight: NDArray[np.float64], likely: NDArray[np.float64], joins: NDArray[np.float64]
) -> Edges:
    """The pairs that are as likely as they need to be."""
    some = np.flatnonzero(likely >= joins)
    return Edges(left=pairs[0][some], right=pairs[1][some], weight=weight[some], probability=likely[some])
