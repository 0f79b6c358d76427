"""`graph-cdp import`: the rows of a file, as its mapping says."""

from dataclasses import replace
from pathlib import Path
from typing import Annotated, cast, get_args

import typer
from rich.console import Console

from graph_cdp.access.service import system_clock
from graph_cdp.collect.entities import KEYS
from graph_cdp.collect.files import find_format
from graph_cdp.collect.guess import guess_mapping
from graph_cdp.collect.importer import Tally
from graph_cdp.collect.left_out import describe_left_out
from graph_cdp.collect.limits import ROWS_BATCH_MAX
from graph_cdp.collect.mapping import FileMapping, Format, parse_mapping, read_as_of
from graph_cdp.commands.import_order import ImportOrder, run_import
from graph_cdp.commands.import_preview import show_preview
from graph_cdp.errors import Invalid
from graph_cdp.flows.declared import read_declared
from graph_cdp.ids import Millis
from graph_cdp.intake.record import RowReceipt, require_source
from graph_cdp.intake.times import require_plausible
from graph_cdp.settings import Settings

SOME_REJECTED = 3
"""The exit code of an import that went through, but not for every row."""


FileArgument = Annotated[
    Path,
    typer.Argument(exists=True, dir_okay=False, readable=True, help="CSV, NDJSON or Parquet; gzip, zstd."),
]
SourceOption = Annotated[str | None, typer.Option(help="The source that the rows are of, for example crm.")]
MappingOption = Annotated[
    Path | None, typer.Option(exists=True, dir_okay=False, readable=True, help="What the columns mean: YAML.")
]
FormatOption = Annotated[
    str | None, typer.Option(help="csv, ndjson or parquet. Default: as the mapping says, or the file's name.")
]
RejectedOption = Annotated[
    Path | None, typer.Option(help="Where rejected rows are listed. Default: FILE.rejected.csv.")
]
DeadLettersOption = Annotated[
    bool,
    typer.Option(
        "--dead-letters",
        help="Keep rejected rows in the graph, too, with what they say: to be listed, mended and replayed.",
    ),
]
RestartOption = Annotated[
    bool, typer.Option("--restart", help="Begin anew, even if an earlier run of this import did not end.")
]
BatchOption = Annotated[
    int,
    typer.Option(
        min=1, max=10_000, help="Rows in one transaction; fewer where the database has little memory."
    ),
]
AsOfOption = Annotated[
    str | None,
    typer.Option(
        help="The moment that the file shows, for example 2026-01-31: rows without a timestamp are as of then. Default: as the "
        "mapping says, or now."
    ),
]
DryRunOption = Annotated[
    bool, typer.Option("--dry-run", help="Show what would be imported, and store nothing. Needs no database.")
]
SampleOption = Annotated[int | None, typer.Option(min=1, help="With --dry-run: look at so many rows only.")]
GuessOption = Annotated[
    bool, typer.Option("--guess", help="Print a mapping to start from, guessed from names and cells.")
]


def import_command(
    file: FileArgument,
    *,
    source: SourceOption = None,
    mapping: MappingOption = None,
    format: FormatOption = None,
    as_of: AsOfOption = None,
    rejected: RejectedOption = None,
    dead_letters: DeadLettersOption = False,
    restart: RestartOption = False,
    batch_rows: BatchOption = ROWS_BATCH_MAX,
    dry_run: DryRunOption = False,
    sample: SampleOption = None,
    guess: GuessOption = False,
) -> None:
    """Import the rows of a file, as its mapping says: customers, purchases, consents, cases, firms, articles, stores.

    Safe to run again: rows that say what they said before are skipped, and an import that was killed goes on where it
    stopped. Exits with 3 if rows were rejected.
    """
    if guess:
        print(guess_of(file, format), end="")
        return
    if source is None or mapping is None:
        raise typer.BadParameter("--source and --mapping are needed; --guess prints a mapping to start from.")
    settings = Settings()
    text = mapping.read_text("utf-8")
    receipt = _receipt(source, settings)
    understood = in_format(parse_mapping(text), file, format)
    stated = None if as_of is None else read_as_of(as_of, understood.timezone)
    order = ImportOrder(
        file=file,
        mapping=in_time(understood, stated, receipt),
        mapping_text=text,
        as_of=stated,
        receipt=receipt,
        rejected=rejected or file.with_name(f"{file.name}.rejected.csv"),
        dead_letters=dead_letters,
        restart=restart,
        batch_rows=batch_rows,
    )
    if dry_run:
        preview = show_preview(file, order.mapping, order.receipt, rows_max=sample)
        raise typer.Exit(SOME_REJECTED if preview.rejections else 0)
    _report(run_import(order, settings), order)


def _receipt(source: str, settings: Settings) -> RowReceipt:
    return RowReceipt(
        source=require_source(source),
        received_at=system_clock(),
        region=settings.default_region,
        rules=read_declared(settings.sources_file).sources.rules(source),
    )


def guess_of(file: Path, wanted: str | None) -> str:
    """The mapping that is guessed of a file."""
    mapping = in_format(FileMapping(entity="record"), file, wanted)
    with file.open("rb") as opened:
        return guess_mapping(opened, mapping, name=file.name)


def in_format(mapping: FileMapping, file: Path, wanted: str | None) -> FileMapping:
    """The mapping with the format of this file: as wanted, or declared, or as the file's name tells.

    Raises:
        Invalid: no such format.
    """
    if wanted not in {None, *get_args(Format)}:
        raise Invalid(f"--format is one of {', '.join(get_args(Format))}.")
    known = cast("Format | None", wanted) or mapping.file.format or find_format(file.name)
    return replace(mapping, file=replace(mapping.file, format=known))


def in_time(mapping: FileMapping, stated: Millis | None, receipt: RowReceipt) -> FileMapping:
    """The mapping with the moment that this file shows: as stated, or as the mapping says.

    Raises:
        Invalid: the rows happened at times of their own, or the moment cannot be true.
    """
    if stated is not None and "timestamp" in KEYS[mapping.entity].required:
        raise Invalid(f"--as-of is not for the entity {mapping.entity}: each happened at a time of its own.")
    as_of = mapping.as_of if stated is None else stated
    if as_of is not None:
        require_plausible(as_of, received=receipt.received_at)
    return replace(mapping, as_of=as_of)


def _report(tally: Tally, order: ImportOrder) -> None:
    console = Console()
    console.print(
        f"{tally.rows:,} rows: {tally.accepted:,} accepted, {tally.duplicates:,} known already, "
        f"{tally.rejections:,} rejected."
    )
    if tally.left_out:
        told = describe_left_out(tally.left_out, region=order.mapping.region or order.receipt.region)
        console.print(f"[yellow]{told}[/yellow]", soft_wrap=True)
    if tally.rejections:
        reasons = ", ".join(f"{code} {count:,}" for code, count in sorted(tally.rejected.items()))
        console.print(f"Rejected: {reasons}. Each is listed in {order.rejected}.", soft_wrap=True)
        if order.dead_letters:
            console.print("To see, mend and replay them: graph-cdp dead-letters list")
        raise typer.Exit(SOME_REJECTED)
