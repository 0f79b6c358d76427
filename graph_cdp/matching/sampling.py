"""Precision without a truth: a stratified sample of edges that a human labels, and what its labels say of all of them.

Edges of a low probability are few and often wrong, those of a high one many and seldom; so the sample takes as many of each
stratum, and the estimate weighs each by its size (Cochran 1977, 5.3). Deterministic: the same edges, the same sample.
"""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from math import sqrt

BOUNDS = (0.6, 0.7, 0.8, 0.9, 0.95, 0.99, 0.999)
"""Where one stratum of probabilities ends and the next begins."""

Z = 1.96
"""Standard errors on either side of an estimate that hold 95%."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sampled:
    """A pair to label: its stratum, and how many pairs that has."""

    left: str
    right: str
    stratum: int
    pairs: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Labelled:
    """What a human said of the sample of a stratum of so many pairs."""

    pairs: int
    labelled: int
    right: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """The share of pairs that are right, and the bounds that hold it in 95 of 100 samples."""

    precision: float
    low: float
    high: float


def sample(edges: Iterable[tuple[str, str, float]], *, pairs: int) -> list[Sampled]:
    """About so many edges (left, right, probability), as many of each stratum as it has, in an order that tells nothing."""
    strata: dict[int, list[tuple[str, str]]] = {}
    for left, right, probability in edges:
        strata.setdefault(bisect_right(BOUNDS, probability), []).append((left, right))
    share = -(-pairs // len(strata)) if strata else 0
    chosen = [
        Sampled(left=left, right=right, stratum=stratum, pairs=len(members))
        for stratum, members in strata.items()
        for left, right in sorted(members, key=_shuffled)[:share]
    ]
    return sorted(chosen, key=lambda one: _shuffled((one.left, one.right)))


def estimate(strata: Sequence[Labelled]) -> Estimate:
    """The precision of all pairs, from strata of which at least one pair is labelled each.

    The variance of a stratum is of (right + 1) of (labelled + 2): that three of three are right does not prove the rest.
    """
    total = sum(one.pairs for one in strata)
    precision = sum(one.pairs * one.right / one.labelled for one in strata) / total
    variance = 0.0
    for one in strata:
        careful = (one.right + 1) / (one.labelled + 2)
        unseen = 1 - one.labelled / one.pairs
        variance += (one.pairs / total) ** 2 * careful * (1 - careful) / one.labelled * unseen
    margin = Z * sqrt(variance)
    return Estimate(precision=precision, low=max(0.0, precision - margin), high=min(1.0, precision + margin))


def _shuffled(pair: tuple[str, str]) -> str:
    return sha256("\x1f".join(pair).encode()).hexdigest()
