"""No pair is left out that would be an edge: its texts are not compared only where they change nothing."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph_cdp.bulk.match import Matched, match_tables
from graph_cdp.matching.linkage.ceilings import Ceiling
from graph_cdp.matching.linkage.columns import Column, make_column, with_years_of
from graph_cdp.matching.linkage.comparisons import COMPARISONS, OPEN, Comparers
from graph_cdp.matching.linkage.fields import field_of
from graph_cdp.matching.linkage.frequencies import FREQUENCY_KINDS, Frequencies
from graph_cdp.matching.linkage.policy import MatchPolicy
from graph_cdp.matching.linkage.scoring import judge
from graph_cdp.matching.linkage.training import Model
from tests.matching.linkage.test_match_files import febrl

CELLS = {
    "given_name": ("anne", "anna", "a", "bob", "robert", "martin", "paul"),
    "surname": ("martin", "martins", "anne", "dupont", "dupond durand"),
    "birth_date": ("1980-01-02", "1980-02-01", "1980-01-03", "1955-12-31"),
    "birth_year": ("1980", "1981", "1955"),
    "gender": ("m", "f"),
    "postal_code": ("75001", "75002", "75011", "13001"),
    "city": ("paris", "pariss", "lyon", "saint denis"),
    "address": ("1 rue de lyon", "rue de lyon 1", "2 rue de lyon", "place verte"),
    "email": ("lea@x.fr", "lea1@x.fr", "lea2@x.fr", "jean.martin@y.fr"),
    "phone": ("0611111112", "0611111113", "0722222223"),
    "device": ("d1", "d2"),
}
PAIRS = (("city", "postal_code"), ("address", "city"))
ROWS = st.lists(
    st.fixed_dictionaries({name: st.sampled_from((None, *values)) for name, values in CELLS.items()}),
    min_size=2,
    max_size=5,
)
SEEDS = st.integers(0, 2**32 - 1)


def columns_of(rows: Sequence[dict[str, str | None]]) -> dict[str, Column]:
    columns = {
        name: make_column(field_of(name), [row[name] for row in rows], [""] * len(rows), region="FR")
        for name in CELLS
    }
    return columns | {"birth_year": with_years_of(columns["birth_date"], columns["birth_year"])}


def any_model(columns: dict[str, Column], chance: np.random.Generator) -> Model:
    """One that nobody would learn: any level may weigh most, and any two fields may go together."""

    def probabilities(name: str) -> np.ndarray:
        return chance.dirichlet(np.full(len(COMPARISONS[field_of(name).kind].levels), 1.0)) + 1e-6

    return Model(
        m={name: probabilities(name) for name in columns},
        u={name: probabilities(name) for name in columns},
        household={name: probabilities(name) if chance.random() < 0.5 else None for name in columns},
        prior=float(chance.uniform(0.001, 0.5)),
        matches_a_household=float(chance.uniform(0.5, 5)),
        corrections={pair: chance.normal(0, 4, size=4) for pair in PAIRS},
        frequencies={
            name: Frequencies(
                shares={value: float(chance.uniform(0.001, 0.5)) for value in column.values}, rest=0.1
            )
            for name, column in columns.items()
            if column.field.kind in FREQUENCY_KINDS
        },
    )


@given(rows=ROWS, seed=SEEDS, few=st.booleans())
def test_no_pair_is_left_out_that_is_as_probable_as_is_wanted(
    rows: list[dict[str, str | None]], seed: int, few: bool
) -> None:
    columns = columns_of(rows)
    model = any_model(columns, np.random.default_rng(seed))
    assert all_kept(columns, model, pairs=0 if few else 1_000_000)


def even_model(columns: dict[str, Column]) -> Model:
    """One by which nothing weighs anything."""
    levels = {name: len(COMPARISONS[column.field.kind].levels) for name, column in columns.items()}
    even = {name: np.full(count, 1 / count) for name, count in levels.items()}
    shares = {name: Frequencies(shares={}, rest=float(even[name][-1])) for name in columns}
    return Model(
        m=even,
        u=even,
        household=dict.fromkeys(columns, None),
        prior=0.5,
        matches_a_household=8.0,
        frequencies=shares,
    )


def all_kept(columns: dict[str, Column], model: Model, pairs: int = 1_000_000) -> bool:
    """Whether each pair is kept where a pair must be as probable as it."""
    left, right = np.triu_indices(len(next(iter(columns.values())).codes), k=1)
    comparers = Comparers(columns, pairs)
    levels = comparers.glance(left, right)
    _, likely = judge(list(columns.values()), comparers.levels(left, right), model, left)
    return all(
        pair in Ceiling(columns, model, probability).places(left, levels)
        for pair, probability in enumerate(likely.tolist())
    )


@pytest.mark.parametrize("cell", range(4))
def test_fields_that_differ_may_yet_agree_together(cell: int) -> None:
    cities, codes = ("paris", "pariss", "parigi", "lyon"), ("75001", "75002", "75911", "13001")
    rows = [
        dict.fromkeys(CELLS, None) | {"city": city, "postal_code": code} for city in cities for code in codes
    ]
    columns = {name: column for name, column in columns_of(rows).items() if name in {"city", "postal_code"}}
    correction = np.where(np.arange(4) == cell, 5.0, 0.0)
    assert all_kept(columns, replace(even_model(columns), corrections={("city", "postal_code"): correction}))


def test_emails_that_differ_in_a_figure_weigh_nothing_though_all_that_differ_weigh_less() -> None:
    rows = [dict.fromkeys(CELLS, None) | {"email": email} for email in ("lea1@x.fr", "lea2@x.fr")]
    columns = {name: column for name, column in columns_of(rows).items() if name == "email"}
    model = replace(even_model(columns), m={"email": np.array([0.01, 0.01, 0.98])})
    assert all_kept(columns, model)


def test_what_letters_rule_out_is_left_out() -> None:
    rows = [
        dict.fromkeys(CELLS, None) | {"given_name": name, "city": "paris"}
        for name in ("thibault", "nadege", "thibaut")
    ]
    columns = {name: column for name, column in columns_of(rows).items() if name in {"given_name", "city"}}
    model = Model(
        m={"given_name": np.array([0.01, 0.09, 0.1, 0.1, 0.7]), "city": np.array([0.1, 0.1, 0.1, 0.7])},
        u={"given_name": np.array([0.9, 0.04, 0.03, 0.02, 0.01]), "city": np.array([0.9, 0.05, 0.03, 0.02])},
        household={"given_name": None, "city": None},
        prior=0.1,
        matches_a_household=8.0,
        frequencies={name: Frequencies(shares={}, rest=0.02) for name in ("given_name", "city")},
    )
    left, right = np.triu_indices(3, k=1)
    levels = Comparers(columns, 1_000_000).glance(left, right)
    assert levels["given_name"].tolist() == [0, OPEN, 0]
    assert Ceiling(columns, model, 0.7).places(left, levels).tolist() == [1]


@pytest.fixture(scope="module")
def learned() -> MatchPolicy:
    found = match_tables(febrl(3), MatchPolicy())
    return MatchPolicy(
        learned=found.model,
        duplicate_free_sources=found.duplicate_free_sources,
        find_duplicate_free_sources=False,
    )


def answer(matched: Matched) -> tuple[object, ...]:
    return matched.clusters, list(matched.edges), matched.refused


@pytest.mark.parametrize("probability", [0.0, 0.2, 0.7, 1.0])
def test_the_answer_is_that_of_comparing_all_pairs(learned: MatchPolicy, probability: float) -> None:
    policy = replace(learned, probability_join=probability)
    some, everything = (match_tables(febrl(3), policy, all_pairs=all_pairs) for all_pairs in (False, True))
    assert answer(some) == answer(everything)
    assert some.scored is not None
    assert everything.scored is not None
    assert (len(some.scored.left) < len(everything.scored.left)) == (probability > 0)
    assert some.untrained == ()


def test_all_pairs_are_compared_to_find_sources_without_duplicates(learned: MatchPolicy) -> None:
    finding = match_tables(febrl(3), replace(learned, find_duplicate_free_sources=True)).scored
    everything = match_tables(febrl(3), learned, all_pairs=True).scored
    assert finding is not None
    assert everything is not None
    assert len(finding.left) == len(everything.left)
