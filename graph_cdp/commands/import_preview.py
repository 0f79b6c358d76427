"""`graph-cdp import --dry-run`: what an import would do, on the user's own terminal and nowhere else."""

from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from graph_cdp.collect.importer import Rejection
from graph_cdp.collect.mapping import FileMapping
from graph_cdp.collect.preview import Preview, preview_file
from graph_cdp.collect.rows import RowReceipt
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
    return preview


def _table(preview: Preview) -> Table:
    table = Table("line", "becomes", "says", "identifiers", show_lines=True)
    for line, row in preview.first.items():
        if isinstance(row, Rejection):
            table.add_row(str(line), f"[red]{row.code}[/red]", escape(row.message), "")
        else:
            held = "\n".join(f"{key.kind} {key.value}" for key in row.identifiers)
            table.add_row(str(line), escape(_becomes(row)), escape(_says(row)), escape(held))
    return table


def _becomes(message: Message) -> str:
    return message.record_key if message.transaction is None else message.transaction.key


def _says(message: Message) -> str:
    """Traits as they would be stored, or the facts of a purchase."""
    says = {**message.traits}
    if bought := message.transaction:
        facts = {
            "kind": bought.kind,
            "amount": bought.amount,
            "currency": bought.currency,
            "quantity": bought.quantity,
        }
        says |= {name: str(fact) for name, fact in facts.items() if fact is not None}
    lines = [f"{name}: {value}" for name, value in says.items()]
    return "\n".join([*lines, *(f"flagged: {flag}" for flag in message.flags)])
