"""`graph-cdp db`: the database that graph-cdp runs for you."""

from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.markup import escape

if TYPE_CHECKING:
    from graph_cdp.graph.server import DatabaseStatus

app = typer.Typer(
    no_args_is_help=True,
    help="Start, stop and inspect the Neo4j database.\n\n"
    "Which one is used, in this order: the one that GRAPH_CDP_NEO4J_URI names; Docker, where an engine answers; a "
    "server of its own on this machine, which needs Java 17 and Maven. Data is kept between runs, below "
    "GRAPH_CDP_DATA_DIR (.graph-cdp) or in a Docker volume.",
)

KINDS = {
    "external": "yours (GRAPH_CDP_NEO4J_URI)",
    "docker": "in Docker",
    "local": "a local server",
    "none": "none yet",
}


@app.command()
def up() -> None:
    """Start the database, or find it running, and say how to reach it.

    The first start downloads Neo4j (150 MB) or its image; later ones take about ten seconds. It goes on in the
    background until `graph-cdp db down`. Safe to repeat, and after any crash.
    """
    from graph_cdp.commands.waiting import waiting
    from graph_cdp.graph.server import database_status, ensure_database
    from graph_cdp.settings import Settings

    settings, console = Settings(), Console(stderr=True)
    with waiting(console) as say:
        ensure_database(settings, say=say)
    _print(database_status(settings))


@app.command()
def down() -> None:
    """Stop the database. Its data stays; `graph-cdp db up` brings it back."""
    from graph_cdp.commands.waiting import waiting
    from graph_cdp.graph.server import stop_database
    from graph_cdp.settings import Settings

    settings = Settings()
    with waiting(Console(stderr=True)) as say:
        stopped = stop_database(settings, say=say)
    place = (
        settings.data_dir.expanduser().absolute()
    )  # a forgotten GRAPH_CDP_DATA_DIR stops another one than meant
    print(
        f"Stopped the database of {place}. The data is kept." if stopped else f"None was running for {place}."
    )


@app.command()
def status(
    password: Annotated[
        bool, typer.Option("--password", help="Also print the password, for Neo4j Browser.")
    ] = False,
) -> None:
    """Say which database there is, whether it answers, and where. Exit code 1 when it does not answer.

    In Neo4j Browser sign in as `neo4j`; the password is printed by `--password`.
    """
    from graph_cdp.graph.server import database_status
    from graph_cdp.settings import Settings

    found = database_status(Settings())
    _print(found)
    if password and found.target:
        print(f"password  {found.target.password}")
    if not found.running:
        raise typer.Exit(1)


@app.command()
def reset(yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False) -> None:
    """Stop the database and delete all of its data, for ever. Asks first, unless told --yes."""
    from graph_cdp.commands.waiting import waiting
    from graph_cdp.graph.server import database_status, reset_database
    from graph_cdp.settings import Settings

    settings = Settings()
    if not yes:
        data = database_status(settings).data or "none that is kept here"
        typer.confirm(f"Delete all data of the database ({data})?", abort=True)
    with waiting(Console(stderr=True)) as say:
        deleted = reset_database(settings, say=say)
    print("Deleted. The next start makes an empty database." if deleted else "There was no data.")


def _print(found: "DatabaseStatus") -> None:
    console = Console(soft_wrap=True, highlight=False)
    state = f"running, Neo4j {found.version}" if found.running else "not running"
    rows = {
        "database": f"{KINDS[found.kind]}: {state}",
        "bolt": found.target.uri if found.target else None,
        "user": found.target.user if found.target else None,
        "browser": found.browser if found.running else None,
        "data": found.data,
        "problem": found.problem,
    }
    for name, value in rows.items():
        if value:
            console.print(f"{name:<9} {escape(value)}")
    if not found.running and found.kind != "external":
        console.print("Start it by: graph-cdp db up")
