"""A sample of every stratum, labels read back, and an estimate that weighs strata by their size."""

import csv
from pathlib import Path

import pytest
from typer.testing import CliRunner

from graph_cdp.cli import app
from graph_cdp.commands.sample import BadSample, read_labels
from graph_cdp.matching.sampling import Labelled, estimate, sample

HEADER = "left,right,stratum,pairs_in_stratum,is_match\n"
EDGES = [(f"a{n}", f"b{n}", 0.75 if n < 10 else 0.9995) for n in range(100)]


def test_each_stratum_has_its_share_whatever_the_order() -> None:
    chosen = sample(EDGES, pairs=20)
    assert sorted((one.stratum, one.pairs) for one in chosen) == [(2, 10)] * 10 + [(7, 90)] * 10
    assert sample(EDGES[::-1], pairs=20) == chosen
    assert sample([], pairs=20) == []


def test_the_estimate_weighs_strata_by_their_size() -> None:
    found = estimate([Labelled(pairs=10, labelled=5, right=0), Labelled(pairs=90, labelled=9, right=9)])
    assert found.precision == 0.9
    assert (round(found.low, 4), found.high) == (0.7382, 1.0)


def test_all_pairs_labelled_leave_no_doubt() -> None:
    found = estimate([Labelled(pairs=4, labelled=4, right=3)])
    assert (found.precision, found.low, found.high) == (0.75, 0.75, 0.75)


def test_edges_to_sample_to_labels_to_estimate(tmp_path: Path) -> None:
    edges, out = tmp_path / "edges.csv", tmp_path / "sample.csv"
    lines = [f"{left},{right},5,{probability},\n" for left, right, probability in EDGES]
    edges.write_text(
        "left,right,weight,probability,refused\nx,y,9,0.99,BIRTH_DATES_DIFFER\n" + "".join(lines)
    )
    runner = CliRunner()
    assert runner.invoke(app, ["sample", str(edges), "--out", str(out), "--pairs", "20"]).exit_code == 0
    with out.open() as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 20
    labelled = [
        f"{row['left']},{row['right']},{row['stratum']},{row['pairs_in_stratum']},{'1' if row['stratum'] == '7' else 'no'}\n"
        for row in rows
    ]
    out.write_text(HEADER + "".join(labelled))
    printed = runner.invoke(app, ["evaluate", str(out)]).stdout
    assert printed.startswith("Precision of 100 edges: 0.9000, 95% between 0.")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (HEADER + "a,b,1,5,maybe\n", "labels.csv, line 2: is_match is 1 or yes, 0 or no, or empty."),
        (HEADER + "a,b,1,5,\n", "labels.csv: no pair of stratum 1 is labelled."),
        (HEADER + "a,b,1,many,1\n", "labels.csv, line 2: pairs_in_stratum is no number."),
        (HEADER + "a,b,1,1,1\na,c,1,1,0\n", "labels.csv: stratum 1 has more labels than pairs_in_stratum."),
        (HEADER, "labels.csv: no pair of stratum any is labelled."),
        ("left,right\n",
         "labels.csv: its first line must name the columns left, right, stratum, pairs_in_stratum, is_match."),
    ],
)  # fmt: skip
def test_bad_labels_are_told_with_their_line(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "labels.csv"
    path.write_text(text)
    with pytest.raises(BadSample) as told:
        read_labels(path)
    assert told.value.message == message
