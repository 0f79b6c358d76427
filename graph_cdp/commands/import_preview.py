"""`graph-cdp import --dry-run`: what an import would do, on the user's own terminal and nowhere else."""

from collections.abc import Iterator, Sequence
from dataclasses import fields
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from graph_cdp.collect.importer import Rejection
from graph_cdp.collect.left_out import describe_left_out
from graph_cdp.collect.mapping import FileMapping
from graph_cdp.collect.preview import Preview, preview_file
from graph_cdp.intake.record import RowReceipt
from graph_cdp.source.facts.model import Fact, Statement
from graph_cdp.source.model import Message


def show_preview(file: Path, mapping: FileMapping, receipt: RowReceipt, *, rows_max: int | None) -> Preview:
    """Show the first rows as they would be understood, and what would be rejected."""
    with file.open("rb") as opened:
        preview = preview_file(opened, mapping, receipt, rows_max=rows_max)
    console = Console()
    console.print(_table(preview))
    accepted = preview.rows - preview.rejections
    console.print(
        f"Dry run, nothing was stored. {preview.rows:,} rows: {accepted:,} would be accepted, or are known already; "
        f"{preview.rejections:,} would be rejected.",
        soft_wrap=True,
    )
    if preview.rejected:
        codes = ", ".join(f"{code} {count:,}" for code, count in sorted(preview.rejected.items()))
        console.print(f"Rejected: {codes}.", soft_wrap=True)
    if preview.left_out:
        told = describe_left_out(preview.left_out, region=mapping.region or receipt.region)
        console.print(f"[yellow]{told}[/yellow]", soft_wrap=True)
    return preview


def _table(preview: Preview) -> Table:
    table = Table("line", "becomes", "says", "identifiers", show_lines=True)
    for line, row in preview.first.items():
        if isinstance(row, Rejection):
            table.add_row(str(line), f"[red]{row.code}[/red]", escape(row.message), "")
        else:
            held = [f"{kind} {value}" for kind, value in row.identifiers] if isinstance(row, Message) else []
            says = "\n".join(_says(row))
            table.add_row(str(line), escape(_becomes(row)), escape(says), escape("\n".join(held)))
    return table


def _becomes(row: Message | Statement) -> str:
    """The key of what the row is about: its fact, else its record."""
    for fact in _facts(row):
        for name in ("key", "sku", "code"):
            if hasattr(fact, name):
                return f"{type(fact).__name__.lower()} {getattr(fact, name)}"
    return row.record_key or ""


def _says(row: Message | Statement) -> Iterator[str]:
    """Traits as they would be stored, and what the facts say, a line each."""
    if isinstance(row, Message):
        yield from (f"{name}: {value}" for name, value in row.traits.items())
        yield from (f"flagged: {flag}" for flag in row.flags)
    for fact in _facts(row):
        for one in fields(fact):
            value = getattr(fact, one.name)
            if value not in (None, (), one.default):
                yield f"{one.name}: {value}"


def _facts(row: Message | Statement) -> Sequence[Fact]:
    return row.facts if isinstance(row, Message) else (row.fact,)
