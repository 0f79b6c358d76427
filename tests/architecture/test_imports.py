"""The layers and the purity of decisions, as import-linter reads them from pyproject.toml."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.tree import ROOT

LAYERS = "Imports point down the layers"
PURITY = "Decisions are pure"
HTTP = "Only the edges know HTTP"
GRAPHQL = "Only api knows GraphQL"
COMMAND_LINE = "The command line is the door of commands only"


def lint_imports(root: Path) -> subprocess.CompletedProcess[str]:
    command = Path(sys.executable).with_name("lint-imports")
    environment = {**os.environ, "PYTHONPATH": str(root), "COLUMNS": "200"}  # noqa: TID251 - a child of the test
    return subprocess.run(
        [command, "--config", root / "pyproject.toml", "--no-cache", "--no-logo"],
        cwd=root,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def copy_of_the_code(to: Path) -> Path:
    shutil.copytree(
        ROOT / "graph_cdp", to / "graph_cdp", ignore=shutil.ignore_patterns("__pycache__", "vendor")
    )
    shutil.copy(ROOT / "pyproject.toml", to / "pyproject.toml")
    return to


def broken(output: str) -> set[str]:
    return {line.partition(" BROKEN")[0] for line in output.splitlines() if " BROKEN" in line}


def test_imports_keep_every_contract() -> None:
    result = lint_imports(ROOT)

    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.parametrize(
    ("module", "planted", "contract"),
    [
        pytest.param("collect/planted.py", "import graph_cdp.api", LAYERS, id="sideways"),
        pytest.param("identity/planted.py", "import graph_cdp.flows", LAYERS, id="upwards"),
        pytest.param("matching/planted.py", "import neo4j", PURITY, id="a database in matching"),
        pytest.param("identity/planted.py", "import time", PURITY, id="a clock in identity"),
        pytest.param(
            "identity/planted.py", "import graph_cdp.identity.repository", PURITY, id="queries in identity"
        ),
        pytest.param("flows/rules.py", "import asyncio", PURITY, id="concurrency in rules"),
        pytest.param("golden_record/planted/model.py", "import pathlib", PURITY, id="files in a model"),
        pytest.param("flows/planted.py", "import starlette.requests", HTTP, id="HTTP in a flow"),
        pytest.param("collect/planted.py", "import strawberry", GRAPHQL, id="GraphQL in collect"),
        pytest.param("source/planted.py", "import rich", COMMAND_LINE, id="printing in a slice"),
        pytest.param("planted.py", "", LAYERS, id="a module without a layer"),
    ],
)
def test_a_planted_import_breaks_its_contract(
    tmp_path: Path, module: str, planted: str, contract: str
) -> None:
    path = copy_of_the_code(tmp_path) / "graph_cdp" / module
    path.parent.mkdir(exist_ok=True)
    (path.parent / "__init__.py").touch()
    path.write_text(f"{planted}\n", encoding="utf-8")

    result = lint_imports(tmp_path)

    assert result.returncode == 1, result.stdout + result.stderr
    assert any(name.startswith(contract) for name in broken(result.stdout)), result.stdout
