"""Cells and lists that hold several e-mail addresses or phones."""

import json
from pathlib import Path
from typing import Any

import pytest

from graph_cdp.bulk.files import Table, read_table
from graph_cdp.bulk.match import match_tables
from graph_cdp.bulk.records import read_records
from graph_cdp.matching.linkage.cells import Cells
from graph_cdp.matching.linkage.policy import MatchPolicy


def said(table: Table) -> dict[str, list[str | None]]:
    """What the compared columns of a file say."""
    columns = read_records([table], MatchPolicy()).columns
    return {one.field.name: list(Cells(codes=one.codes, values=one.values)) for one in columns}


@pytest.mark.parametrize(
    ("header", "cell", "columns"),
    [
        ("email", "a@x.fr; b@x.fr", {"email": "a@x.fr", "email 2": "b@x.fr"}),
        (
            "email",
            "a@x.fr,b@x.fr c@x.fr|d@x.fr",
            {"email": "a@x.fr", "email 2": "b@x.fr", "email 3": "c@x.fr"},
        ),
        ("tel", "06 12 34 56 78 / 01 45 45 45 45", {"phone": "+33612345678", "phone 2": "+33145454545"}),
        ("tel", "0612345678 ou 0145454545", {"phone": "+33612345678", "phone 2": "+33145454545"}),
        ("tel", "+33 (0)6 12 34 56 78", {"phone": "+33612345678"}),
        ("tel", "01.45.45.45.45 ext. 12", {"phone": "+33145454545;ext=12"}),
        ("adresse", "1 rue A; 2 rue B", {"address": "1 rue a 2 rue b"}),
    ],
)
def test_each_has_a_column_of_its_own(header: str, cell: str, columns: dict[str, str]) -> None:
    cells: list[str | None] = [cell, None, *(str(number) for number in range(3))]
    found = {
        name: column[0]
        for name, column in said(Table(name="t", columns={header: cells, "nom": ["Roy"] * 5})).items()
    }
    assert {name: value for name, value in found.items() if name != "surname"} == columns


def test_further_columns_are_called_otherwise_than_those_that_there_are() -> None:
    cells: dict[str, list[str | None]] = {
        "email": ["a@x.fr; b@x.fr", "d@x.fr", None],
        "email pro": ["c@x.fr", "e@x.fr", None],
    }
    found = said(Table(name="t", columns=cells))
    assert (found["email 2"][0], found["email 3"][0]) == ("c@x.fr", "b@x.fr")


def test_lists_of_a_file_are_read_to_their_third(tmp_path: Path) -> None:
    rows: list[dict[str, Any]] = [
        {"id": 1, "name": "Lea Roux", "emails": ["a@x.fr", "b@x.fr"], "phones": [{"number": "0145454545"}, {"number": "0612345678"}]},
        {"id": 2, "name": "L. Roux", "emails": ["c@x.fr", "d@x.fr"], "phones": [{"number": "0612345678"}, {"number": "0298765432"}]},
        {"id": 3, "name": "Hugo Roy", "emails": [], "phones": []},
    ]  # fmt: skip
    path = tmp_path / "people.ndjson"
    path.write_text("\n".join(map(json.dumps, rows)), "utf-8")
    table = read_table(path)
    assert said(table)["phone 2"] == ["+33612345678", "+33298765432", None]
    assert said(table)["email 2"] == ["b@x.fr", "d@x.fr", None]
    assert match_tables([table], MatchPolicy()).clusters == ["1", "1", "3"]
