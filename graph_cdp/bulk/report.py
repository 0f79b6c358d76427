"""What a matching did, as figures for a page: weights, probabilities, thresholds, blocking, clusters, and pairs explained.

No figure holds a value of a record. Precision and recall are estimates of the model: the mean probability of the pairs that join,
and the share of all probability among the compared pairs that they hold. What no rule blocked is in neither.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from graph_cdp.bulk.judged import Scored
from graph_cdp.bulk.match import Matched, tell_limited
from graph_cdp.bulk.sizes import in_ranges
from graph_cdp.matching.linkage.blocking import Blocked
from graph_cdp.matching.linkage.comparisons import COMPARISONS
from graph_cdp.matching.linkage.policy import MatchPolicy
from graph_cdp.matching.linkage.scoring import frequency_bits
from graph_cdp.matching.linkage.training import Model

WEIGHT_BOUNDS = (-40, 80)
"""Bits at which the histogram ends: its first and last bars hold what is beyond, too."""

BAR_BITS = 4
THRESHOLDS = (0.5, 0.7, 0.8, 0.9, 0.95, 0.99)
PRECISION_WANTED = 0.99


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelFigures:
    """A level of a field: how often in one person (m), in two strangers (u), and its weight in bits against strangers and against
    two who live together; `pairs` have it.
    """

    field: str
    level: str
    m: float
    u: float
    weight: float
    household_weight: float
    pairs: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ThresholdFigures:
    """What comes of joining from a probability on: pairs, and the estimates of their precision and recall."""

    probability: float
    pairs: int
    precision: float
    recall: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What a field adds to the weight of a pair against two strangers, in bits."""

    field: str
    level: str
    bits: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Explained:
    """A pair, step by step from the prior; `household` is the sum of the weights against two who live together."""

    title: str
    steps: Sequence[Step]
    weight: float
    household: float
    probability: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """All figures of the page. `weights` are (lowest bits of a bar, pairs); `sizes` how many people have so many records; `labels` says what became
    of labels, where there were any, and `limited` that some records were compared with some of their candidates only.
    """

    records: int
    people: int
    sources: int
    threshold: float
    suggested: float | None
    levels: Sequence[LevelFigures]
    weights: Sequence[tuple[int, int]]
    thresholds: Sequence[ThresholdFigures]
    blocked: Sequence[Blocked]
    sizes: Mapping[str, int]
    refused: Mapping[str, int]
    untrained: Sequence[str]
    explained: Sequence[Explained]
    labels: str = ""
    limited: str = ""


def make_report(matched: Matched, policy: MatchPolicy) -> Report:
    """The figures of a matching."""
    scored = matched.scored
    thresholds = [] if scored is None else [at_threshold(scored.probability, one) for one in THRESHOLDS]
    return Report(
        records=len(matched.records.ids),
        people=sum(matched.sizes.values()),
        sources=len(set(matched.records.sources)),
        threshold=policy.probability_join,
        suggested=suggest(thresholds),
        levels=[] if scored is None else _levels(matched, scored),
        weights=[] if scored is None else histogram(scored.weight),
        thresholds=thresholds,
        blocked=matched.blocked,
        sizes=in_ranges(matched.sizes),
        refused=Counter(one.reason for one in matched.refused),
        untrained=matched.untrained,
        explained=[] if scored is None else _explain(matched, scored, policy.probability_join),
        labels=f"Labels: {matched.labels.told}" if matched.labels else "",
        limited=tell_limited(matched, policy),
    )


def at_threshold(probability: np.ndarray, least: float) -> ThresholdFigures:
    """What joining from `least` on brings, by the model's own probabilities."""
    joined, everything = probability[probability >= least], float(probability.sum())
    return ThresholdFigures(
        probability=least,
        pairs=len(joined),
        precision=float(joined.mean()) if len(joined) else 1.0,
        recall=float(joined.sum()) / everything if everything else 1.0,
    )


def suggest(thresholds: Sequence[ThresholdFigures]) -> float | None:
    """The lowest threshold whose estimated precision is what is wanted: more recall costs less than that; None where none is."""
    return next((one.probability for one in thresholds if one.precision >= PRECISION_WANTED), None)


def histogram(weights: np.ndarray) -> list[tuple[int, int]]:
    """How many pairs have which weight: (lowest bits, pairs) of each bar from the first to the last that has any."""
    if not len(weights):
        return []
    least, most = WEIGHT_BOUNDS
    bars: list[int] = np.floor(np.clip(weights, least, most) / BAR_BITS).astype(int).tolist()
    counts = Counter(bars)
    return [(bar * BAR_BITS, counts[bar]) for bar in range(min(counts), max(counts) + 1)]


def _levels(matched: Matched, scored: Scored) -> list[LevelFigures]:
    model = _model(matched)
    return [
        LevelFigures(
            field=column.field.name,
            level=level,
            m=float(model.m[column.field.name][place]),
            u=float(model.u[column.field.name][place]),
            weight=float(model.weights(column.field.name)[place]),
            household_weight=float(model.household_weights(column.field.name)[place]),
            pairs=scored.compared.counted.having(column.field.name, place),
        )
        for column in matched.records.columns
        for place, level in reversed(list(enumerate(COMPARISONS[column.field.kind].levels)))
    ]


def _explain(matched: Matched, scored: Scored, threshold: float) -> list[Explained]:
    """A typical pair that joined, the one nearest to the threshold, and the likeliest that something else parted."""
    places: dict[str, int] = {}
    joined = np.flatnonzero(scored.probability >= threshold)
    if len(joined):
        by_weight = joined[np.argsort(scored.weight[joined], kind="stable")]
        places["A typical pair that joins"] = int(by_weight[len(by_weight) // 2])
    if len(scored.weight):
        nearest = np.argmin(np.abs(scored.probability - threshold))
        places["The pair nearest to the threshold"] = int(nearest)
    if matched.refused:
        edge = matched.refused[0].edge
        of_pair = np.flatnonzero((scored.left == edge.left) & (scored.right == edge.right))
        places[f"A pair that was refused: {matched.refused[0].reason}"] = int(of_pair[0])
    return [_explained(matched, scored, title, place) for title, place in places.items()]


def _explained(matched: Matched, scored: Scored, title: str, place: int) -> Explained:
    model, pair = _model(matched), slice(place, place + 1)
    gammas = scored.compared.patterns.levels(scored.all.patterns[pair])
    steps = [
        Step(field="any two records", level="prior", bits=float(np.log2(model.prior / (1 - model.prior))))
    ]
    for column in matched.records.columns:
        name, levels = column.field.name, COMPARISONS[column.field.kind].levels
        level = int(gammas[name][0])
        if level >= 0:
            steps.append(Step(field=name, level=levels[level], bits=float(model.weights(name)[level])))
    rare = float(frequency_bits(matched.records.columns, gammas, model, scored.left[pair])[0])
    steps.append(Step(field="how rare equal values are", level="", bits=rare))
    strangers, household = model.odds(gammas)
    rest = float(strangers[0]) + rare - sum(one.bits for one in steps)
    steps.append(Step(field="fields that say the same twice", level="", bits=rest))
    return Explained(
        title=title,
        steps=[one for one in steps if abs(one.bits) >= 0.005 or one.level],  # noqa: PLR2004 - shown with two digits
        weight=float(strangers[0]) + rare,
        household=float(household[0]),
        probability=float(scored.probability[place]),
    )


def _model(matched: Matched) -> Model:
    if matched.model is None:
        raise AssertionError("What was scored was scored by a model.")
    return matched.model
