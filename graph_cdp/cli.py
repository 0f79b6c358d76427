"""The command line: `graph-cdp`. Each command lives in a module of `graph_cdp/commands`."""

import sys
from typing import NoReturn

import typer
from pydantic import ValidationError
from rich.console import Console
from rich.markup import escape

from graph_cdp import __version__
from graph_cdp.commands import db
from graph_cdp.commands.dead_letters import dead_letters_app
from graph_cdp.commands.demo import demo_command
from graph_cdp.commands.doctor import doctor_command
from graph_cdp.commands.evaluate import evaluate_command
from graph_cdp.commands.golden_records import golden_records_command
from graph_cdp.commands.health import health_command
from graph_cdp.commands.import_ import import_command
from graph_cdp.commands.keys import keys_app
from graph_cdp.commands.match import match_command
from graph_cdp.commands.migrate import check_command, migrate_command
from graph_cdp.commands.resolve import resolve_command
from graph_cdp.commands.sample import sample_command
from graph_cdp.commands.sdl import sdl_command
from graph_cdp.commands.serve import serve_command
from graph_cdp.errors import GraphCdpError


def _example(words: str) -> str:
    return f"Example: `graph-cdp {words}`"


app = typer.Typer(
    name="graph-cdp",
    no_args_is_help=True,
    rich_markup_mode="markdown",
    pretty_exceptions_show_locals=False,  # they hold keys and personal data
    help="An identity graph and customer data platform on Neo4j, with a GraphQL API.\n\n"
    "Settings are environment variables: docs/reference/settings.md lists them. `graph-cdp doctor` finds what is "
    "wrong and says how to mend it.",
)
app.add_typer(db.app, name="db")
app.add_typer(keys_app, name="keys")
app.add_typer(dead_letters_app, name="dead-letters")
app.command("demo")(demo_command)
app.command("serve")(serve_command)
app.command("import", epilog=_example("import customers.csv --source crm --mapping customers.yaml"))(
    import_command
)
app.command("match", epilog=_example("match crm.csv web.ndjson --out clusters.csv"))(match_command)
app.command("resolve")(resolve_command)
app.command("sample", epilog=_example("sample edges.csv --out sample.csv --pairs 200"))(sample_command)
app.command("evaluate", epilog=_example("evaluate clusters.csv truth.csv"))(evaluate_command)
app.command("migrate")(migrate_command)
app.command("check")(check_command)
app.command("golden-records")(golden_records_command)
app.command("health")(health_command)
app.command("doctor")(doctor_command)
app.command("sdl")(sdl_command)


def _version(wanted: bool) -> None:
    if wanted:
        print(f"graph-cdp {__version__}")
        raise typer.Exit


@app.callback()
def options(
    *,
    version: bool = typer.Option(
        False, "--version", callback=_version, is_eager=True, help="Print the version."
    ),
) -> None:
    """Take the options that belong to no command."""


def main() -> None:
    """Run the command line; an error that was raised on purpose is one message and exit code 1, not a traceback."""
    try:
        app()
    except GraphCdpError as error:
        _fail(error.message)
    except ValidationError as error:
        if error.title != "Settings":
            raise
        _fail(*(f"GRAPH_CDP_{str(told['loc'][0]).upper()}: {told['msg']}" for told in error.errors()))


def _fail(*messages: str) -> NoReturn:
    console = Console(stderr=True, soft_wrap=True, highlight=False)
    for message in messages:
        console.print(f"[red]graph-cdp:[/red] {escape(message)}")
    sys.exit(1)
