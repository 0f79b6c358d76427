"""Importing a file: rows become messages, in batches, through the same ingest flow as every other door.

Safe to run again, in whole or after a failure: a row that says what it said before is a duplicate, and quick.
"""

import csv
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import BinaryIO, Self

from graph_cdp.collect.files import read_rows
from graph_cdp.collect.isolation import Ingest, ingest_apart
from graph_cdp.collect.limits import ROWS_BATCH_MAX
from graph_cdp.collect.mapping import FileMapping
from graph_cdp.collect.row import Row, UnreadRow
from graph_cdp.collect.rows import RowReceipt, parse_row
from graph_cdp.flows.outcome import Outcome
from graph_cdp.source.model import Message


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejection:
    """A row that was not accepted: where it is, and why. No cell of it: this is written beside the file."""

    line: int
    code: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """How far an import is: rows by what became of them, rejections by code, and the bytes of the file that were read."""

    accepted: int = 0
    duplicates: int = 0
    rejected: Mapping[str, int] = field(default_factory=dict[str, int])
    bytes_read: int = 0

    @property
    def rejections(self) -> int:
        """All rejected rows so far."""
        return sum(self.rejected.values())

    @property
    def rows(self) -> int:
        """All rows so far."""
        return self.accepted + self.duplicates + self.rejections

    def plus(self, outcomes: Sequence[Outcome], rejections: Sequence[Rejection], *, bytes_read: int) -> Self:
        """The tally after one more batch."""
        statuses = Counter(outcome.status for outcome in outcomes)
        return replace(
            self,
            accepted=self.accepted + statuses["accepted"],
            duplicates=self.duplicates + statuses["duplicate"],
            rejected=Counter(self.rejected) + Counter(rejection.code for rejection in rejections),
            bytes_read=bytes_read,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Import:
    """What an import needs beside its file: what the columns mean, whose they are, and where messages go."""

    mapping: FileMapping
    receipt: RowReceipt
    ingest: Ingest


async def import_file(
    file: BinaryIO,
    job: Import,
    *,
    reject: Callable[[Sequence[Rejection]], None],
    progress: Callable[[Tally], None] = lambda _: None,
) -> Tally:
    """Import all rows of `file`; `reject` is told of rows that are not accepted, `progress` after each batch.

    Memory holds one batch, however large the file.

    Raises:
        BadMapping: the mapping does not fit the file; nothing was imported.
        Unavailable: the database does not answer. What was imported until then stays; import again.
    """
    tally = Tally()
    rows = read_rows(file, job.mapping)
    while batch := list(islice(rows, ROWS_BATCH_MAX)):
        bytes_read = file.tell()
        outcomes, rejections = await _import_batch(batch, job)
        if rejections:
            reject(rejections)
        tally = tally.plus(outcomes, rejections, bytes_read=bytes_read)
        progress(tally)
    return tally


async def _import_batch(
    batch: Sequence[Row | UnreadRow], job: Import
) -> tuple[list[Outcome], list[Rejection]]:
    """What became of the rows that are messages, and all rejections in the order of the file."""
    rejections: list[Rejection] = []
    lines: list[int] = []
    messages: list[Message] = []
    for row in batch:
        parsed = parse_row(row, job.mapping, receipt=job.receipt) if isinstance(row, Row) else row
        if isinstance(parsed, Message):
            lines.append(row.line)
            messages.append(parsed)
        else:
            rejections.append(Rejection(line=row.line, code=parsed.code, message=parsed.message))
    outcomes = await ingest_apart(job.ingest, messages) if messages else []
    rejections += [
        Rejection(line=line, code=outcome.code or "REFUSED", message=outcome.message or "")
        for line, outcome in zip(lines, outcomes, strict=True)
        if outcome.status == "refused"
    ]
    return outcomes, sorted(rejections, key=lambda rejection: rejection.line)


class RejectedFile:
    """The file that lists rejected rows, made at the first of them; one of an earlier import is removed."""

    def __init__(self, path: Path) -> None:
        self.path = path
        path.unlink(missing_ok=True)

    def add(self, rejections: Sequence[Rejection]) -> None:
        """Add rows to the file."""
        is_new = not self.path.exists()
        with self.path.open("a", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            if is_new:
                writer.writerow(["line", "code", "reason"])
            writer.writerows([one.line, one.code, one.message] for one in rejections)
