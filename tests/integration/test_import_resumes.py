"""`graph-cdp import` is killed, and goes on."""

import asyncio
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from graph_cdp.graph.driver import Neo4jTarget
from graph_cdp.graph.queries import Tx
from graph_cdp.graph.transactions import Graph
from tests.integration.querying import query

pytestmark = pytest.mark.neo4j

ROWS, BATCH = 1_200, 100
MAPPING = "entity: record\nrecord_id: id\ntimestamp: {value: 2026-01-01}\ntraits: {email: mail, city: city}\n"
JOBS = "MATCH (j:Job {kind: 'import'}) RETURN j.state AS state, j.accepted AS accepted, j.line AS line"
PATIENCE_S = 120


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    rows = (f"{n},c{n % 500}@x.fr,Lyon" for n in range(1, ROWS + 1))
    (tmp_path / "a.csv").write_text("\n".join(["id,mail,city", "null,a@x.fr,Lyon", *rows]))
    (tmp_path / "a.yaml").write_text(MAPPING)
    return tmp_path


def start(target: Neo4jTarget, folder: Path, *words: str) -> subprocess.Popen[str]:
    """`graph-cdp import` of the file, as a process of its own."""
    environment = {
        **os.environ,  # noqa: TID251 - a command's environment is what is being tested
        "GRAPH_CDP_NEO4J_URI": target.uri,
        "GRAPH_CDP_NEO4J_PASSWORD": target.password,
        "COLUMNS": "160",
    }
    command = [
        sys.executable,
        "-c",
        "from graph_cdp.cli import main; main()",
        "import",
        str(folder / "a.csv"),
    ]
    options = ["--source", "crm", "--mapping", str(folder / "a.yaml"), "--batch-rows", str(BATCH), *words]
    return subprocess.Popen([*command, *options], env=environment, stdout=subprocess.PIPE, text=True)


def finish(process: subprocess.Popen[str]) -> tuple[int, list[str]]:
    """The exit code, and what was said without the progress."""
    output, _ = process.communicate(timeout=PATIENCE_S)
    return process.returncode, [
        line.strip() for line in output.splitlines() if "Going on" in line or "rows:" in line
    ]


async def kill_midway(graph: Graph, target: Neo4jTarget, folder: Path) -> dict[str, Any]:
    """Start an import and kill it once its job says how far it is; the job as it was left."""
    process = start(target, folder)
    while not (jobs := await query(graph, JOBS)):
        assert process.poll() is None
        await asyncio.sleep(0.02)
    process.kill()
    assert process.wait(PATIENCE_S) == -9
    process.communicate()
    (job,) = await query(graph, JOBS) or jobs
    return job


async def test_an_import_that_was_killed_goes_on_and_stores_each_row_once(
    graph: Graph, neo4j_target: Neo4jTarget, folder: Path
) -> None:
    job = await kill_midway(graph, neo4j_target, folder)
    assert job["state"] == "pending"
    line, accepted = int(str(job["line"])), int(str(job["accepted"]))
    assert (line, accepted % BATCH) == (accepted + 2, BATCH - 1)

    code, said = finish(start(neo4j_target, folder))
    assert code == 3
    assert said[0].startswith(
        f"Going on after line {line:,}: {line - 1:,} rows were imported before this import was stopped."
    )
    assert said[-1].startswith(f"{ROWS + 1:,} rows: ")
    assert said[-1].endswith(" known already, 1 rejected.")
    assert (folder / "a.csv.rejected.csv").read_text().splitlines()[1:] == [
        "2,NO_IDENTITY,\"record_id is a value such as 'null' or '0', which is nobody's, or longer than 1,024 bytes.\""
    ]
    counts = "MATCH (e:Event) RETURN count(e) AS events, count(DISTINCT e.record_key) AS records"
    assert await query(graph, counts) == [{"events": ROWS, "records": ROWS}]
    people = "MATCH (p:Person) WHERE NOT p:Merged RETURN count(p) AS people"
    assert await query(graph, people) == [{"people": 500}]
    assert [(row["state"], row["line"]) for row in await query(graph, JOBS)] == [("done", ROWS + 2)]

    code, said = finish(start(neo4j_target, folder))
    assert (code, said) == (3, [f"{ROWS + 1:,} rows: 0 accepted, {ROWS:,} known already, 1 rejected."])


TICKETS, TICKET_LINES = 600, 3
LINES = """entity: transaction_line
transaction_id: ticket
timestamp: {value: 2026-01-01}
customer: {identifier: loyalty_card, column: card}
line: {sku: ean, quantity: count, unit_price: price}
"""


async def test_an_import_of_lines_that_was_killed_goes_on_within_the_file_and_keeps_each_purchase_whole(
    graph: Graph, neo4j_target: Neo4jTarget, folder: Path
) -> None:
    lines = [
        f"T{ticket},29900{ticket % 300:03},36{ticket % 50},{number},1.5"
        for ticket in range(TICKETS)
        for number in range(1, TICKET_LINES + 1)
    ]
    lines.insert(1, "T0,29900000,36")  # cannot be read, amid the first purchase
    lines.append("T0,29900000,36,9,1.5")  # apart from the lines that were stored before the import was killed
    (folder / "a.csv").write_text("\n".join(["ticket,card,ean,count,price", *lines]))
    (folder / "a.yaml").write_text(LINES)
    job = await kill_midway(graph, neo4j_target, folder)
    assert (job["state"], int(str(job["accepted"])) % BATCH) == ("pending", BATCH - 1)

    code, said = finish(start(neo4j_target, folder))

    assert (code, said[0].startswith("Going on after line ")) == (3, True)
    assert said[-1].startswith(f"{TICKETS + 2:,} rows: ")
    assert said[-1].endswith(" 2 rejected.")
    rejected = [row.split(",")[:2] for row in (folder / "a.csv.rejected.csv").read_text().splitlines()[1:]]
    assert rejected == [["3", "WRONG_NUMBER_OF_CELLS"], [str(len(lines) + 1), "LINES_APART"]]
    purchases = """MATCH (t:Transaction)-[line:CONTAINS]->(:Product) WITH t, count(line) AS lines
    RETURN lines, t.quantity AS quantity, count(t) AS purchases"""
    assert await query(graph, purchases) == [{"lines": TICKET_LINES, "quantity": 6, "purchases": TICKETS}]


async def stop(tx: Tx) -> None:
    """Make it look as if the import had been killed after its first row."""
    await tx.run(
        "MATCH (j:Job {kind: 'import'}) SET j.state = 'pending', j.line = 2, j.place = '25', j.accepted = 1"
    )


async def test_an_import_begins_anew_when_it_is_told_to_or_its_file_or_mapping_changed(
    graph: Graph, neo4j_target: Neo4jTarget, folder: Path
) -> None:
    (folder / "a.csv").write_text("id,mail,city\n1,a@x.fr,Lyon\n2,b@x.fr,Lyon\n")
    assert finish(start(neo4j_target, folder)) == (0, ["2 rows: 2 accepted, 0 known already, 0 rejected."])
    await graph.write(stop)
    begun = ["2 rows: 0 accepted, 2 known already, 0 rejected."]
    text = (folder / "a.yaml").read_text()
    (folder / "a.yaml").write_text(text + "region: FR\n")
    assert finish(start(neo4j_target, folder)) == (0, begun)
    (folder / "a.yaml").write_text(text)
    assert finish(start(neo4j_target, folder, "--restart")) == (0, begun)
