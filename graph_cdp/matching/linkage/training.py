"""Training: the m and u probabilities of every comparison level, from the data alone. Deterministic.

Fellegi & Sunter (1969); m by expectation maximisation (Winkler 1988) over all pairs of records, of which those that no rule
blocks count as no match. u is measured on pairs taken all over the data, except for identifiers: of pairs that share an
e-mail, nearly all are one person, so a random pair that does is no coincidence. For those u is counted on pairs that something
else tells apart.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from graph_cdp.matching.linkage.columns import Codes, Column
from graph_cdp.matching.linkage.comparisons import COMPARISONS, UNKNOWN, Levels, compare
from graph_cdp.matching.linkage.dependence import bits, dependences, learned, of_strangers
from graph_cdp.matching.linkage.fields import Kind
from graph_cdp.matching.linkage.frequencies import Frequencies, count_frequencies
from graph_cdp.matching.linkage.household import (
    MATCHES_A_HOUSEHOLD,
    learned_household,
    of_household,
)
from graph_cdp.matching.linkage.labels import Taught, share, teach
from graph_cdp.matching.linkage.patterns import Counted
from graph_cdp.matching.linkage.sources import Possible

SAMPLED_PAIRS = 1_000_000
ROUNDS_MAX = 50
CONVERGED = 1e-5
RATIO_BOUNDS = (0.2, 1_000.0)
"""Of pairs of one person for a pair of a household: beyond, the data say too little of it."""

USUAL_PAIRS, USUAL_MATCHES, USUAL_HOUSEHOLDS, SHARED_BY_NOBODY = 1_000, 5, 0.25, 100_000
"""How many pairs of the data what is usual counts for: a file of ten records teaches little."""

M_FIRST = 0.9
"""Probability of equality in a field of one person, before anything is known."""

EXACT: frozenset[Kind] = frozenset({"birth_date", "identifier", "device"})
DIFFERS_MAX: Mapping[Kind, float] = {"given_name": 0.08, "year": 0.1, "surname": 0.1}
"""How often what says who somebody is differs clearly in one person, at most, where no field is EXACT. Neighbours share
birthplace, parish and trade by the thousand: unheld, EM takes them for the matches.
"""

Probabilities = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """What was learned: of each field m and u by level, and how probable it is that any two records are one person.

    `household` is the probability of each level for two who live together; None for what these share. `frequencies` are those of
    values, of the fields for which they matter.
    """

    m: Mapping[str, Probabilities]
    u: Mapping[str, Probabilities]
    household: Mapping[str, Probabilities | None]
    prior: float
    matches_a_household: float
    corrections: Mapping[tuple[str, str], Probabilities] = field(
        default_factory=dict[tuple[str, str], Probabilities]
    )
    frequencies: Mapping[str, Frequencies] = field(default_factory=dict[str, Frequencies])

    def weights(self, name: str) -> Probabilities:
        """Match weights by level against two strangers: log2(m / u), in bits."""
        return np.log2(self.m[name] / self.u[name])

    def household_weights(self, name: str) -> Probabilities:
        """Match weights by level against two who live together, in bits."""
        household = self.household[name]
        return np.zeros(len(self.m[name])) if household is None else np.log2(self.m[name] / household)

    def odds(self, levels: Mapping[str, Levels | NDArray[np.int64]]) -> tuple[Probabilities, Probabilities]:
        """The log2 odds of one person against two strangers, and against two who live together, of pairs with these levels.

        Fields are added in the order of their names: floats in another order are another sum.
        """
        strangers: Probabilities | float = np.log2(self.prior / (1 - self.prior))
        household: Probabilities | float = np.log2(self.matches_a_household)
        for name, every_level in sorted(levels.items()):
            of_field = _unless_dated(levels, every_level) if name == "birth_year" else every_level
            strangers = strangers + of_levels(self.weights(name), of_field)
            household = household + of_levels(self.household_weights(name), of_field)
        strangers = strangers + bits(self.corrections, levels)
        return np.asarray(strangers), np.asarray(household)


def train(
    columns: Sequence[Column],
    counted: Counted,
    *,
    records: int,
    possible: Possible,
    taught: Taught | None = None,
) -> Model:
    """The model of these records, from the patterns of their blocked pairs, and what humans taught of some."""
    tree = dependences(columns)
    model = _untrained(columns, counted, records, possible.pairs)
    model = replace(model, corrections=of_strangers(tree))
    u, usual, differs_max = model.u, model.household, _differs_max(columns)
    patterns = teach(counted.levels, counted.pairs, taught, records=records)
    levels = patterns.levels
    for _ in range(ROUNDS_MAX):
        before = model.prior
        strangers, households = model.odds(levels)
        likely = probability(strangers, households)
        posterior, of_kin = share(likely, strangers, households, patterns)
        matches = posterior.sum()
        ratio = (matches + USUAL_HOUSEHOLDS * MATCHES_A_HOUSEHOLD) / (of_kin.sum() + USUAL_HOUSEHOLDS)
        model = replace(
            model,
            m={
                name: _held(_m(of_field, posterior, len(u[name])), differs_max[name])
                for name, of_field in levels.items()
            },
            household=_households(levels, of_kin, usual, u),
            prior=float(np.clip(min(matches, possible.matches_max) / possible.pairs, 1e-12, 0.5)),
            matches_a_household=float(np.clip(ratio, *RATIO_BOUNDS)),
            corrections=learned(tree, levels, posterior),
        )
        if abs(np.log(model.prior / before)) < CONVERGED:
            break
    return model


def _untrained(columns: Sequence[Column], counted: Counted, records: int, pairs_in_all: float) -> Model:
    """What is known before the first round: u, and of the rest what is usual."""
    u = {column.field.name: _u(column, counted, records, pairs_in_all) for column in columns}
    return Model(
        m={name: _first_m(len(u[name])) for name in counted.levels},
        u=u,
        household={column.field.name: of_household(column.field) for column in columns},
        prior=min(0.1, 0.5 * records / pairs_in_all),
        matches_a_household=MATCHES_A_HOUSEHOLD,
        frequencies=count_frequencies(columns),
    )


def probability(strangers: Probabilities, households: Probabilities) -> Probabilities:
    """The probability of one person, from the log2 odds against both other explanations."""
    bound = 60
    return 1 / (
        1 + np.exp2(-np.clip(strangers, -bound, bound)) + np.exp2(-np.clip(households, -bound, bound))
    )


def _unless_dated(
    levels: Mapping[str, Levels | NDArray[np.int64]], years: Levels | NDArray[np.int64]
) -> Levels:
    """The levels of years of birth, unknown where whole dates were compared: those say it already."""
    dated = levels.get("birth_date")
    return (
        years.astype(np.int8) if dated is None else np.where(dated == UNKNOWN, years, UNKNOWN).astype(np.int8)
    )


def of_levels(by_level: Probabilities, levels: NDArray[np.int64] | Levels) -> Probabilities:
    """The value of each pair's level; 0 where it is unknown."""
    return np.append(by_level, 0.0)[levels]


