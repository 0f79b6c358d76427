"""`graph-cdp migrate` and `graph-cdp check`: the schema's history, and the invariants of a live graph."""

import asyncio
from datetime import UTC, datetime
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from graph_cdp.graph.checks import Violation, find_violations, load_checks
from graph_cdp.graph.driver import Neo4jTarget, open_driver
from graph_cdp.graph.migrations import Status, load_migrations, migrate, migration_status
from graph_cdp.graph.procedures import install_procedures
from graph_cdp.graph.server import ensure_database
from graph_cdp.graph.transactions import Graph
from graph_cdp.settings import Settings

STYLES = {
    "applied": "green",
    "pending": "yellow",
    "interrupted": "yellow",
    "changed": "red",
    "unknown": "red",
}


def migrate_command(
    status: Annotated[
        bool, typer.Option("--status", help="Only show what is applied and what is not.")
    ] = False,
) -> None:
    """Apply pending migrations, and install the stewards' procedures where APOC Extended is there.

    Safe to run at any time, and again after a crash: it goes on where it stopped.
    """
    settings = Settings()
    target = ensure_database(settings)
    console = Console()
    if status:
        console.print(_status_table(asyncio.run(_status(settings, target))))
        return
    applied, procedures = asyncio.run(apply(settings, target))
    console.print("\n".join(f"applied {id_}" for id_ in applied) or "Everything is applied.")
    console.print(
        f"{len(procedures)} stewards' procedures installed."
        if procedures
        else "No APOC Extended: no procedures."
    )


def check_command() -> None:
    """Look for violations of the graph's invariants; exit with 1 if there are any.

    Each is a query in cypher/checks; a violation is shown by opaque ids, to be looked up in Neo4j Browser.
    """
    settings = Settings()
    violations = asyncio.run(_violations(settings, ensure_database(settings)))
    console = Console()
    for violation in violations:
        console.print(f"[red]{violation.check}[/red] {violation.row}", soft_wrap=True)
    console.print(f"{len(load_checks())} invariants checked, {len(violations)} violations.")
    if violations:
        raise typer.Exit(1)


async def apply(settings: Settings, target: Neo4jTarget) -> tuple[list[str], list[str]]:
    """Migrate the target and install the procedures: the ids of what was applied, and the procedures' names."""
    async with open_driver(target, timeout_s=settings.neo4j_timeout_s) as driver:
        graph = Graph(driver, database=target.database, timeout_s=settings.neo4j_timeout_s)
        applied = await migrate(graph, load_migrations())
        return applied, await install_procedures(driver, database=target.database)


async def _status(settings: Settings, target: Neo4jTarget) -> list[Status]:
    async with open_driver(target, timeout_s=settings.neo4j_timeout_s) as driver:
        graph = Graph(driver, database=target.database, timeout_s=settings.neo4j_timeout_s)
        return await migration_status(graph, load_migrations())


async def _violations(settings: Settings, target: Neo4jTarget) -> list[Violation]:
    async with open_driver(target, timeout_s=settings.neo4j_timeout_s) as driver:
        return await find_violations(Graph(driver, database=target.database, timeout_s=300))


def _status_table(statuses: list[Status]) -> Table:
    table = Table("migration", "state", "applied")
    for status in statuses:
        at = datetime.fromtimestamp(status.applied_at / 1000, UTC).isoformat() if status.applied_at else ""
        table.add_row(status.id, f"[{STYLES[status.state]}]{status.state}[/]", at)
    return table
