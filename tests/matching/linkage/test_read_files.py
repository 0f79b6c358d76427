"""Files as other programs write them: encodings, line ends inside cells, what is nested, numbers and ids as they stand."""

import json
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from graph_cdp.bulk.files import BadRecords, read_table, write_columns, write_rows

ARROW: Any = import_module("pyarrow")
PARQUET: Any = import_module("pyarrow.parquet")


def read(path: Path, content: str | bytes) -> Mapping[str, list[str | None]]:
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return {name: list(cells) for name, cells in read_table(path).columns.items()}


@pytest.mark.parametrize(
    ("content", "cells"),
    [
        ('id,note\r\n1,"a\nb"\r\n2,c\r\n', ["a\nb", "c"]),
        ('id,note\n1,"a\r\nb"\n2,c\n', ["a\r\nb", "c"]),
        ('id,note\n1,say "a"\n2,O"Brien\n', ['say "a"', 'O"Brien']),
        ("\n\nid,note\n1,a\n2,c\n", ["a", "c"]),
        ("sep=;\r\nid;note\r\n1;a\r\n2;c\r\n", ["a", "c"]),
        ("id\tnote\n1\ta, b; c\n2\tc\n", ["a, b; c", "c"]),
    ],
)
def test_lines_and_quotes_are_read_as_spreadsheets_write_them(
    tmp_path: Path, content: str, cells: list[str]
) -> None:
    assert read(tmp_path / "export.txt", content) == {"id": ["1", "2"], "note": cells}


@pytest.mark.parametrize("mark", ["utf-16-le", "utf-16-be"])
def test_utf_16_is_known_by_its_first_bytes(tmp_path: Path, mark: str) -> None:
    assert read(tmp_path / "unicode.csv", "\ufeffid\tnom\n1\tZoé\n".encode(mark)) == {
        "id": ["1"],
        "nom": ["Zoé"],
    }


def test_what_is_not_utf_8_is_windows_1252_and_that_is_told(tmp_path: Path) -> None:
    path = tmp_path / "latin.csv"
    assert read(path, "id;prénom;nom\r\n1;Zoë;Šimek “jr”\r\n".encode("cp1252")) == {
        "id": ["1"],
        "prénom": ["Zoë"],
        "nom": ["Šimek “jr”"],
    }
    told = read_table(path).told
    assert told
    assert told.startswith("latin.csv is not UTF-8: it was read as Windows-1252.")
    assert read_table(path.with_name("latin.csv")).records == 1


def test_json_is_lines_or_an_array_and_values_stay_as_they_are_written(tmp_path: Path) -> None:
    rows = [
        {"id": "550E8400-E29B-41D4-A716-446655440000", "card": 29901234567890123456, "tel": 33612345678.0},
        {"id": "007", "card": "0042", "tel": None, "at": "2026-01-31T12:00:00Z"},
    ]
    expected = {
        "id": ["550E8400-E29B-41D4-A716-446655440000", "007"],
        "card": ["29901234567890123456", "0042"],
        "tel": ["33612345678.0", None],
        "at": [None, "2026-01-31T12:00:00Z"],
    }
    lines = "".join(json.dumps(row) + "\n" for row in rows)
    assert read(tmp_path / "lines.json", lines) == expected
    assert read(tmp_path / "lines.ndjson", lines) == expected
    assert read(tmp_path / "array.json", json.dumps(rows, indent=1)) == expected


def test_members_of_objects_are_columns_and_of_a_list_the_first_one_counts_or_three_emails(
    tmp_path: Path,
) -> None:
    row = {
        "id": 1,
        "contact": {"emails": ["lea@x.fr", "l@y.fr"], "at": [{"city": "Lyon"}]},
        'o"dd': {"o'dd": 2},
    }
    assert read(tmp_path / "nested.ndjson", json.dumps(row) + "\n" + '{"id": 2}') == {
        "id": ["1", "2"],
        "contact.emails": ["lea@x.fr", None],
        "contact.emails 2": ["l@y.fr", None],
        "contact.emails 3": [None, None],
        "contact.at.city": ["Lyon", None],
        "o\"dd.o'dd": ["2", None],
    }


def test_types_of_parquet_are_text(tmp_path: Path) -> None:
    table = ARROW.table(
        {
            "id": [7, 8],
            "prenom": ARROW.array(["Zoé", "Léa"]).dictionary_encode(),
            "adresse": [{"cp": "01000", "ville": None}, {"cp": "75002", "ville": "Paris"}],
            "tels": [[], ["0612345678"]],
        }
    )
    PARQUET.write_table(table, tmp_path / "rows.pq", compression="zstd")
    assert {name: list(cells) for name, cells in read_table(tmp_path / "rows.pq").columns.items()} == {
        "id": ["7", "8"],
        "prenom": ["Zoé", "Léa"],
        "adresse.cp": ["01000", "75002"],
        "adresse.ville": [None, "Paris"],
        "tels": [None, "0612345678"],
    }


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("open.csv", 'id,nom\n1,"Martin\n' + "2,Durand\n" * 50, "a quote is not closed"),
        ("cut.ndjson", '{"nom": "Martin"}\n{"nom": "Du', "it is no JSON: see byte"),
        ("latin.ndjson", '{"nom": "Zoé"}'.encode("latin-1"), "it is not UTF-8"),
    ],
)
def test_what_is_broken_is_told_without_its_cells(
    tmp_path: Path, name: str, content: str | bytes, message: str
) -> None:
    with pytest.raises(BadRecords, match=message) as told:
        read(tmp_path / name, content)
    assert "Martin" not in str(told.value)


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(BadRecords, match="is a folder"):
        read_table(tmp_path)


@pytest.mark.parametrize("cell", ["a", "", " a ", "é", 'a"b', "a,b", "a\nb", "a\rb"])
def test_columns_are_written_as_rows_are(tmp_path: Path, cell: str) -> None:
    by_columns, by_rows = tmp_path / "columns.csv", tmp_path / "rows.csv"
    write_columns(by_columns, {"one": ["1", cell], "other": [cell, "2"]})
    write_rows(by_rows, ("one", "other"), [("1", cell), (cell, "2")])
    assert by_columns.read_bytes() == by_rows.read_bytes()
