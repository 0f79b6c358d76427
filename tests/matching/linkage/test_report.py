"""The page about a matching: its figures are those of the pairs, it holds no value of a record, and needs nothing else."""

import re
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from graph_cdp.bulk.match import Matched, match_tables
from graph_cdp.bulk.report import ThresholdFigures, at_threshold, histogram, make_report, suggest
from graph_cdp.bulk.report_page import render
from graph_cdp.cli import app
from graph_cdp.matching.linkage.policy import MatchPolicy
from tests.matching.linkage.test_match_files import febrl


@pytest.fixture(scope="module")
def matched() -> Matched:
    return match_tables(list(febrl(1)), MatchPolicy())


def test_a_threshold_is_judged_by_the_probabilities_of_its_pairs() -> None:
    probability = np.array([1.0, 0.9, 0.5, 0.1])

    assert at_threshold(probability, 0.9) == ThresholdFigures(
        probability=0.9, pairs=2, precision=0.95, recall=1.9 / 2.5
    )
    assert at_threshold(np.array([]), 0.9) == ThresholdFigures(
        probability=0.9, pairs=0, precision=1.0, recall=1.0
    )


def test_the_lowest_threshold_of_enough_precision_is_suggested() -> None:
    low, high = (
        ThresholdFigures(probability=least, pairs=1, precision=precision, recall=1.0)
        for least, precision in ((0.5, 0.9899), (0.7, 0.99))
    )

    assert suggest([low, high]) == 0.7
    assert suggest([low]) is None


def test_weights_are_counted_by_bars_without_gaps_and_ends_hold_what_is_beyond() -> None:
    weights = np.array([-1_000.0, -33.0, -0.1, 0.0, 3.9, 4.0])

    bars = histogram(weights)

    assert [bits for bits, _ in bars] == list(range(-40, 8, 4))
    assert {bits: pairs for bits, pairs in bars if pairs} == {-40: 1, -36: 1, -4: 1, 0: 2, 4: 1}
    assert histogram(np.array([])) == []


def test_the_steps_of_a_pair_add_up_to_its_weight(matched: Matched) -> None:
    report = make_report(matched, MatchPolicy())

    assert len(report.explained) >= 2
    for one in report.explained:
        assert sum(step.bits for step in one.steps) == pytest.approx(one.weight, abs=0.011)


def test_the_page_holds_every_part_and_no_value_of_a_record(matched: Matched) -> None:
    page = render(make_report(matched, MatchPolicy()), title="A & B")

    assert "<h1>A &amp; B</h1>" in page
    assert "<strong>1,000 records</strong>" in page
    assert page.count("<h3>") >= 2
    assert not re.search(r"https?:|<script|src=|url\(", page)
    (table,) = febrl(1)
    said = {cell for name in ("given_name", "surname", "suburb") for cell in table.columns[name] if cell}
    own = render(make_report(match_tables([], MatchPolicy()), MatchPolicy()), title="")
    assert said & set(re.findall(r"\w+", page)) - set(re.findall(r"\w+", own)) == set()


def test_a_file_without_pairs_has_a_page_too(tmp_path: Path) -> None:
    people, page = tmp_path / "people.csv", tmp_path / "report.html"
    people.write_text("first_name,last_name\nAnn,Durand\n", "utf-8")

    ran = CliRunner().invoke(
        app, ["match", str(people), "--out", str(tmp_path / "out.csv"), "--report", str(page)]
    )

    assert ran.exit_code == 0
    assert "<strong>1 people</strong>" in page.read_text("utf-8")
    assert "No pair was compared." in page.read_text("utf-8")
