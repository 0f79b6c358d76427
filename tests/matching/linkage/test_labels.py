"""Labels teach: what a few humans said of pairs changes what is learned of all pairs like them, in whatever order, and wrong ones do little."""

from pathlib import Path
from random import Random

import numpy as np
import pytest
from typer.testing import CliRunner

from graph_cdp.bulk.files import Table
from graph_cdp.bulk.labels import BadLabels, Label, read_labels
from graph_cdp.bulk.match import Matched, match_tables
from graph_cdp.cli import app
from graph_cdp.matching.evaluation import evaluate
from graph_cdp.matching.linkage.labels import NOT_SAME, SAME, UNTOLD, Taught, share, teach
from graph_cdp.matching.linkage.learned import write_model
from graph_cdp.matching.linkage.policy import MatchPolicy

SYLLABLES = ("mar", "du", "ber", "lo", "tin", "ric", "val")


def couples() -> Table:
    """400 women, each twice; half of them with a man who wrote only the initial of his given name, which is hers, too."""
    chance = Random(3)

    def word() -> str:
        return "".join(chance.choice(SYLLABLES) for _ in range(4))

    rows: list[tuple[str, str, str, str]] = []
    for n in range(400):
        woman = chance.choice(("Marie", "Paule", "Claire", "Lucie", "Jeanne", "Nora"))
        surname, street = word(), f"{chance.randrange(1, 99)} rue {word()}"
        rows += [(f"{n}-1-{copy}", woman, surname, street) for copy in range(2)]
        rows += [(f"{n}-2-0", f"{woman[0]}.", surname, street)] * (n % 2)
    names = ("record_id", "prenom", "nom", "adresse")
    return Table(
        name="shop", columns={name: [row[place] for row in rows] for place, name in enumerate(names)}
    )


def label(n: int, *, same: bool = False) -> Label:
    """What a human says of the n-th woman who has a man, and him."""
    return Label(left=f"{2 * n + 1}-2-0", right=f"{2 * n + 1}-1-0", same=same)


@pytest.fixture(scope="module")
def alone() -> Matched:
    """What is found without labels."""
    return match_tables([couples()], MatchPolicy())


def learned(matched: Matched) -> str:
    """What was learned, as text."""
    assert matched.model is not None
    return write_model(matched.model)


def precision(matched: Matched) -> float:
    truth = [id_.rsplit("-", 1)[0] for id_ in matched.records.ids]
    return evaluate(matched.clusters, truth).pairwise.precision


def test_a_few_labels_part_all_pairs_like_them(alone: Matched) -> None:
    taught = match_tables([couples()], MatchPolicy(), labels=[label(n) for n in range(20)])
    assert (precision(alone), precision(taught)) == (0.5, 1.0)
    assert alone.labels is None
    assert taught.labels is not None
    assert taught.labels.told == (
        "20 labelled pairs taught, 0 same and 20 not; by what was learned from all records 20 of them come out as labelled."
    )


def test_a_few_wrong_labels_among_right_ones_change_no_decision() -> None:
    labels = [label(n, same=n % 10 == 0) for n in range(40)]
    assert precision(match_tables([couples()], MatchPolicy(), labels=labels)) == 1.0


def test_a_few_wrong_labels_alone_change_no_decision(alone: Matched) -> None:
    wrong = [Label(left=f"{n}-1-0", right=f"{n + 1}-1-0", same=True) for n in (0, 2)]
    wrong += [Label(left=f"{n}-1-0", right=f"{n}-1-1", same=False) for n in (4, 6)]
    assert match_tables([couples()], MatchPolicy(), labels=wrong).clusters == alone.clusters


def test_labels_in_another_order_with_their_sides_turned_teach_the_same() -> None:
    labels = [label(n, same=n % 5 == 0) for n in range(20)]
    turned = [Label(left=one.right, right=one.left, same=one.same) for one in reversed(labels)]
    one, other = (
        match_tables([couples()], MatchPolicy(), labels=some) for some in (labels, [*turned, *labels])
    )
    assert learned(one) == learned(other)


def test_what_contradicts_itself_teaches_nothing_and_is_told(alone: Matched) -> None:
    labels = [label(0, same=True), label(0, same=False)]
    taught = match_tables([couples()], MatchPolicy(), labels=labels)
    assert learned(taught) == learned(alone)
    assert taught.labels is not None
    assert taught.labels.told.endswith(" 1 contradict themselves and teach nothing.")


def test_a_label_within_a_source_in_which_nobody_is_twice_teaches_nothing() -> None:
    said: dict[str, list[str | None]] = {
        "record_id": ["1", "2", "3"],
        "source": ["crm", "crm", "web"],
        "nom": ["Roy", "Roy", "Roi"],
    }
    policy = MatchPolicy(duplicate_free_sources=frozenset({"crm"}))
    labels = [Label(left="1", right="2", same=True), Label(left="2", right="3", same=True)]
    taught = match_tables([Table(name="t", columns=said)], policy, labels=labels)
    assert taught.labels is not None
    assert taught.labels.told.startswith("1 labelled pairs taught, 1 same")
    assert taught.labels.told.endswith(" 1 are of one source in which nobody is twice and teach nothing.")


