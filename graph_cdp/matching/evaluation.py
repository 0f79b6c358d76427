"""How good clusters are, against the truth: pairwise and B-cubed precision, recall and F1.

Pairwise: of the pairs of records that are in one cluster, how many should be. B-cubed (Bagga & Baldwin 1998): for each record, of
those in its cluster, how many should be; a large cluster does not outweigh many small ones. All from the sizes of the
(found, true) cells, so in time and memory linear in the records.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """Precision and recall, each from 0 to 1; 1 where there is nothing to be wrong about."""

    precision: float
    recall: float

    @property
    def f1(self) -> float:
        """Their harmonic mean."""
        together = self.precision + self.recall
        return 2 * self.precision * self.recall / together if together else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """Both scores, and how many records, clusters and pairs there are."""

    pairwise: Score
    b_cubed: Score
    records: int
    clusters_found: int
    clusters_true: int
    pairs_found: int
    pairs_true: int


def evaluate(found: Sequence[str], true: Sequence[str]) -> Evaluation:
    """How well the found cluster of each record fits its true one; both in one order of the records."""
    cells = Counter(zip(found, true, strict=True))
    of_found, of_true = Counter(found), Counter(true)
    both, pairs_found, pairs_true = (_pairs(sizes.values()) for sizes in (cells, of_found, of_true))
    records = len(found)
    return Evaluation(
        pairwise=Score(precision=_share(both, pairs_found), recall=_share(both, pairs_true)),
        b_cubed=Score(
            precision=_share(sum(n * n / of_found[cell[0]] for cell, n in cells.items()), records),
            recall=_share(sum(n * n / of_true[cell[1]] for cell, n in cells.items()), records),
        ),
        records=records,
        clusters_found=len(of_found),
        clusters_true=len(of_true),
        pairs_found=pairs_found,
        pairs_true=pairs_true,
    )


def _pairs(sizes: Iterable[int]) -> int:
    return sum(size * (size - 1) // 2 for size in sizes)


def _share(part: float, whole: float) -> float:
    return part / whole if whole else 1.0
