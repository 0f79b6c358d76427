"""Sources in which nobody is twice are found in the data, and what is so found makes a census that shares no identifier findable."""

import pytest

from benchmarks.matching.data.census import make_census
from benchmarks.matching.data.words import Row
from graph_cdp.bulk.files import Table
from graph_cdp.bulk.match import Matched, match_tables
from graph_cdp.matching.evaluation import evaluate
from graph_cdp.matching.linkage.policy import MatchPolicy
from graph_cdp.matching.linkage.sources import Possible, count_possible

CENSUS = make_census(500, seed=11)


def matched(rows: list[Row], policy: MatchPolicy) -> Matched:
    columns = {name: [row[name] for row in rows] for name in rows[0]}
    return match_tables([Table(name="census", columns=columns)], policy)


def test_the_two_years_of_a_census_are_found_to_have_nobody_twice() -> None:
    rows, truth = CENSUS
    found = matched(rows, MatchPolicy())
    assert found.duplicate_free_sources == {"1871", "1881"}
    score = evaluate(found.clusters, truth).pairwise
    assert score.precision >= 0.98
    assert score.f1 >= 0.97


def test_who_has_no_likelier_partner_in_the_other_year_is_the_same_sooner() -> None:
    rows, truth = CENSUS
    careful = matched(rows, MatchPolicy(probability_join_one_to_one=0.5))
    usual = matched(rows, MatchPolicy())
    assert evaluate(usual.clusters, truth).pairwise.f1 > evaluate(careful.clusters, truth).pairwise.f1 + 0.003


def test_a_source_with_people_twice_is_not_taken_for_one_without() -> None:
    rows = [row for row in CENSUS[0] if row["source"] == "1871"]
    again = [row | {"record_id": f"{row['record_id']} again"} for row in rows[::20]]
    assert matched([*CENSUS[0], *again], MatchPolicy()).duplicate_free_sources == {"1881"}


@pytest.mark.parametrize(
    ("sources", "free", "possible"),
    [
        ("aabb", frozenset("ab"), Possible(pairs=4.0, matches_max=2.0)),
        ("aaabbc", frozenset("abc"), Possible(pairs=11.0, matches_max=4.0)),
        ("aabb", frozenset("a"), Possible(pairs=5.0, matches_max=5.0)),
        ("aabb", frozenset[str](), Possible(pairs=6.0, matches_max=6.0)),
    ],
)
def test_pairs_of_one_person_are_bounded_by_sources_that_have_nobody_twice(
    sources: str, free: frozenset[str], possible: Possible
) -> None:
    assert count_possible(list(sources), free) == possible


def test_what_is_found_can_be_turned_off() -> None:
    policy = MatchPolicy(find_duplicate_free_sources=False)
    assert matched(CENSUS[0], policy).duplicate_free_sources == frozenset()
