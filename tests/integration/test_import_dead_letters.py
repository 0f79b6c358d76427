"""`graph-cdp import --dead-letters`: rejected rows of files are kept, mended and replayed as those of every other door."""

import asyncio
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from graph_cdp.cli import app
from graph_cdp.graph.driver import Neo4jTarget
from graph_cdp.graph.transactions import Graph
from tests.integration.querying import query

pytestmark = pytest.mark.neo4j

CUSTOMERS = "entity: record\nrecord_id: id\ntimestamp: at\ntraits: {email: mail, country: land}\n"
ROWS = "id,at,mail,land\n1,2026-01-01,a@x.fr,FR\n2,yesterday,b@x.fr,FR\n3,2026-01-01,c@x.fr,DE\n4,2026-01-01,d@x.fr\n"
PRODUCTS = "entity: product\nsku: ean\nprice: price\n"
RULES = """
sources:
  crm:
    rules:
      - {name: country-known, field: country, allowed: [FR], otherwise: reject}
"""
LETTERS = """
MATCH (l:DeadLetter)
RETURN l.place AS line, l.door AS door, l.code AS code, l.rule AS rule, l.is_whole AS is_whole, l.state AS state,
       l.payload AS payload, l.id AS id
ORDER BY line
"""
RECORDS = "MATCH (r:SourceRecord) RETURN r.key AS key, r.email AS email ORDER BY key"


@pytest.fixture
def folder(tmp_path: Path, graph: Graph, neo4j_target: Neo4jTarget, monkeypatch: pytest.MonkeyPatch) -> Path:
    del graph
    monkeypatch.setenv("GRAPH_CDP_NEO4J_URI", neo4j_target.uri)
    monkeypatch.setenv("GRAPH_CDP_NEO4J_PASSWORD", neo4j_target.password)
    monkeypatch.setenv("GRAPH_CDP_SOURCES_FILE", str(tmp_path / "sources.yaml"))
    (tmp_path / "sources.yaml").write_text(RULES)
    return tmp_path


async def command(*words: str) -> tuple[int, list[str]]:
    """The exit code of `graph-cdp ...`, and what it says; in a thread, for it has a loop of its own."""
    result = await asyncio.to_thread(CliRunner().invoke, app, list(words))
    return result.exit_code, result.output.splitlines()


async def load(folder: Path, mapping: str, rows: str, *words: str) -> int:
    (folder / "m.yaml").write_text(mapping)
    (folder / "a.csv").write_text(rows)
    options = ["--source", "crm", "--mapping", str(folder / "m.yaml"), *words]
    code, _ = await command("import", str(folder / "a.csv"), *options)
    return code


async def test_rejected_rows_become_letters_only_where_that_is_asked_for_and_once(
    graph: Graph, folder: Path
) -> None:
    assert await load(folder, CUSTOMERS, ROWS) == 3
    assert await query(graph, LETTERS) == []
    for _ in range(2):
        assert await load(folder, CUSTOMERS, ROWS, "--dead-letters") == 3
    letters = await query(graph, LETTERS)
    assert [(one["line"], one["door"], one["code"], one["rule"], one["is_whole"]) for one in letters] == [
        (3, "file", "INVALID_TIMESTAMP", None, True),
        (4, "file", "RULE_REJECTED", "country-known", True),
        (5, "file", "WRONG_NUMBER_OF_CELLS", None, False),
    ]
    assert [json.loads(str(one["payload"])) for one in letters] == [
        {"id": "2", "at": "yesterday", "mail": "b@x.fr", "land": "FR"},
        {"id": "3", "at": "2026-01-01", "mail": "c@x.fr", "land": "DE"},
        ["4", "2026-01-01", "d@x.fr"],
    ]


async def test_a_row_is_replayed_by_the_rules_of_today_and_mended_by_its_mapping(
    graph: Graph, folder: Path
) -> None:
    await load(folder, CUSTOMERS, ROWS, "--dead-letters")
    timed, ruled, torn = [str(one["id"]) for one in await query(graph, LETTERS)]
    (folder / "sources.yaml").write_text("sources: {}")
    code, said = await command("dead-letters", "replay")
    assert (code, said[-1]) == (3, "1 replayed, 2 still waiting.")
    body = folder / "row.json"
    body.write_text('{"id": 2, "at": "2026-01-02", "mail": "B@x.fr"}')
    assert await command("dead-letters", "mend", timed, str(body)) == (0, ["1 replayed, 0 still waiting."])
    body.write_text('{"id": "null", "mail": "d@x.fr"}')
    assert (await command("dead-letters", "mend", torn, str(body)))[0] == 3
    assert [(one["id"], one["code"], one["state"]) for one in await query(graph, LETTERS)] == [
        (timed, "INVALID_TIMESTAMP", "replayed"),
        (ruled, "RULE_REJECTED", "replayed"),
        (torn, "NO_IDENTITY", "waiting"),
    ]
    assert await query(graph, RECORDS) == [
        {"key": "crm:row:1", "email": "a@x.fr"},
        {"key": "crm:row:2", "email": "b@x.fr"},
        {"key": "crm:row:3", "email": "c@x.fr"},
    ]


async def test_a_row_about_nobody_is_mended_too(graph: Graph, folder: Path) -> None:
    await load(folder, PRODUCTS, "ean,price\n3600,cheap\n", "--dead-letters")
    (letter,) = await query(graph, LETTERS)
    body = folder / "row.json"
    body.write_text('{"ean": 3600, "price": 1.10}')
    assert (await command("dead-letters", "mend", str(letter["id"]), str(body)))[0] == 0
    assert await query(graph, "MATCH (p:Product) RETURN p.sku AS sku, p.price AS price") == [
        {"sku": "3600", "price": 1.1}
    ]
