"""docs/reference/cli.md has a heading for every command, and below it every argument and option."""

import re
from collections.abc import Iterator
from pathlib import Path

import typer
from typer.core import TyperArgument, TyperCommand, TyperGroup, TyperOption

from graph_cdp.cli import app
from tests.architecture.tree import ROOT, write

PAGE = "docs/reference/cli.md"
PROGRAM = "graph-cdp"

_SECTION = re.compile(r"^#+ `(graph-cdp[^`]*)`\n(.*?)(?=^#+ |\Z)", re.DOTALL | re.MULTILINE)


def commands(command: object, path: str) -> Iterator[tuple[str, TyperCommand]]:
    """Every command that does something, by the words that call it."""
    match command:
        case TyperGroup():
            for name, part in command.commands.items():
                if not part.hidden:
                    yield from commands(part, f"{path} {name}")
        case TyperCommand():
            yield path, command
        case _:
            message = f"{path} is a {type(command)}, which this check does not know"
            raise TypeError(message)


def shown(command: TyperCommand) -> Iterator[str]:
    """Arguments and options as a reader writes them: `MAPPING`, `--dry-run`."""
    for parameter in command.params:
        match parameter:
            case TyperArgument():
                yield parameter.metavar or (parameter.name or "").upper()
            case TyperOption() if parameter.name != "help" and not parameter.hidden:
                yield max(parameter.opts, key=len)
            case _:
                pass


def differences(folder: Path, program: object) -> Iterator[str]:
    sections = dict(_SECTION.findall((folder / PAGE).read_text(encoding="utf-8")))
    known = dict(commands(program, PROGRAM))
    for path, command in known.items():
        if path not in sections:
            yield f"{PAGE} lacks the heading '## `{path}`': {command.help or 'which has no help either'}"
            continue
        if not command.help:
            yield f"{path} has no help text"
        for name in shown(command):
            if f"`{name}" not in sections[path]:
                yield f"{PAGE} lacks `{name}` below '{path}'"
    yield from (
        f"{PAGE} has `{path}`, and there is no such command" for path in sections if path not in known
    )


def test_the_page_says_every_command_and_option() -> None:
    assert "\n".join(differences(ROOT, typer.main.get_command(app))) == ""


def planted() -> object:
    program = typer.Typer()
    database = typer.Typer()
    program.add_typer(database, name="db")

    @program.command("import")
    def load(mapping: str, dry_run: bool = False) -> None:  # pyright: ignore[reportUnusedFunction] - typer holds it
        """Load a file."""

    @database.command()
    def up() -> None:  # pyright: ignore[reportUnusedFunction] - typer holds it
        """Start it."""

    return typer.main.get_command(program)


def test_an_undocumented_command_and_option_are_found(tmp_path: Path) -> None:
    write(tmp_path, {PAGE: "## `graph-cdp import`\n\n`MAPPING` is a file.\n\n## `graph-cdp old`\n"})

    assert list(differences(tmp_path, planted())) == [
        f"{PAGE} lacks `--dry-run` below 'graph-cdp import'",
        f"{PAGE} lacks the heading '## `graph-cdp db up`': Start it.",
        f"{PAGE} has `graph-cdp old`, and there is no such command",
    ]


def test_a_page_that_says_everything_passes(tmp_path: Path) -> None:
    write(
        tmp_path, {PAGE: "## `graph-cdp import`\n\n`MAPPING`, `--dry-run`.\n\n## `graph-cdp db up`\n\nIt.\n"}
    )

    assert list(differences(tmp_path, planted())) == []
