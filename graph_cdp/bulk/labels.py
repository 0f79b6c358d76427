"""Labels of a file: which pairs of records a human knows to be one person, or not to be. They teach; see `matching.linkage.labels`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from graph_cdp.bulk.files import read_table
from graph_cdp.errors import Invalid
from graph_cdp.matching.linkage.columns import Column
from graph_cdp.matching.linkage.comparisons import compare_all
from graph_cdp.matching.linkage.edges import needed
from graph_cdp.matching.linkage.labels import Labels, Taught
from graph_cdp.matching.linkage.policy import MatchPolicy
from graph_cdp.matching.linkage.scoring import judge
from graph_cdp.matching.linkage.sources import may_be_one
from graph_cdp.matching.linkage.training import Model

ANSWERS: Mapping[str, bool] = {
    **dict.fromkeys(("1", "1.0", "yes", "true", "same"), True),
    **dict.fromkeys(("0", "0.0", "no", "false", "not_same"), False),
}
LEFT, RIGHT, ANSWER = (
    ("record_id_l", "unique_id_l", "left"),
    ("record_id_r", "unique_id_r", "right"),
    ("label", "clerical_match_score", "is_match"),
)
"""What the columns are called: by us, in Splink's tables of labels, in what `graph-cdp sample` writes."""


class BadLabels(Invalid):
    """A file of labels does not say which pairs are one person."""

    code = "INVALID_LABELS"


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """What a human said of two records, by their ids; `where`: the place that said it, for errors."""

    left: str
    right: str
    same: bool
    where: str = "a label"


@dataclass(frozen=True, slots=True, kw_only=True)
class Used:
    """What became of labels: pairs that taught as one person and as two, pairs that contradicted themselves, pairs of a source in
    which nobody is twice; and of how many that taught the answer is that of the human, after training.
    """

    same: int = 0
    not_same: int = 0
    contradictory: int = 0
    of_one_source: int = 0
    agreeing: int = 0

    @property
    def told(self) -> str:
        """The same in words."""
        taught = self.same + self.not_same
        left_out = f" {self.contradictory:,} contradict themselves and teach nothing." * bool(
            self.contradictory
        ) + f" {self.of_one_source:,} are of one source in which nobody is twice and teach nothing." * bool(
            self.of_one_source
        )
        return (
            f"{taught:,} labelled pairs taught, {self.same:,} same and {self.not_same:,} not; by what was learned from all records "
            f"{self.agreeing:,} of them come out as labelled.{left_out}"
        )


def read_labels(path: Path) -> list[Label]:
    """The labels of a file, in any form that records have; an empty answer is none.

    Raises:
        BadLabels: a column is missing, an answer is neither, or a pair is not of two records.
        BadRecords: the file cannot be read.
    """
    columns = read_table(path).columns
    chosen = [next((name for name in names if name in columns), None) for names in (LEFT, RIGHT, ANSWER)]
    left, right, answer = chosen
    if left is None or right is None or answer is None:
        raise BadLabels(
            f"{path.name}: its first line must name {LEFT[0]}, {RIGHT[0]} and {ANSWER[0]}; or {LEFT[1]}, {RIGHT[1]} and "
            f"{ANSWER[1]}; or {LEFT[2]}, {RIGHT[2]} and {ANSWER[2]}."
        )
    rows = zip(columns[left], columns[right], columns[answer], strict=True)
    found: list[Label] = []
    for number, (one, other, said) in enumerate(rows, start=1):
        where = f"{path.name}, row {number}"
        if said is None:
            continue
        if one is None or other is None:
            raise BadLabels(f"{where}: {left if one is None else right} is empty.")
        if one == other:
            raise BadLabels(f"{where}: {left} and {right} are one record; a label is of two.")
        same = ANSWERS.get(said.strip().lower())
        if same is None:
            raise BadLabels(
                f"{where}: {answer} is 1, yes, true or same; 0, no, false or not_same; or empty where you cannot tell."
            )
        found.append(Label(left=one, right=other, same=same, where=where))
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Lesson:
    """Labels ready to teach, with the levels of their pairs, and how many pairs were left out: contradictory ones, and those of one
    source in which nobody is twice.
    """

    labels: Labels
    taught: Taught
    contradictory: int
    of_one_source: int

    def used(
        self, columns: Mapping[str, Column], model: Model, sources: Sequence[str | None], policy: MatchPolicy
    ) -> Used:
        """What became of the labels, by the model that they taught."""
        same = self.taught.same
        joins = needed((self.labels.left, self.labels.right), sources, policy)
        _, likely = judge(list(columns.values()), self.taught.levels, model, self.labels.left)
        return Used(
            same=int(np.count_nonzero(same)),
            not_same=int(np.count_nonzero(~same)),
            contradictory=self.contradictory,
            of_one_source=self.of_one_source,
            agreeing=int(np.count_nonzero((likely >= joins) == same)),
        )


def place_labels(labels: Sequence[Label], ids: Sequence[str]) -> tuple[Labels, int]:
    """The labelled pairs by the places of their records in `ids`, in the order of pairs, and how many were left out because labels say of
    them the one and the other.

    Raises:
        BadLabels: there is no record of an id.
    """
    place_of = {id_: place for place, id_ in enumerate(ids)} if labels else {}
    said: dict[tuple[int, int], set[bool]] = {}
    for label in labels:
        one, other = place_of.get(label.left), place_of.get(label.right)
        if one is None or other is None:
            side = "left" if one is None else "right"
            raise BadLabels(
                f"{label.where}: no record has the id on the {side}. Give ids as clusters.csv has them."
            )
        said.setdefault((min(one, other), max(one, other)), set()).add(label.same)
    settled = sorted((pair, answers == {True}) for pair, answers in said.items() if len(answers) == 1)
    places = np.array([pair for pair, _ in settled], dtype=np.int64).reshape(-1, 2)
    same = np.array([answer for _, answer in settled], dtype=np.bool_)
    return Labels(left=places[:, 0], right=places[:, 1], same=same), len(said) - len(settled)


def prepare(
    placed: tuple[Labels, int],
    columns: Mapping[str, Column],
    sources: Sequence[str | None],
    free: frozenset[str],
) -> Lesson | None:
    """What placed labels teach, where sources that are `free` have nobody twice; None where there are no labels."""
    labels, contradictory = placed
    if not len(labels.same) and not contradictory:
        return None
    kept = labels.only(may_be_one((labels.left, labels.right), sources, free))
    return Lesson(
        labels=kept,
        taught=Taught(levels=compare_all(columns, kept.left, kept.right), same=kept.same),
        contradictory=contradictory,
        of_one_source=len(labels.same) - len(kept.same),
    )
