"""`graph-cdp demo` as a person runs it: from its start, past its first answer, to its end by a signal."""

import os
import queue
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from typer.testing import CliRunner

from graph_cdp.cli import app
from graph_cdp.demo.data import fetch_files
from graph_cdp.demo.keys import read_keys
from graph_cdp.demo.report import QUERY
from graph_cdp.demo.serving import listen
from graph_cdp.demo.story import EXAMPLE_NATIONAL_ID
from graph_cdp.graph.driver import Neo4jTarget
from graph_cdp.graph.transactions import Graph

pytestmark = pytest.mark.neo4j

DATA = Path(__file__).resolve().parents[2] / ".graph-cdp" / "data"
PATIENCE_S = 120.0
LAST_LINE = "Ctrl-C ends the demo"

WITH_INTERRUPTS = "import os, signal, sys; signal.signal(signal.SIGINT, signal.SIG_DFL); os.execv(sys.argv[1], sys.argv[1:])"
"""Starts a command as a terminal would: tests that run as a background job have SIGINT ignored, which children inherit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """A demo that is running: its process, and the lines that it has not said yet."""

    process: subprocess.Popen[str]
    lines: "queue.Queue[str]"

    def until(self, text: str) -> list[str]:
        """The lines up to the one that holds `text`."""
        said: list[str] = []
        while not said or text not in said[-1]:
            said.append(self.lines.get(timeout=PATIENCE_S))
            assert said[-1], "".join(said)  # an empty line without a line end: the output is over
        return said

    def end(self, number: signal.Signals) -> tuple[int, list[str]]:
        """The exit code after this signal, and what was said last."""
        self.process.send_signal(number)
        code = self.process.wait(PATIENCE_S)
        return code, [line.strip() for line in iter(self.lines.get, "")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Demos:
    """Starts demos on one database and one data directory."""

    environment: dict[str, str]
    port: int
    started: list[Running]

    def start(self) -> Running:
        command = [Path(sys.executable).with_name("graph-cdp"), "demo", "--sample"]
        process = subprocess.Popen(
            [sys.executable, "-c", WITH_INTERRUPTS, *command],
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        running = Running(process=process, lines=queue.Queue())
        threading.Thread(target=self._listen, args=(running,), daemon=True).start()
        self.started.append(running)
        return running

    @staticmethod
    def _listen(running: Running) -> None:
        assert running.process.stdout is not None
        with running.process.stdout as lines:
            for line in lines:
                running.lines.put(line)
        running.lines.put("")


@pytest.fixture
def demos(graph: Graph, neo4j_target: Neo4jTarget, tmp_path: Path) -> Iterator[Demos]:
    fetch_files(DATA, say=lambda _: None)
    shutil.copytree(DATA, tmp_path / "data")
    with listen("127.0.0.1", 0) as free:
        port = free.getsockname()[1]
    environment = {
        **os.environ,  # noqa: TID251 - a child of the test
        "GRAPH_CDP_DATA_DIR": str(tmp_path),
        "GRAPH_CDP_NEO4J_URI": neo4j_target.uri,
        "GRAPH_CDP_NEO4J_PASSWORD": neo4j_target.password,
        "GRAPH_CDP_PORT": str(port),
        "GRAPH_CDP_WARM_UP_S": "0",
        "COLUMNS": "200",
    }
    demos = Demos(environment=environment, port=port, started=[])
    yield demos
    for running in demos.started:
        running.process.kill()
        running.process.wait()


def test_a_demo_answers_ends_on_a_signal_with_success_and_knows_its_data_at_the_next_start(
    demos: Demos, tmp_path: Path
) -> None:
    first = demos.start()
    said = "".join(first.until(LAST_LINE))
    keys = read_keys(tmp_path / "demo-keys.json")
    assert keys is not None
    assert f"http://127.0.0.1:{demos.port}/graphiql#key={keys.admin}" in said
    assert "precision 1.00, recall 0.93: 185 of 200 true pairs found by an equal number, 0 wrong" in said
    assert "22 of 22 are one person with their CRM row and purchases, 0 taken for someone else" in said

    answer = httpx.post(
        f"http://127.0.0.1:{demos.port}/graphql",
        json={"query": QUERY % EXAMPLE_NATIONAL_ID},
        headers={"Authorization": f"Bearer {keys.admin}"},
    )
    assert answer.json()["data"]["person"]["golden_record"]["first_name"] == "Alessandra"

    code, last = first.end(signal.SIGINT)
    assert (code, last[-1].split("s  ")[-1]) == (0, "Stopping; the data is kept")

    second = demos.start()
    assert f"#key={keys.admin}" in "".join(second.until(LAST_LINE))
    code, last = second.end(signal.SIGTERM)
    assert (code, last[-1].split("s  ")[-1]) == (0, "Stopping; the data is kept")


def test_a_demo_on_a_port_in_use_says_so_and_starts_nothing(
    demos: Demos, monkeypatch: pytest.MonkeyPatch
) -> None:
    with listen("127.0.0.1", demos.port):
        running = demos.start()
        said = "".join(iter(running.lines.get, ""))

    assert running.process.wait(PATIENCE_S) == 1
    assert said == (
        f"graph-cdp: Port {demos.port} of 127.0.0.1 is in use, perhaps by another demo: end that program, or "
        f"choose a port: GRAPH_CDP_PORT={demos.port + 1} make demo\n"
    )


def test_the_help_says_what_is_loaded() -> None:
    result = CliRunner().invoke(app, ["demo", "--help"], env={"COLUMNS": "200"})

    assert result.exit_code == 0
    assert "10,000 customers of two sources (FEBRL 4), 69,659 purchases" in result.output