def _first_m(levels: int) -> Probabilities:
    rest = (1 - M_FIRST) / (levels - 1)
    return np.array([*[rest] * (levels - 1), M_FIRST])


def _m(levels: NDArray[np.int64], posterior: Probabilities, count: int) -> Probabilities:
    known = levels != UNKNOWN
    expected = np.bincount(levels[known], weights=posterior[known], minlength=count)
    return (expected + USUAL_MATCHES * _first_m(count)) / (expected.sum() + USUAL_MATCHES)


def _households(
    levels: Mapping[str, NDArray[np.int64]],
    of_kin: Probabilities,
    usual: Mapping[str, Probabilities | None],
    u: Mapping[str, Probabilities],
) -> dict[str, Probabilities | None]:
    found: dict[str, Probabilities | None] = dict.fromkeys(usual)
    for name, by_level in usual.items():
        if by_level is not None:
            by_chance = float(u[name][-1]) if name == "given_name" else 0.0
            found[name] = learned_household(levels[name], of_kin, usual=by_level, equal_min=by_chance)
    return found


def _differs_max(columns: Sequence[Column]) -> dict[str, float]:
    exact = any(column.field.kind in EXACT for column in columns)
    return {
        column.field.name: 1.0 if exact else DIFFERS_MAX.get(column.field.kind, 1.0) for column in columns
    }


def _held(m: Probabilities, differs_max: float) -> Probabilities:
    """The same with no more of level 0 than that, the other levels in proportion."""
    if m[0] <= differs_max:
        return m
    return np.array([differs_max, *(m[1:] * (1 - differs_max) / m[1:].sum())])


def _u(column: Column, counted: Counted, records: int, pairs_in_all: float) -> Probabilities:
    left, right = _spread_pairs(records)
    levels = compare(column, left, right)
    count = len(COMPARISONS[column.field.kind].levels)
    seen = np.bincount(levels[levels != UNKNOWN], minlength=count).astype(np.float64)
    usual = np.array(COMPARISONS[column.field.kind].usual_u)
    u = (seen + USUAL_PAIRS * usual) / (seen.sum() + USUAL_PAIRS)
    if column.field.kind in {"identifier", "device"}:
        u[-1] = _shared_by_chance(column, counted, pairs_in_all)
    elif column.field.kind in {"given_name", "surname", "text", "birth_date", "postal_code"}:
        u[-1] = _equal_by_chance(column, usual[-1])
    return u / u.sum()


def _equal_by_chance(column: Column, usual: float) -> float:
    """The probability that two records that say anything say the same."""
    counts = column.counts().astype(np.float64)
    said = counts.sum()
    equal, pairs = (counts * (counts - 1)).sum() / 2, said * (said - 1) / 2
    return float((equal + USUAL_PAIRS * usual) / (pairs + USUAL_PAIRS))


def _shared_by_chance(column: Column, counted: Counted, pairs_in_all: float) -> float:
    """How often two who are told apart, by given name or date of birth, share a value."""
    levels = counted.levels[column.field.name]
    equal = levels == COMPARISONS[column.field.kind].highest
    apart = np.zeros(len(levels), dtype=bool)
    for name in ("given_name", "birth_date"):
        if name in counted.levels:
            apart |= counted.levels[name] == 0
    said = np.count_nonzero(column.codes >= 0) / len(column.codes)
    return (int(counted.pairs[equal & apart].sum()) + 1) / (pairs_in_all * said * said + SHARED_BY_NOBODY)


def _spread_pairs(records: int) -> tuple[Codes, Codes]:
    """Pairs all over the data, the same for the same number of records: each record with others at fixed distances."""
    steps = max(1, SAMPLED_PAIRS // records)
    distances = [1 + (records - 1) * (2 * step + 1) // (2 * steps) for step in range(steps)]
    left = np.tile(np.arange(records, dtype=np.int64), steps)
    right = (left + np.repeat(np.array(distances, dtype=np.int64), records)) % records
    differ = left != right
    return left[differ], right[differ]
