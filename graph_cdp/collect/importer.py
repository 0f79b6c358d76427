"""Importing a file: rows become messages, in batches, through the same ingest flow as every other door.

Safe to run again, in whole or after a failure: a row that says what it said before is a duplicate, and quick.
"""

import asyncio
import csv
from collections import Counter, deque
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import islice
from pathlib import Path
from typing import BinaryIO, Literal, Self

from graph_cdp.collect.file_letters import RefusedRow
from graph_cdp.collect.files import read_rows
from graph_cdp.collect.isolation import Ingest, ingest_apart
from graph_cdp.collect.left_out import find_left_out
from graph_cdp.collect.limits import ROWS_BATCH_MAX
from graph_cdp.collect.line_groups import RowGroup, group_rows
from graph_cdp.collect.lines import BEGINNING, Place
from graph_cdp.collect.mapping import FileMapping
from graph_cdp.collect.row import Row, UnreadRow
from graph_cdp.collect.rows import parse_row
from graph_cdp.collect.segment import Refused
from graph_cdp.flows.outcome import Outcome
from graph_cdp.flows.state_facts import IngestRows, state_nowhere
from graph_cdp.intake.record import RowReceipt
from graph_cdp.source.facts.model import Statement
from graph_cdp.source.model import Message

HEADER = ("line", "code", "reason")