def test_a_label_stands_for_the_pairs_of_its_pattern_and_takes_their_place() -> None:
    levels = {"a": np.array([0, 1]), "b": np.array([-1, -1])}
    taught = Taught(
        levels={"a": np.array([1, 1, 1, 2], dtype=np.int8), "b": np.array([-1, -1, -1, 2], dtype=np.int8)},
        same=np.array([True, True, False, False]),
    )

    found = teach(levels, np.array([10, 30]), taught, records=10_000)

    rows = zip(
        *(found.levels[name].tolist() for name in "ab"),
        found.told.tolist(),
        found.pairs.tolist(),
        strict=True,
    )
    assert {row[:3]: row[3] for row in rows if row[3]} == {
        (0, -1, UNTOLD): 10.0,
        (1, -1, UNTOLD): 12.0,  # 30 pairs for 3 labels, and 2 for what the model thinks itself
        (1, -1, SAME): 12.0,
        (1, -1, NOT_SAME): 6.0,
        (2, 2, NOT_SAME): 1.0,  # no rule brought such a pair
    }


def test_what_was_told_is_known_and_only_the_rest_is_expected() -> None:
    told = np.array([True, False])
    taught = Taught(levels={"a": np.array([1, 1], dtype=np.int8)}, same=told)
    patterns = teach({"a": np.array([1])}, np.array([8]), taught, records=10_000)
    likely, odds = np.full(3, 0.5), np.full(3, 1.0)

    one, kin = share(likely, odds, odds, patterns)

    assert dict(zip(patterns.told.tolist(), zip(one.tolist(), kin.tolist(), strict=True), strict=True)) == {
        UNTOLD: (2.0, 1.0),  # 4 pairs, 1 : 1/2 : 1/2
        SAME: (2.0, 0.0),
        NOT_SAME: (0.0, 1.0),  # 2 pairs, kin or strangers
    }


COLUMNS_WANTED = (
    "labels.csv: its first line must name record_id_l, record_id_r and label; or unique_id_l, unique_id_r and "
    "clerical_match_score; or left, right and is_match."
)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("record_id_l,label\n1,1\n",
         COLUMNS_WANTED),
        ("record_id_l,record_id_r,label\n1,2,1\n1,,1\n", "labels.csv, row 2: record_id_r is empty."),
        ("record_id_l,record_id_r,label\n1,1,1\n",
         "labels.csv, row 1: record_id_l and record_id_r are one record; a label is of two."),
        ("unique_id_l,unique_id_r,clerical_match_score\n1,2,0.7\n",
         "labels.csv, row 1: clerical_match_score is 1, yes, true or same; 0, no, false or not_same; or empty where you cannot tell."),
        ("left,right,is_match\n1,9,1\n",
         "labels.csv, row 1: no record has the id on the right. Give ids as clusters.csv has them."),
    ],
)  # fmt: skip
def test_bad_labels_are_told_by_their_place(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "labels.csv"
    path.write_text(text)
    table = Table(name="t", columns={"record_id": ["1", "2"], "nom": ["a", "b"]})
    with pytest.raises(BadLabels) as told:
        match_tables([table], MatchPolicy(), labels=read_labels(path))
    assert told.value.message == message


@pytest.mark.parametrize(
    "text",
    [
        "record_id_l,record_id_r,label\na,b,same\nc,d,not_same\ne,f,\n",
        "source_dataset_l,unique_id_l,source_dataset_r,unique_id_r,clerical_match_score\nx,a,y,b,1.0\nx,c,y,d,0.0\n",
        "left,right,stratum,pairs_in_stratum,is_match\na,b,1,9,yes\nc,d,1,9,0\ne,f,1,9,\n",
    ],
)
def test_labels_are_read_as_we_splink_and_samples_write_them(tmp_path: Path, text: str) -> None:
    path = tmp_path / "labels.csv"
    path.write_text(text)
    assert [(one.left, one.right, one.same) for one in read_labels(path)] == [
        ("a", "b", True),
        ("c", "d", False),
    ]


def test_labels_with_a_policy_that_has_learned_are_refused(alone: Matched) -> None:
    with pytest.raises(BadLabels, match="by this policy nothing is trained"):
        match_tables([couples()], MatchPolicy(learned=alone.model), labels=[label(0)])


def test_the_command_and_its_page_say_what_labels_did(tmp_path: Path) -> None:
    people, labels, page = (tmp_path / name for name in ("people.csv", "labels.csv", "report.html"))
    columns = couples().columns
    rows = zip(*columns.values(), strict=True)
    people.write_text("\n".join([",".join(columns), *(",".join(map(str, row)) for row in rows)]))
    labels.write_text("left,right,is_match\n" + "".join(f"{n}-1-0,{n}-2-0,no\n" for n in range(1, 41, 2)))

    ran = CliRunner().invoke(
        app,
        [
            "match",
            str(people),
            "--out",
            str(tmp_path / "out.csv"),
            "--labels",
            str(labels),
            "--report",
            str(page),
        ],
        catch_exceptions=False,
    )

    told = "Labels: 20 labelled pairs taught, 0 same and 20 not;"
    assert (told in ran.stderr, told in page.read_text("utf-8")) == (True, True)
