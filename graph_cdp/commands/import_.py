"""`graph-cdp import`: the rows of a file, as its mapping says."""

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from graph_cdp.access.service import system_clock
from graph_cdp.collect.importer import Import, RejectedFile, Tally, import_file
from graph_cdp.collect.mapping import parse_mapping
from graph_cdp.commands.golden_records import declare_sources
from graph_cdp.commands.keys import with_graph
from graph_cdp.commands.migrate import apply
from graph_cdp.flows.ingest import Ingest
from graph_cdp.flows.state_facts import StateFacts
from graph_cdp.graph.server import ensure_database
from graph_cdp.graph.transactions import Graph
from graph_cdp.identity.policy import DEFAULT_POLICY
from graph_cdp.intake.record import RowReceipt, require_source
from graph_cdp.settings import Settings

SOME_REJECTED = 3
"""The exit code of an import that went through, but not for every row."""


def import_command(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, readable=True, help="The file: CSV.")],
    source: Annotated[str, typer.Option(help="The source that the rows are of, for example crm.")],
    mapping: Annotated[
        Path, typer.Option(exists=True, dir_okay=False, readable=True, help="What the columns mean: YAML.")
    ],
    rejected: Annotated[
        Path | None, typer.Option(help="Where rejected rows are listed. Default: FILE.rejected.csv.")
    ] = None,
) -> None:
    """Import the rows of a file, as its mapping says: customers, purchases, consents, cases, firms, articles, stores.

    Safe to run again: rows that say what they said before are skipped. Exits with 3 if rows were rejected.
    """
    settings = Settings()
    receipt = RowReceipt(
        source=require_source(source), received_at=system_clock(), region=settings.default_region
    )
    declared = parse_mapping(mapping.read_text("utf-8"))
    listed = RejectedFile(rejected or file.with_name(f"{file.name}.rejected.csv"))
    target = ensure_database(settings)
    asyncio.run(apply(settings, target))
    sources = declare_sources(settings, target)
    receipt = replace(receipt, rules=sources.sources.rules(source))
    with file.open("rb") as opened, _progress() as bar:
        task = bar.add_task(file.name, total=file.stat().st_size, rows=0)

        async def run(graph: Graph) -> Tally:
            ingest = Ingest(
                graph=graph, policy=DEFAULT_POLICY, clock=system_clock, survivorship=sources.survivorship
            )
            return await import_file(
                opened,
                Import(
                    mapping=declared,
                    receipt=receipt,
                    ingest=ingest,
                    state=StateFacts(graph=graph, clock=system_clock),
                ),
                reject=listed.add,
                progress=lambda tally: bar.update(task, completed=tally.bytes_read, rows=tally.rows),
            )

        tally = asyncio.run(with_graph(settings, target, run))
    _report(tally, listed)


def _report(tally: Tally, listed: RejectedFile) -> None:
    console = Console()
    console.print(
        f"{tally.rows:,} rows: {tally.accepted:,} accepted, {tally.duplicates:,} known already, "
        f"{tally.rejections:,} rejected."
    )
    if tally.rejections:
        reasons = ", ".join(f"{code} {count:,}" for code, count in sorted(tally.rejected.items()))
        console.print(f"Rejected: {reasons}. Each is listed in {listed.path}.", soft_wrap=True)
        raise typer.Exit(SOME_REJECTED)


def _progress() -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        TextColumn("{task.fields[rows]:,} rows"),
        TimeRemainingColumn(),
    )
