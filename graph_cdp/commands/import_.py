"""`graph-cdp import`: the rows of a file, as its mapping says."""

import asyncio
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, cast, get_args

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from graph_cdp.access.service import system_clock
from graph_cdp.collect.files import find_format
from graph_cdp.collect.importer import Import, RejectedFile, Tally, import_file
from graph_cdp.collect.mapping import FileMapping, Format, parse_mapping
from graph_cdp.collect.rows import RowReceipt, require_source
from graph_cdp.commands.golden_records import declare_sources
from graph_cdp.commands.keys import with_graph
from graph_cdp.commands.migrate import apply
from graph_cdp.errors import Invalid
from graph_cdp.flows.ingest import Ingest
from graph_cdp.graph.server import ensure_database
from graph_cdp.graph.transactions import Graph
from graph_cdp.identity.policy import DEFAULT_POLICY
from graph_cdp.settings import Settings

SOME_REJECTED = 3
"""The exit code of an import that went through, but not for every row."""


def import_command(
    file: Annotated[
        Path,
        typer.Argument(
            exists=True, dir_okay=False, readable=True, help="CSV, NDJSON or Parquet; gzip, zstd."
        ),
    ],
    source: Annotated[str, typer.Option(help="The source that the rows are of, for example crm.")],
    mapping: Annotated[
        Path, typer.Option(exists=True, dir_okay=False, readable=True, help="What the columns mean: YAML.")
    ],
    format: Annotated[
        str | None,
        typer.Option(help="csv, ndjson or parquet. Default: as the mapping says, or the file's name."),
    ] = None,
    rejected: Annotated[
        Path | None, typer.Option(help="Where rejected rows are listed. Default: FILE.rejected.csv.")
    ] = None,
) -> None:
    """Import the rows of a file as customer records or transactions.

    Safe to run again: rows that say what they said before are skipped. Exits with 3 if rows were rejected.
    """
    settings = Settings()
    receipt = RowReceipt(
        source=require_source(source), received_at=system_clock(), region=settings.default_region
    )
    order = Order(
        file=file,
        mapping=in_format(parse_mapping(mapping.read_text("utf-8")), file, format),
        receipt=receipt,
        listed=RejectedFile(rejected or file.with_name(f"{file.name}.rejected.csv")),
    )
    _report(_import(order, settings), order.listed)


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What is to be imported, and where rejected rows are listed."""

    file: Path
    mapping: FileMapping
    receipt: RowReceipt
    listed: RejectedFile


def _import(order: Order, settings: Settings) -> Tally:
    target = ensure_database(settings)
    asyncio.run(apply(settings, target))
    sources = declare_sources(settings, target)
    receipt = replace(order.receipt, rules=sources.sources.rules(order.receipt.source))
    with order.file.open("rb") as opened, _progress() as bar:
        task = bar.add_task(order.file.name, total=order.file.stat().st_size, rows=0)

        async def run(graph: Graph) -> Tally:
            ingest = Ingest(
                graph=graph, policy=DEFAULT_POLICY, clock=system_clock, survivorship=sources.survivorship
            )
            return await import_file(
                opened,
                Import(mapping=order.mapping, receipt=receipt, ingest=ingest),
                reject=order.listed.add,
                progress=lambda tally: bar.update(task, completed=tally.bytes_read, rows=tally.rows),
            )

        return asyncio.run(with_graph(settings, target, run))


def in_format(mapping: FileMapping, file: Path, wanted: str | None) -> FileMapping:
    """The mapping with the format of this file: as wanted, or declared, or as the file's name tells.

    Raises:
        Invalid: no such format.
    """
    if wanted not in {None, *get_args(Format)}:
        raise Invalid(f"--format is one of {', '.join(get_args(Format))}.")
    known = cast("Format | None", wanted) or mapping.file.format or find_format(file.name)
    return replace(mapping, file=replace(mapping.file, format=known))


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
