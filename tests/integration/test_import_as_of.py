"""Files whose rows have no times of their own, and show a moment: the later file wins, whichever is imported first."""

import asyncio
import io
from pathlib import Path

import pytest
from typer.testing import CliRunner

from graph_cdp.access.service import system_clock
from graph_cdp.cli import app
from graph_cdp.collect.importer import Import, import_file
from graph_cdp.collect.mapping import parse_mapping
from graph_cdp.flows.ingest import Ingest
from graph_cdp.flows.state_facts import StateFacts
from graph_cdp.graph.driver import Neo4jTarget
from graph_cdp.graph.transactions import Graph
from graph_cdp.identity.policy import DEFAULT_POLICY
from graph_cdp.intake.record import RowReceipt
from tests.integration.querying import query

pytestmark = pytest.mark.neo4j

CUSTOMERS = "entity: record\nrecord_id: id\ntraits: {city: city, email: mail}\n"
STORES = "entity: store\ncode: id\ncity: city\n"
FILES = {"2026-01-31": "Paris,a@x.fr", "2026-02-28": "Lyon,", "2026-03-31": "Paris,"}
"""Marie moves to Lyon, and back; since February nobody knows her e-mail."""


async def load(graph: Graph, source: str, mapping: str, *, as_of: str, row: str) -> None:
    job = Import(
        mapping=parse_mapping(f"{mapping}as_of: {as_of}\n"),
        receipt=RowReceipt(source=source, received_at=system_clock(), region="FR"),
        ingest=Ingest(graph=graph, policy=DEFAULT_POLICY, clock=system_clock),
        state=StateFacts(graph=graph, clock=system_clock),
    )
    await import_file(io.BytesIO(f"id,city,mail\n{row}\n".encode()), job, reject=lambda _: None)


async def test_the_later_file_wins_in_whatever_order_files_are_imported(graph: Graph) -> None:
    first, second, third = FILES
    orders = [(first, second, third), (third, first, second), (second, third, first)]
    for number, order in enumerate(orders):
        for as_of in order:
            await load(graph, f"crm{number}", CUSTOMERS, as_of=as_of, row=f"17,{FILES[as_of]}")
            await load(graph, f"crm{number}", STORES, as_of=as_of, row=f"S{number},{FILES[as_of]}")

    records = "MATCH (r:SourceRecord) RETURN r.city AS city, r.email AS email, r.city_at AS at"
    assert await query(graph, records) == [{"city": "Paris", "email": None, "at": 1_774_915_200_000}] * 3
    assert await query(graph, "MATCH (s:Store) RETURN s.city AS city") == [{"city": "Paris"}] * 3
    versions = "MATCH (e:Event) RETURN e.record_key AS key, count(e) AS versions"
    assert [row["versions"] for row in await query(graph, versions)] == [3] * 3


async def test_as_of_is_said_on_the_command_line_and_remembered_for_letters(
    graph: Graph, neo4j_target: Neo4jTarget, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GRAPH_CDP_NEO4J_URI", neo4j_target.uri)
    monkeypatch.setenv("GRAPH_CDP_NEO4J_PASSWORD", neo4j_target.password)

    async def command(*words: str) -> int:
        return (await asyncio.to_thread(CliRunner().invoke, app, list(words))).exit_code

    mapping, file, row = tmp_path / "m.yaml", tmp_path / "a.csv", tmp_path / "row.json"
    mapping.write_text(f"{CUSTOMERS}timezone: Europe/Paris\n")
    file.write_text("id,city,mail\n17,Lyon,\nnull,Lyon,\n")
    said = ("import", str(file), "--source", "crm", "--mapping", str(mapping), "--dead-letters")

    assert await command(*said, "--as-of", "2026-01-31") == 3
    ((letter),) = await query(graph, "MATCH (l:DeadLetter) RETURN l.id AS id")
    row.write_text('{"id": "18", "city": "Lille"}')
    assert await command("dead-letters", "mend", str(letter["id"]), str(row)) == 0

    times = "MATCH (e:Event) RETURN e.record_key AS key, e.occurred_at AS at ORDER BY key"
    midnight_in_paris = 1_769_814_000_000
    assert await query(graph, times) == [
        {"key": "crm:row:17", "at": midnight_in_paris},
        {"key": "crm:row:18", "at": midnight_in_paris},
    ]
    for wrong in ("yesterday", "1899-12-31", "9999-12-31"):
        assert await command(*said, "--as-of", wrong) != 0
