"""A policy with what was learned: used without training it answers the same to the byte; a bad one is refused with its reason."""

import csv
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
import yaml
from typer.testing import CliRunner

from graph_cdp.bulk.files import Table
from graph_cdp.bulk.match import match_tables
from graph_cdp.bulk.records import read_records
from graph_cdp.cli import app
from graph_cdp.matching.linkage import training
from graph_cdp.matching.linkage.frequencies import Frequencies
from graph_cdp.matching.linkage.policy import (
    BadPolicy,
    MatchPolicy,
    parse_policy,
    read_learned_policy,
    write_learned_policy,
    write_policy,
)
from graph_cdp.matching.linkage.training import Model
from graph_cdp.matching.names import fold
from tests.matching.linkage.test_match_files import febrl

PAIRS = 100
"""How many pairs are weighed alone: all over the weights."""


def run(*arguments: str | Path) -> None:
    assert CliRunner().invoke(app, ["match", *map(str, arguments)], catch_exceptions=False).exit_code == 0


def model_of(policy: MatchPolicy) -> Model:
    assert policy.learned is not None
    return policy.learned


@pytest.fixture(scope="module")
def saved() -> str:
    (table,) = febrl(1)
    matched = match_tables([table], MatchPolicy())
    assert matched.model is not None
    return write_policy(MatchPolicy(), matched.model, matched.duplicate_free_sources)


def test_the_second_run_answers_the_same_to_the_byte_without_training(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (table,) = febrl(1)
    people, policy = tmp_path / "people.csv", tmp_path / "policy.yaml"
    with people.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(table.columns)
        rows.writerows(zip(*table.columns.values(), strict=True))
    run(people, "--out", tmp_path / "1.csv", "--edges", tmp_path / "e1.csv", "--save-policy", policy)
    monkeypatch.setattr(training, "ROUNDS_MAX", 0)  # would learn nothing
    run(people, "--out", tmp_path / "2.csv", "--edges", tmp_path / "e2.csv", "--policy", policy,
        "--save-policy", tmp_path / "again.yaml")  # fmt: skip
    for one, other in (("1.csv", "2.csv"), ("e1.csv", "e2.csv"), ("policy.yaml", "again.yaml")):
        assert (tmp_path / one).read_bytes() == (tmp_path / other).read_bytes()


@pytest.mark.parametrize("name", ["given_name", "surname"])
def test_only_values_of_five_records_or_more_are_saved(saved: str, name: str) -> None:
    (table,) = febrl(1)
    said = Counter(fold(cell) for cell in table.columns[name] if cell)
    kept = yaml.safe_load(saved)["learned"]["frequencies"][name]
    assert kept["shares"] == {
        value: float(f"{records / said.total():.12g}") for value, records in said.items() if records >= 5
    }
    rarer = [records for records in said.values() if records < 5]
    assert kept["rest"] == pytest.approx(sum(rarer) / len(rarer) / said.total())


def test_a_pair_weighs_the_same_alone_as_among_all(saved: str) -> None:
    (table,) = febrl(1)
    kept = parse_policy(saved)
    among_all = match_tables([table], kept, all_pairs=True).scored
    assert among_all is not None
    pairs = list(range(0, len(among_all.left), len(among_all.left) // PAIRS))
    assert len({round(float(among_all.weight[pair])) for pair in pairs}) > PAIRS // 5
    for pair in pairs:
        both = [int(among_all.left[pair]), int(among_all.right[pair])]
        columns = {name: [cells[record] for record in both] for name, cells in table.columns.items()}
        alone = match_tables([Table(name="pair", columns=columns)], kept, all_pairs=True).scored
        assert alone is not None
        assert (alone.weight.tolist(), alone.probability.tolist()) == (
            [among_all.weight[pair]],
            [among_all.probability[pair]],
        )


def test_the_order_of_day_and_month_of_a_source_is_kept(saved: str) -> None:
    """One row shows no order; its source did when the policy was learned."""
    policy = parse_policy(saved.replace("day_first: {}", "day_first: {us: false}"))
    known = parse_policy(write_policy(policy, model_of(policy), frozenset()))
    for_graph = read_learned_policy(write_learned_policy(policy, model_of(policy), frozenset()))
    table = Table(
        name="t",
        columns={"id": ["1", "2"], "source": ["us", "fr"], "date_of_birth": ["03/04/1981", "03/04/1981"]},
    )
    for one in (known, for_graph):
        (born,) = read_records([table], one).columns
        assert born.values == ("1981-03-04", "1981-04-03")


def test_the_order_of_day_and_month_is_found_where_dates_show_it() -> None:
    columns: dict[str, list[str | None]] = {
        "id": ["1", "2", "3"],
        "source": ["us", "fr", "who"],
        "date_of_birth": ["01/25/1980", "25/01/1980", "03/04/1981"],
    }
    records = read_records([Table(name="t", columns=columns)], MatchPolicy())
    assert records.day_first == {"fr": True, "us": False}


def test_what_was_learned_and_then_changed_is_refused_until_its_version_is_written(saved: str) -> None:
    said = yaml.safe_load(saved)
    said["learned"]["prior"] = 0.001
    with pytest.raises(
        BadPolicy, match=r"was changed after it was saved \(its version is ([0-9a-f]{12})\)"
    ) as told:
        parse_policy(yaml.safe_dump(said))
    said["version"] = told.value.message.split("version is ")[1][:12]
    learned = parse_policy(yaml.safe_dump(said)).learned
    assert learned is not None
    assert learned.prior == 0.001


@pytest.mark.parametrize(
    ("key", "value", "message"),
    [
        ("prior", 2, "The policy does not fit: learned.prior: 2 is greater than the maximum of 1."),
        ("m", {"surname": [0.1, 0.9]},
         "The policy does not fit: learned: m, u and household are of the same fields and levels."),
        *[
            ("frequencies", {"surname": {"rest": 0.1, "shares": {"martin": share}}},
             "The policy does not fit: learned.frequencies: the shares of surname are numbers above 0, at most 1.")
            for share in (0, 1.5, "0.5", True, None)
        ],
    ],
)  # fmt: skip
def test_a_broken_learned_part_is_refused(saved: str, key: str, value: object, message: str) -> None:
    said = yaml.safe_load(saved)
    said["learned"][key] = value
    with pytest.raises(BadPolicy) as told:
        parse_policy(yaml.safe_dump(said))
    assert told.value.message == message


def test_a_policy_that_learned_thousands_of_names_is_read_again(saved: str) -> None:
    learned = parse_policy(saved).learned
    assert learned is not None
    surnames = Frequencies(shares={f"surname {number}": 0.0001 for number in range(9_000)}, rest=0.00001)
    long = replace(learned, frequencies={**learned.frequencies, "surname": surnames})
    text = write_policy(MatchPolicy(), long, frozenset())
    assert len(text) > 200_000
    again = parse_policy(text).learned
    assert again is not None
    assert again.frequencies["surname"] == surnames


def test_a_version_without_what_was_learned_is_refused() -> None:
    with pytest.raises(BadPolicy) as told:
        parse_policy("version: 0123456789ab")
    assert (
        told.value.message == "The policy does not fit: the policy: 'learned' is a dependency of 'version'."
    )


def test_a_field_of_which_nothing_was_learned_is_refused(saved: str) -> None:
    table = Table(name="t", columns={"id": ["1", "2"], "email": ["a@x.fr", "b@x.fr"]})
    with pytest.raises(BadPolicy) as told:
        match_tables([table], parse_policy(saved))
    assert told.value.message == (
        "The policy learned nothing of email: train anew (remove version and learned), or have the column ignored (columns)."
    )
