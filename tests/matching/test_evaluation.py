"""Precision, recall and F1 of clusters: by hand, against all pairs, and bad files."""

import json
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from graph_cdp.cli import app
from graph_cdp.commands.evaluate import BadClusters, read_clusters
from graph_cdp.matching.evaluation import evaluate

LABELS = st.lists(st.tuples(st.sampled_from("abcd"), st.sampled_from("wxyz")), max_size=12)


def test_by_hand() -> None:
    result = evaluate(["a", "a", "a", "b"], ["1", "1", "2", "2"])
    assert (result.pairwise.precision, result.pairwise.recall) == (1 / 3, 1 / 2)
    assert result.pairwise.f1 == pytest.approx(0.4)
    assert result.b_cubed.precision == pytest.approx((2 / 3 + 2 / 3 + 1 / 3 + 1) / 4)
    assert result.b_cubed.recall == pytest.approx((1 + 1 + 1 / 2 + 1 / 2) / 4)
    assert (result.clusters_found, result.clusters_true, result.pairs_found, result.pairs_true) == (
        2,
        2,
        3,
        2,
    )


@given(LABELS)
def test_as_if_all_pairs_and_all_records_were_looked_at(labels: list[tuple[str, str]]) -> None:
    found, true = [one for one, _ in labels], [one for _, one in labels]
    together = {pair for pair in combinations(range(len(labels)), 2) if found[pair[0]] == found[pair[1]]}
    belong = {pair for pair in combinations(range(len(labels)), 2) if true[pair[0]] == true[pair[1]]}
    result = evaluate(found, true)
    assert result.pairwise.precision == (len(together & belong) / len(together) if together else 1)
    assert result.pairwise.recall == (len(together & belong) / len(belong) if belong else 1)
    own = [sum(a == one and b == other for a, b in labels) / found.count(one) for one, other in labels]
    assert result.b_cubed.precision == pytest.approx(sum(own) / len(own) if own else 1)
    swapped = evaluate(true, found)
    assert (swapped.pairwise.precision, swapped.b_cubed.precision) == (
        result.pairwise.recall,
        result.b_cubed.recall,
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("id,cluster\n1,a\n", "its first line must name the columns record_id and cluster_id"),
        ("", "its first line must name the columns"),
        ("record_id,cluster_id\n1,a\n1,b\n", "line 3: this record is there already"),
        ("record_id,cluster_id\n1,\n", "line 2: record_id or cluster_id is empty"),
    ],
)
def test_a_bad_file_is_told_with_its_line(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "clusters.csv"
    path.write_text(text)
    with pytest.raises(BadClusters, match=message):
        read_clusters(path)


def test_the_command_prints_and_tells_programs(tmp_path: Path) -> None:
    found, true = tmp_path / "found.csv", tmp_path / "true.csv"
    found.write_text("record_id,cluster_id\n1,a\n2,a\n3,b\n")
    true.write_text("cluster_id,record_id\nx,3\nx,2\ny,1\n")
    printed = CliRunner().invoke(app, ["evaluate", str(found), str(true)])
    assert "3 records; 2 clusters found, 2 true; 1 pairs found, 1 true." in printed.stdout
    told = json.loads(CliRunner().invoke(app, ["evaluate", str(found), str(true), "--json"]).stdout)
    assert (told["pairwise"], told["records"]) == ({"precision": 0.0, "recall": 0.0, "f1": 0.0}, 3)
    true.write_text("cluster_id,record_id\nx,3\nx,2\n")
    with pytest.raises(BadClusters, match="1 records are in only one of the files"):
        CliRunner().invoke(app, ["evaluate", str(found), str(true)], catch_exceptions=False)


@pytest.mark.parametrize(
    "content",
    [
        "\ufeffrecord_id;cluster_id\r\né1;a\r\n2;a\r\n".encode(),
        "\ufeffrecord_id\tcluster_id\ré1\ta\r2\ta\r".encode("utf-16-le"),
    ],
)
def test_clusters_are_read_as_a_spreadsheet_saves_them(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "truth.csv").write_bytes(content)
    assert read_clusters(tmp_path / "truth.csv") == {"é1": "a", "2": "a"}


def test_clusters_of_another_encoding_are_no_crash(tmp_path: Path) -> None:
    (tmp_path / "c.csv").write_bytes("record_id,cluster_id\né1,é\nè1,é\n".encode("cp1252"))
    assert list(read_clusters(tmp_path / "c.csv").values()) == ["\udce9", "\udce9"]
