"""`graph-cdp doctor` and `graph-cdp db` as a person meets them, on a real database and in real trouble."""

import json
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from graph_cdp.cli import app, main
from graph_cdp.graph.driver import Neo4jTarget
from graph_cdp.graph.server.home import ServerState, write_state
from graph_cdp.graph.transactions import Graph

pytestmark = pytest.mark.neo4j


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> pytest.MonkeyPatch:
    """An environment of its own: an empty data directory, and a port for the service that is free."""
    monkeypatch.setenv("GRAPH_CDP_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("GRAPH_CDP_PORT", "18765")
    return monkeypatch


@pytest.fixture
def yours(environment: pytest.MonkeyPatch, neo4j_target: Neo4jTarget) -> pytest.MonkeyPatch:
    """The database of the tests, as one that somebody else runs."""
    environment.setenv("GRAPH_CDP_NEO4J_URI", neo4j_target.uri)
    environment.setenv("GRAPH_CDP_NEO4J_PASSWORD", neo4j_target.password)
    return environment


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield other.getsockname()[1]


def examine() -> tuple[int, dict[str, tuple[str, str]]]:
    """The exit code, and level and text of each finding."""
    result = CliRunner().invoke(app, ["doctor", "--json"])
    return result.exit_code, {f["check"]: (f["level"], f["text"]) for f in json.loads(result.stdout)}


def test_a_good_database_is_examined_in_all_its_parts(
    yours: pytest.MonkeyPatch, graph: Graph, neo4j_target: Neo4jTarget
) -> None:
    code, found = examine()

    assert code == 0
    assert list(found) == [
        "settings", "python", "java", "maven", "docker", "backend", "disk", "port", "assets", "secrets", "process",
        "database", "version", "clock", "migrations", "apoc", "pagecache", "keys", "identity",
    ]  # fmt: skip
    assert found["database"] == ("ok", f"{neo4j_target.uri} answers")
    assert found["version"][0] == found["clock"][0] == found["migrations"][0] == found["pagecache"][0] == "ok"
    assert found["keys"] == ("warn", "No API key may be used: nobody can ask or send anything")


def test_nothing_secret_is_said(yours: pytest.MonkeyPatch, neo4j_target: Neo4jTarget) -> None:
    for arguments in (["doctor"], ["doctor", "--json"], ["db", "status"]):
        assert neo4j_target.password not in CliRunner().invoke(app, arguments).output
    assert neo4j_target.password in CliRunner().invoke(app, ["db", "status", "--password"]).output


def test_a_setting_that_cannot_be_read_is_named(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("GRAPH_CDP_PORT", "eighty")

    assert examine() == (
        1,
        {
            "settings": (
                "fail",
                "GRAPH_CDP_PORT: Input should be a valid integer, unable to parse string as an integer",
            )
        },
    )


def test_a_misspelt_setting_is_named(yours: pytest.MonkeyPatch) -> None:
    yours.setenv("GRAPH_CDP_NEO4J_PASWORD", "x")

    assert examine()[1]["settings"] == ("warn", "No such setting: GRAPH_CDP_NEO4J_PASWORD")


def test_a_port_in_use_fails(yours: pytest.MonkeyPatch, taken: int) -> None:
    yours.setenv("GRAPH_CDP_PORT", str(taken))

    code, found = examine()

    assert (code, found["port"]) == (1, ("fail", f"Another program listens on port {taken}"))


def test_a_server_that_died_is_told_from_one_that_was_stopped(
    environment: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert examine()[1]["process"] == ("ok", "No local server is meant to run")
    (tmp_path / "neo4j").mkdir()
    write_state(tmp_path / "neo4j" / "server.json", ServerState(pid=2**22 - 1, bolt_port=1, http_port=2))

    found = examine()[1]

    assert found["process"] == ("warn", "The local server (process 4194303) has ended without being stopped")
    assert found["database"] == ("warn", "There is none yet")


def test_a_database_that_does_not_answer_fails(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("GRAPH_CDP_NEO4J_URI", "bolt://127.0.0.1:1")
    environment.setenv("GRAPH_CDP_NEO4J_PASSWORD", "any")

    code, found = examine()

    assert (code, found["database"][0]) == (1, "fail")
    assert found["database"][1].startswith("bolt://127.0.0.1:1 does not answer: ")
    assert "version" not in found


def test_a_wrong_password_is_told_from_a_database_that_is_away(
    yours: pytest.MonkeyPatch, neo4j_target: Neo4jTarget
) -> None:
    yours.setenv("GRAPH_CDP_NEO4J_PASSWORD", "wrong-password")

    assert examine()[1]["database"] == ("fail", f"{neo4j_target.uri} does not accept the password of neo4j.")


def test_the_findings_are_read_by_people_too(yours: pytest.MonkeyPatch, taken: int) -> None:
    yours.setenv("GRAPH_CDP_PORT", str(taken))

    lines = CliRunner().invoke(app, ["doctor"]).stdout.splitlines()

    at = lines.index(f"fail  port          Another program listens on port {taken}")
    assert lines[at + 1].strip() == "End it, or choose another by GRAPH_CDP_PORT."
    assert lines[-1].endswith(", 1 fail")


def test_status_is_an_exit_code_too(environment: pytest.MonkeyPatch, yours: pytest.MonkeyPatch) -> None:
    assert CliRunner().invoke(app, ["db", "status"]).exit_code == 0
    yours.setenv("GRAPH_CDP_NEO4J_URI", "bolt://127.0.0.1:1")
    assert CliRunner().invoke(app, ["db", "status"]).exit_code == 1


def test_a_stop_says_whose_database_it_means(environment: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert CliRunner().invoke(app, ["db", "down"]).stdout == f"None was running for {tmp_path}.\n"


def test_a_reset_asks_first(environment: pytest.MonkeyPatch, tmp_path: Path) -> None:
    data = tmp_path / "neo4j" / "data"
    data.mkdir(parents=True)

    refused = CliRunner().invoke(app, ["db", "reset"], input="n\n")
    assert (refused.exit_code, data.exists()) == (1, True)

    done = CliRunner().invoke(app, ["db", "reset", "--yes"])
    assert (done.exit_code, data.exists()) == (0, False)


def test_an_error_raised_on_purpose_is_one_line_and_exit_code_1(
    environment: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    environment.setenv("GRAPH_CDP_NEO4J_URI", "bolt://127.0.0.1:1")
    environment.setattr("sys.argv", ["graph-cdp", "db", "up"])

    with pytest.raises(SystemExit) as ended:
        main()

    assert ended.value.code == 1
    assert capsys.readouterr().err == (
        "graph-cdp: GRAPH_CDP_NEO4J_URI is set, but GRAPH_CDP_NEO4J_PASSWORD is not: set it too.\n"
    )
