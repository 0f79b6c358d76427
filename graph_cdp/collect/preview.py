"""What an import would do, without a database: the first rows as they would be understood, and how many it would reject."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice
from typing import BinaryIO

from graph_cdp.collect.files import read_rows
from graph_cdp.collect.importer import Rejection
from graph_cdp.collect.left_out import find_left_out
from graph_cdp.collect.line_groups import group_rows
from graph_cdp.collect.mapping import FileMapping
from graph_cdp.collect.row import UnreadRow
from graph_cdp.collect.rows import parse_row
from graph_cdp.intake.record import RowReceipt
from graph_cdp.source.facts.model import Statement
from graph_cdp.source.model import Message

ROWS_SHOWN = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """The first rows by line, all rows counted, rejections by code, and what is left out of the others. `first` holds personal data: show
    it, store it not.
    """

    first: Mapping[int, Message | Statement | Rejection]
    rows: int
    rejected: Mapping[str, int]
    left_out: Mapping[str, int]

    @property
    def rejections(self) -> int:
        """All rows that would be rejected."""
        return sum(self.rejected.values())


def preview_file(
    file: BinaryIO, mapping: FileMapping, receipt: RowReceipt, *, rows_max: int | None = None
) -> Preview:
    """Read, map and judge the rows of `file`, all of them or the first `rows_max`. Memory holds the rows that are shown.

    Whether a row was imported before, or contradicts another, only the database knows.

    Raises:
        BadMapping: the mapping does not fit the file.
        BadFile: the file is not of the form that was declared.
    """
    first: dict[int, Message | Statement | Rejection] = {}
    rejected: Counter[str] = Counter()
    left_out: Counter[str] = Counter()
    count = 0
    for row in islice(group_rows(read_rows(file, mapping), mapping), rows_max):
        count += 1
        parsed = row if isinstance(row, UnreadRow) else parse_row(row, mapping, receipt=receipt)
        if not isinstance(parsed, Message | Statement):
            rejected[parsed.code] += 1
            parsed = Rejection(line=row.line, code=parsed.code, message=parsed.message)
        elif not isinstance(row, UnreadRow):
            left_out.update(find_left_out(row, mapping, parsed))
        if len(first) < ROWS_SHOWN:
            first[row.line] = parsed
    return Preview(first=first, rows=count, rejected=rejected, left_out=left_out)
