"""An import as it was ordered on the command line, run before the user's eyes."""

import asyncio
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from graph_cdp.access.service import system_clock
from graph_cdp.collect.import_jobs import ImportJob, bury_in, find_import, hash_file, hash_mapping, save_in
from graph_cdp.collect.importer import Import, RejectedFile, Tally, import_file
from graph_cdp.collect.mapping import FileMapping
from graph_cdp.commands.garbage import keep_pauses_short
from graph_cdp.commands.golden_records import declare_sources
from graph_cdp.commands.migrate import apply
from graph_cdp.commands.on_graph import with_graph
from graph_cdp.flows.ingest import Ingest
from graph_cdp.flows.state_facts import StateFacts
from graph_cdp.graph.server import ensure_database
from graph_cdp.graph.transactions import Graph
from graph_cdp.identity.policy import DEFAULT_POLICY
from graph_cdp.ids import Millis
from graph_cdp.intake.record import RowReceipt
from graph_cdp.settings import Settings

PATIENCE = 10
"""How many times longer than the transaction of a request that of a batch of rows may take: nobody waits for its answer,
and on a busy machine thousands of rows take longer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportOrder:
    """What is to be imported, as of when (where the command says so), where rejected rows are listed, whether these become dead letters, too, and whether to begin
    anew.
    """

    file: Path
    mapping: FileMapping
    mapping_text: str
    as_of: Millis | None
    receipt: RowReceipt
    rejected: Path
    dead_letters: bool
    restart: bool
    batch_rows: int


def run_import(order: ImportOrder, settings: Settings) -> Tally:
    """Import the file into the database of the settings; it is started, and migrated, where it must be."""
    keep_pauses_short()
    target = ensure_database(settings)
    asyncio.run(apply(settings, target))
    sources = declare_sources(settings, target)
    patient = settings.model_copy(update={"neo4j_timeout_s": PATIENCE * settings.neo4j_timeout_s})

    async def run(graph: Graph) -> Tally:
        ingest = Ingest(
            graph=graph, policy=DEFAULT_POLICY, clock=system_clock, survivorship=sources.survivorship
        )
        with order.file.open("rb") as file:
            job = _job(order, file)
            start = (None if order.restart else await graph.read(find_import, job=job)) or Tally()
            save = save_in(graph, job, system_clock)
            if order.dead_letters:  # which name a job that is there, however early this is killed
                await save(start, "pending")
            work = Import(
                mapping=order.mapping,
                receipt=order.receipt,
                ingest=ingest,
                state=StateFacts(graph=graph, clock=system_clock),
                batch_rows=order.batch_rows,
                start=start,
                save=save,
                bury=bury_in(graph, job, order.receipt) if order.dead_letters else None,
            )
            return await _import(order, file, work)

    return asyncio.run(with_graph(patient, target, run))


async def _import(order: ImportOrder, file: BinaryIO, work: Import) -> Tally:
    listed = RejectedFile(order.rejected, line=work.start.place.line)
    if work.start.rows:
        Console().print(
            f"Going on after line {work.start.place.line:,}: {work.start.rows:,} rows were imported before this import "
            "was stopped. --restart begins anew.",
            soft_wrap=True,
        )
    with _progress() as bar:
        task = bar.add_task(order.file.name, total=order.file.stat().st_size, rows=0)
        return await import_file(
            file,
            work,
            reject=listed.add,
            progress=lambda tally: bar.update(task, completed=tally.bytes_read, rows=tally.rows),
        )


def _job(order: ImportOrder, file: BinaryIO) -> ImportJob:
    return ImportJob(
        source=order.receipt.source,
        file_hash=hash_file(file),
        mapping_hash=hash_mapping(order.mapping_text, order.mapping.file.format or "csv"),
        mapping=order.mapping_text,
        as_of=order.as_of,
    )


def _progress() -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        TextColumn("{task.fields[rows]:,} rows"),
        TimeRemainingColumn(),
    )
