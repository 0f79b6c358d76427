"""What the command line tells: whole paragraphs, an example where people begin, an address to open."""

import pytest
from typer.testing import CliRunner

from graph_cdp.cli import app
from graph_cdp.commands.serve import show_address
from graph_cdp.settings import Settings


@pytest.mark.parametrize(
    ("command", "example"),
    [
        ("import", "graph-cdp import customers.csv --source crm --mapping customers.yaml"),
        ("match", "graph-cdp match crm.csv web.ndjson --out clusters.csv"),
        ("evaluate", "graph-cdp evaluate clusters.csv truth.csv"),
        ("keys create", "graph-cdp keys create --role ingest --source web --name shop"),
    ],
)
def test_help_shows_an_example(command: str, example: str) -> None:
    shown = CliRunner().invoke(app, [*command.split(), "--help"], env={"COLUMNS": "120"})
    assert f"Example: {example}" in shown.output


def test_paragraphs_fill_their_lines() -> None:
    """Lines of the docstring were kept, and wrapped once more: every other line was one word."""
    shown = CliRunner().invoke(app, ["match", "--help"], env={"COLUMNS": "80"}).output
    about = shown.partition("Columns are known")[2].partition("Arguments")[0].strip().splitlines()[:-3]
    assert min(len(line.rstrip()) for line in about if line.strip()) > 40


def test_serve_says_where_it_answers(capsys: pytest.CaptureFixture[str]) -> None:
    show_address(Settings(host="::1", port=8001))
    assert capsys.readouterr().err.startswith("Serving http://[::1]:8001: /graphiql, ")