STORED_AT_ONCE = 2
"""Batches that are being stored: one is prepared while the database works for the other."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejection:
    """A row that was not accepted: where it is, and why. No cell of it: this is written beside the file."""

    line: int
    code: str
    message: str

    @classmethod
    def of(cls, one: RefusedRow) -> Self:
        """What may be listed of a refused row."""
        return cls(line=one.row.line, code=one.refused.code, message=one.refused.message)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """How far an import is: rows by what became of them, rejections by code, what this run left out of accepted rows, the bytes of the
    file that were read, and where its next row begins.
    """

    accepted: int = 0
    duplicates: int = 0
    rejected: Mapping[str, int] = field(default_factory=dict[str, int])
    left_out: Mapping[str, int] = field(default_factory=dict[str, int])
    bytes_read: int = 0
    place: Place = BEGINNING

    @property
    def rejections(self) -> int:
        """All rejected rows so far."""
        return sum(self.rejected.values())

    @property
    def rows(self) -> int:
        """All rows so far."""
        return self.accepted + self.duplicates + self.rejections

    def plus(self, batch: "_Batch", outcomes: Sequence[Outcome], rejections: Sequence[Rejection]) -> Self:
        """The tally after one more batch."""
        statuses = Counter(outcome.status for outcome in outcomes)
        return replace(
            self,
            accepted=self.accepted + statuses["accepted"],
            duplicates=self.duplicates + statuses["duplicate"],
            rejected=Counter(self.rejected) + Counter(rejection.code for rejection in rejections),
            left_out=Counter(self.left_out) + Counter(batch.left_out),
            bytes_read=batch.bytes_read,
            place=batch.place,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Import:
    """What an import needs beside its file: what the columns mean, whose they are, and where messages go; and, for files
    of products, stores and firms, where statements about nobody go.

    `start` is how far an earlier run of the same import came. `save` keeps how far this one is: after each batch
    that is stored, and at the end. `bury` keeps the refused rows of a batch, before it counts as done.
    """

    mapping: FileMapping
    receipt: RowReceipt
    ingest: Ingest
    state: Callable[[Sequence[Statement]], Awaitable[list[Outcome]]] = state_nowhere
    batch_rows: int = ROWS_BATCH_MAX
    start: Tally = field(default_factory=Tally)
    save: Callable[[Tally, Literal["pending", "done"]], Awaitable[None]] | None = None
    bury: Callable[[Sequence[RefusedRow]], Awaitable[None]] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Batch:
    """Rows that were read: the messages that they are, those refused, what of the others was left out, and where the file goes on."""

    messages: Sequence[Message | Statement]
    rows: Sequence[Row | RowGroup]
    refused: Sequence[RefusedRow]
    left_out: Mapping[str, int]
    bytes_read: int
    place: Place


async def import_file(
    file: BinaryIO,
    job: Import,
    *,
    reject: Callable[[Sequence[Rejection]], None],
    progress: Callable[[Tally], None] = lambda _: None,
) -> Tally:
    """Import all rows of `file`; `reject` is told of rows that are not accepted, `progress` after each batch.

    While the database stores a batch, another is prepared and a thread reads the next. Memory holds these three,
    however large the file.

    Raises:
        BadMapping: the mapping does not fit the file; nothing was imported.
        BadFile: the file is not of the form that was declared; nothing was imported.
        Unavailable: the database does not answer. What was imported until then stays; import again.
    """
    tally = job.start
    read = partial(_read_batch, *_rows_from(file, job), file, job)
    async with aclosing(_store_in_order(read, job)) as stored:
        async for batch, outcomes, rejections in stored:
            if rejections:
                reject(rejections)
            tally = tally.plus(batch, outcomes, rejections)
            if job.save:
                await job.save(tally, "pending")
            progress(tally)
    if job.save:
        await job.save(tally, "done")
    return tally


def _rows_from(
    file: BinaryIO, job: Import
) -> tuple[Iterator[Row | RowGroup | UnreadRow], Callable[[], Place]]:
    """The rows that are still to be imported, and what tells where the next one begins.

    Where rows are lines of transactions those of an earlier run are read again, and passed over: where a transaction ends
    is seen by the row behind it, and lines that stand apart by all that stand before. Reading takes a hundredth of storing.
    """
    if job.mapping.entity != "transaction_line":
        rows = read_rows(file, job.mapping, job.start.place)
        return group_rows(rows, job.mapping), rows.place
    rows = read_rows(file, job.mapping)
    return islice(group_rows(rows, job.mapping), job.start.rows, None), rows.place


async def _store_in_order(
    read: Callable[[], _Batch | None], job: Import
) -> AsyncGenerator[tuple[_Batch, list[Outcome], list[Rejection]]]:
    """Each batch of the file once it is stored, in the order of the file, with what became of its rows."""
    storing: deque[tuple[_Batch, asyncio.Task[tuple[list[Outcome], list[Rejection]]]]] = deque()
    reading = asyncio.create_task(asyncio.to_thread(read))
    try:
        while (batch := await reading) or storing:
            if batch:
                reading = asyncio.create_task(asyncio.to_thread(read))
                storing.append((batch, asyncio.create_task(_store(batch, job))))
            if not batch or len(storing) == STORED_AT_ONCE:
                first, task = storing.popleft()
                outcomes, rejections = await task
                yield first, outcomes, rejections
    finally:  # the thread reads a file that the caller is about to close
        await asyncio.gather(reading, *(task for _, task in storing), return_exceptions=True)


def _read_batch(
    rows: Iterator[Row | RowGroup | UnreadRow], place: Callable[[], Place], file: BinaryIO, job: Import
) -> _Batch | None:
    """The next rows of the file, understood; None at its end."""
    refused: list[RefusedRow] = []
    taken: list[Row | RowGroup] = []
    messages: list[Message | Statement] = []
    left_out: Counter[str] = Counter()
    for row in islice(rows, job.batch_rows):
        if isinstance(row, UnreadRow):
            refused.append(RefusedRow(row=row, refused=Refused(code=row.code, message=row.message)))
            continue
        parsed = parse_row(row, job.mapping, receipt=job.receipt)
        if isinstance(parsed, Refused):
            refused.append(RefusedRow(row=row, refused=parsed))
        else:
            taken.append(row)
            messages.append(parsed)
            left_out.update(find_left_out(row, job.mapping, parsed))
    if not messages and not refused:
        return None
    return _Batch(
        messages=messages,
        rows=taken,
        refused=refused,
        left_out=left_out,
        bytes_read=file.tell(),
        place=place(),
    )


async def _store(batch: _Batch, job: Import) -> tuple[list[Outcome], list[Rejection]]:
    """What became of the rows that are messages, and all rejections in the order of the file; these are kept, too."""
    outcomes = (
        await ingest_apart(IngestRows(messages=job.ingest, statements=job.state), batch.messages)
        if batch.messages
        else []
    )
    refused = [
        RefusedRow(row=row, refused=_why(outcome))
        for row, outcome in zip(batch.rows, outcomes, strict=True)
        if outcome.status == "refused"
    ]
    all_refused = sorted([*batch.refused, *refused], key=lambda one: one.row.line)
    if job.bury and all_refused:
        await job.bury(all_refused)
    return outcomes, [Rejection.of(one) for one in all_refused]


def _why(outcome: Outcome) -> Refused:
    return Refused(code=outcome.code or "REFUSED", message=outcome.message or "", rule=outcome.rule)


class RejectedFile:
    """The file that lists rejected rows, made at the first of them.

    Of the one of an earlier run that this one goes on with, the rows up to its last line are kept; any other is removed.
    """

    def __init__(self, path: Path, *, line: int = 0) -> None:
        self.path = path
        kept = self._up_to(line) if line and path.exists() else []
        path.unlink(missing_ok=True)
        if kept:
            self.add(kept)

    def add(self, rejections: Sequence[Rejection]) -> None:
        """Add rows to the file."""
        is_new = not self.path.exists()
        with self.path.open("a", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            if is_new:
                writer.writerow(HEADER)
            writer.writerows([one.line, one.code, one.message] for one in rejections)

    def _up_to(self, line: int) -> list[Rejection]:
        with self.path.open(encoding="utf-8", newline="") as file:
            return [
                Rejection(line=int(row[0]), code=row[1], message=row[2])
                for row in csv.reader(file)
                if len(row) == len(HEADER) and row[0].isdigit() and int(row[0]) <= line
            ]
