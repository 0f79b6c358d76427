"""Clusters: independent of the order of edges, idempotent, and never across what tells two people apart."""

import random

from hypothesis import given
from hypothesis import strategies as st

from graph_cdp.matching.linkage.clustering import (
    BIRTH_DATES_DIFFER,
    GIVEN_NAMES_DIFFER,
    IDENTIFIERS_DIFFER,
    ONE_A_SOURCE,
    Doubt,
    Edge,
    Traits,
    cluster,
)

RECORDS = 8
TRAITS = st.lists(
    st.builds(
        Traits,
        given_name=st.sampled_from((None, "anne", "paul", "zoe")),
        birth_date=st.sampled_from((None, "1980-01-01", "1955-12-31")),
        source=st.sampled_from((None, None, "a", "b")),
    ),
    min_size=RECORDS,
    max_size=RECORDS,
)
PAIRS = st.tuples(st.integers(0, RECORDS - 1), st.integers(0, RECORDS - 1)).filter(
    lambda pair: pair[0] < pair[1]
)
EDGES = st.dictionaries(PAIRS, st.integers(1, 20), max_size=16)


def edge(left: int, right: int, weight: float = 10.0) -> Edge:
    return Edge(left=left, right=right, weight=weight, probability=0.99)


def made(edges: dict[tuple[int, int], int]) -> list[Edge]:
    return [edge(*pair, weight) for pair, weight in edges.items()]


@given(TRAITS, EDGES, st.randoms(use_true_random=False))
def test_the_order_of_edges_does_not_matter(
    traits: list[Traits], edges: dict[tuple[int, int], int], chance: random.Random
) -> None:
    some = made(edges)
    first = cluster(some, traits)
    chance.shuffle(some)
    assert cluster(some, traits) == first


@given(TRAITS, EDGES)
def test_no_source_without_duplicates_is_twice_in_a_cluster(
    traits: list[Traits], edges: dict[tuple[int, int], int]
) -> None:
    clusters, refused = cluster(made(edges), traits)
    for name in set(clusters):
        sources = [
            traits[record].source
            for record, own in enumerate(clusters)
            if own == name and traits[record].source
        ]
        assert len(sources) == len(set(sources))
    joined = len(set(range(RECORDS))) - len(set(clusters))
    assert joined + len(refused) <= len(edges)


@given(TRAITS, EDGES)
def test_without_constraints_clusters_are_connected_components(
    traits: list[Traits], edges: dict[tuple[int, int], int]
) -> None:
    clusters, refused = cluster(made(edges), [Traits()] * len(traits))
    assert refused == []
    assert all(clusters[left] == clusters[right] for left, right in edges)
    assert all(clusters[name] == name for name in clusters)


def test_a_record_without_a_name_does_not_join_two_who_have_different_ones() -> None:
    traits = [Traits(given_name="anne"), Traits(), Traits(given_name="paul")]
    clusters, refused = cluster([edge(0, 1, 12), edge(1, 2, 11)], traits)
    assert clusters == [0, 0, 2]
    assert [(one.edge.left, one.edge.right, one.reason) for one in refused] == [(1, 2, GIVEN_NAMES_DIFFER)]


def test_each_reason_is_told() -> None:
    born = [Traits(birth_date="1980-01-01"), Traits(), Traits(birth_date="1955-12-31")]
    assert [one.reason for one in cluster([edge(0, 1, 12), edge(1, 2, 11)], born)[1]] == [BIRTH_DATES_DIFFER]
    twice = [Traits(source="crm"), Traits(source="crm")]
    assert [one.reason for one in cluster([edge(0, 1)], twice)[1]] == [ONE_A_SOURCE]


def test_what_the_edge_itself_weighed_is_no_veto() -> None:
    traits = [
        Traits(given_name="anne", birth_date="1980-01-01"),
        Traits(given_name="paul", birth_date="1980-01-01"),
    ]
    assert cluster([edge(0, 1)], traits) == ([0, 0], [])


def with_mail(*mails: str | None) -> list[Traits]:
    return [Traits(identifiers=(mail,)) for mail in mails]


def test_a_record_that_says_little_does_not_join_two_whose_emails_differ() -> None:
    traits = with_mail("jean@a.fr", None, "jean@b.fr")
    edges = [
        Edge(left=0, right=1, weight=12, probability=0.999),
        Edge(left=1, right=2, weight=3, probability=0.9),
    ]
    clusters, refused = cluster(edges, traits, Doubt(bits=(-4.0,), probability_join=0.7))
    assert clusters == [0, 0, 2]
    assert [(one.edge.left, one.edge.right, one.reason) for one in refused] == [(1, 2, IDENTIFIERS_DIFFER)]


def test_emails_that_differ_do_not_outweigh_a_strong_edge() -> None:
    traits = with_mail("jean@a.fr", None, "jean@b.fr")
    edges = [
        Edge(left=0, right=1, weight=12, probability=0.999),
        Edge(left=1, right=2, weight=9, probability=0.99),
    ]
    assert cluster(edges, traits, Doubt(bits=(-4.0,), probability_join=0.7)) == ([0, 0, 0], [])


def test_emails_that_the_edge_itself_weighed_are_no_doubt() -> None:
    edges = [Edge(left=0, right=1, weight=1, probability=0.71)]
    traits = with_mail("jean@a.fr", "jean@b.fr")
    assert cluster(edges, traits, Doubt(bits=(-4.0,), probability_join=0.7)) == ([0, 0], [])
