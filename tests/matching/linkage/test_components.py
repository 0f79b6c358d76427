"""Clusters of whole columns at once are those of joining edge by edge."""

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph_cdp.matching.linkage import marks, rounds
from graph_cdp.matching.linkage.clustering import Doubt, Edge, Edges, Traits, cluster
from graph_cdp.matching.linkage.columns import make_column
from graph_cdp.matching.linkage.components import Said, cluster_records
from graph_cdp.matching.linkage.fields import field_of

DOUBT = Doubt(bits=(-3.0, -1.5), probability_join=0.6)
RECORDS = 9
PAIRS = st.tuples(st.integers(0, RECORDS - 1), st.integers(0, RECORDS - 1)).filter(
    lambda pair: pair[0] < pair[1]
)
EDGES = st.dictionaries(PAIRS, st.integers(1, 6), max_size=14).map(
    lambda edges: [
        Edge(left=left, right=right, weight=float(weight), probability=1 / (1 + 2.0 ** (1 - weight)))
        for (left, right), weight in edges.items()
    ]
)
TRAITS = st.lists(
    st.builds(
        Traits,
        given_name=st.sampled_from((None, "anne", "anna", "paul", "zoe")),
        birth_date=st.sampled_from((None, "1980-01-01", "1980-01-02", "1955-12-31")),
        source=st.sampled_from((None, None, None, "a", "b")),
        identifiers=st.tuples(
            st.sampled_from((None, None, "lea@x.fr", "leo@x.fr")),
            st.sampled_from((None, "+33611111112", "+33622222223")),
        ),
    ),
    min_size=RECORDS,
    max_size=RECORDS,
)


def said_by(traits: Sequence[Traits]) -> Said:
    mails, phones = zip(*(one.identifiers for one in traits), strict=True)
    cells = {
        "given_name": [one.given_name for one in traits],
        "birth_date": [one.birth_date for one in traits],
        "email": mails,
        "phone": phones,
    }
    columns = [
        make_column(field_of(name), column, [""] * len(traits), region="FR") for name, column in cells.items()
    ]
    return Said(
        given_names=columns[0],
        birth_dates=columns[1],
        identifiers=columns[2:],
        sources=np.array([-1 if one.source is None else "ab".index(one.source) for one in traits]),
    )


def as_columns(edges: Sequence[Edge]) -> Edges:
    return Edges(
        left=np.array([edge.left for edge in edges], dtype=np.int64),
        right=np.array([edge.right for edge in edges], dtype=np.int64),
        weight=np.array([edge.weight for edge in edges], dtype=np.float64),
        probability=np.array([edge.probability for edge in edges], dtype=np.float64),
    )


@pytest.mark.parametrize(
    ("at_once_min", "looked_at_max"),
    [(rounds.AT_ONCE_MIN, marks.LOOKED_AT_MAX), (1, marks.LOOKED_AT_MAX), (1, 2)],
    ids=["edge by edge", "in rounds", "some in rounds"],
)
@given(traits=TRAITS, edges=EDGES)
def test_clusters_are_those_of_joining_edge_by_edge(
    traits: list[Traits], edges: list[Edge], at_once_min: int, looked_at_max: int
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rounds, "AT_ONCE_MIN", at_once_min)
        patch.setattr(marks, "LOOKED_AT_MAX", looked_at_max)
        clusters, refused = cluster_records(as_columns(edges), said_by(traits), DOUBT)
    assert (clusters.tolist(), refused) == cluster(edges, traits, DOUBT)


def test_many_components_are_joined_as_each_of_them() -> None:
    traits = [
        Traits(given_name="anne", identifiers=(None, None)),
        Traits(identifiers=(None, None)),
        Traits(given_name="paul", identifiers=(None, None)),
    ]
    edges = [
        Edge(left=0, right=1, weight=12.0, probability=0.99),
        Edge(left=1, right=2, weight=9.0, probability=0.9),
    ]
    often = 2 * rounds.AT_ONCE_MIN
    everywhere = [
        Edge(left=3 * copy + edge.left, right=3 * copy + edge.right, weight=edge.weight, probability=0.9)
        for edge in edges
        for copy in range(often)
    ]
    clusters, refused = cluster_records(as_columns(everywhere), said_by(traits * often), DOUBT)
    assert clusters.tolist() == [3 * copy + name for copy in range(often) for name in (0, 0, 2)]
    assert [one.edge.left for one in refused] == [3 * copy + 1 for copy in range(often)]
