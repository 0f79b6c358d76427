"""`graph-cdp health`: how well identity and collection are, and what to do about it."""

import asyncio
import dataclasses
import json
from collections.abc import Sequence
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from graph_cdp.access.service import system_clock
from graph_cdp.graph.driver import open_driver
from graph_cdp.graph.server import ensure_database
from graph_cdp.graph.transactions import Graph
from graph_cdp.identity.policy import DEFAULT_POLICY
from graph_cdp.insights.model import Alarm, CollectionHealth, IdentityHealth
from graph_cdp.insights.service import measure_collection, measure_identity
from graph_cdp.settings import Settings

SECONDS_MAX = 600.0
"""Longest time of one statement: the report reads the whole graph."""

BAR_CHARACTERS = 40


def health_command(
    as_json: Annotated[bool, typer.Option("--json", help="Print the report as JSON, for programs.")] = False,
) -> None:
    """Measure the health of identity and of collection, and say what a human should look at; change nothing.

    How many people, records and identifiers there are, how many people have how many records, the biggest people, the
    hottest identifiers, people over a limit; what each source sent in the last seven days, and what was refused; and
    alarms. By counts and opaque ids: the report holds no personal data.
    Exit code 1 when there is an alarm.
    """
    settings = Settings()
    target = ensure_database(settings)

    async def measure() -> tuple[IdentityHealth, CollectionHealth]:
        async with open_driver(target, timeout_s=SECONDS_MAX) as driver:
            graph, now = Graph(driver, database=target.database, timeout_s=SECONDS_MAX), system_clock()
            identity = await measure_identity(graph, policy=DEFAULT_POLICY, now=now)
            return identity, await measure_collection(graph, now=now)

    with Console(stderr=True).status("Reading the whole graph …"):
        health, collection = asyncio.run(measure())
    if as_json:
        report = {**dataclasses.asdict(health), "collection": dataclasses.asdict(collection)}
        print(json.dumps(report, indent=2, default=str))
    else:
        console = Console(highlight=False)
        _print(health, console)
        console.print(_collected(collection))
        _print_alarms((*health.alarms, *collection.alarms), console)
    if health.alarms or collection.alarms:
        raise typer.Exit(1)


def _print(health: IdentityHealth, console: Console) -> None:
    counts = health.counts
    console.print(
        f"{counts.people:,} people ({counts.known_people:,} known, {counts.absorbed_people:,} more absorbed), "
        f"{counts.records:,} records, {counts.identifiers:,} identifiers "
        f"({counts.contested_identifiers:,} contested), {counts.review_tasks:,} review tasks, "
        f"{counts.pending_marks:,} records that wait for the job",
        soft_wrap=True,
    )
    console.print(_sizes(health))
    console.print(_table("The biggest people", health.biggest, "person_id", "records", "sources"))
    hottest = ("identifier_id", "kind", "holdings", "contested", "capped")
    console.print(_table("The hottest identifiers", health.hottest, *hottest))
    if health.over_limits:
        over = ("person_id", "kind", "held", "held_max")
        console.print(_table("People over a limit", health.over_limits, *over))


def _print_alarms(alarms: Sequence[Alarm], console: Console) -> None:
    for alarm in alarms:
        console.print(f"[yellow]{alarm.code}[/yellow]  {escape(alarm.text)}", soft_wrap=True)
        console.print(f"  [bold]{escape(alarm.mend)}[/bold]", soft_wrap=True)
    if not alarms:
        console.print("[green]No alarm.[/green]")


def _collected(health: CollectionHealth) -> Table:
    days = [f"{one.day:%d %b}" for one in health.sources[0].days] if health.sources else []
    title = "Messages of each source by day (UTC), and the refused ones of all days"
    table = Table("source", "records", *days, "refused", "waiting", title=title, title_justify="left")
    for source in health.sources:
        refused = sum(one.refused for one in source.days)
        cells = (source.records, *(one.messages for one in source.days), refused, source.waiting_dead_letters)
        table.add_row(escape(source.source), *(f"{cell:,}" for cell in cells))
    return table


def _sizes(health: IdentityHealth) -> Table:
    table = Table(
        "records", "people", "", title="How many people have how many records", title_justify="left"
    )
    most = max((one.people for one in health.sizes), default=1)
    for one in health.sizes:
        upper = (
            "" if one.records_max == one.records_min else f"-{one.records_max:,}" if one.records_max else "+"
        )
        bar = "█" * max(1, round(BAR_CHARACTERS * one.people / most))
        table.add_row(f"{one.records_min:,}{upper}", f"{one.people:,}", bar)
    return table


def _table(title: str, rows: tuple[object, ...], *columns: str) -> Table:
    table = Table(*columns, title=title, title_justify="left")
    for row in rows:
        table.add_row(*(_cell(getattr(row, column)) for column in columns))
    return table


def _cell(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else ""
    return f"{value:,}" if isinstance(value, int) else str(value)
