"""Rows that are lines of transactions: those of one transaction, which stand together, become one group."""

from collections import OrderedDict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from graph_cdp.collect.cells import BadCell, read_cell
from graph_cdp.collect.limits import LINES_MAX, TRANSACTIONS_REMEMBERED_MAX
from graph_cdp.collect.mapping import FileMapping
from graph_cdp.collect.row import Row, UnreadRow


@dataclass(frozen=True, slots=True, kw_only=True)
class RowGroup:
    """The rows of one transaction, at least one, in the order of the file."""

    rows: tuple[Row, ...]

    @property
    def line(self) -> int:
        """The line on which the last of them ends: whoever has read so far has all of them."""
        return self.rows[-1].line


def group_rows(rows: Iterable[Row | UnreadRow], mapping: FileMapping) -> Iterator[Row | RowGroup | UnreadRow]:
    """The rows as they are; of the entity transaction_line those of one transaction as one group.

    Memory holds one group. Rows of one transaction that do not stand together cannot be one without holding the file, and
    must not overwrite each other: the later ones are refused. That is noticed over `TRANSACTIONS_REMEMBERED_MAX`
    transactions.
    """
    return _Groups(mapping).of(rows) if mapping.entity == "transaction_line" else iter(rows)


class _Groups:
    """One pass over the rows of a file: the transaction that is being read, and those that were read."""

    def __init__(self, mapping: FileMapping) -> None:
        self._number = mapping.values["transaction_id"]
        self._current: str | None = None
        self._rows: list[Row] = []
        self._count = 0
        self._read: OrderedDict[int, None] = OrderedDict()

    def of(self, rows: Iterable[Row | UnreadRow]) -> Iterator[Row | RowGroup | UnreadRow]:
        for row in rows:
            if isinstance(row, UnreadRow):
                yield row
                continue
            try:
                number = read_cell(row, self._number)
            except BadCell as error:
                yield UnreadRow(line=row.line, code=error.code, message=error.message, said=row.cells)
                continue
            if not number or number != self._current:
                yield from self._end()
            self._add(number, row)
        yield from self._end()

    def _add(self, number: str, row: Row) -> None:
        self._current = number
        self._count += 1
        if self._count > LINES_MAX:
            self._rows = self._rows[:1]  # refused at its end, whatever else it holds
        self._rows.append(row)

    def _end(self) -> Iterator[RowGroup | UnreadRow]:
        if self._rows:
            yield self._judge(RowGroup(rows=tuple(self._rows)))
        self._current, self._rows, self._count = None, [], 0

    def _judge(self, group: RowGroup) -> RowGroup | UnreadRow:
        if self._count > LINES_MAX:
            return UnreadRow(
                line=group.line,
                code="TOO_MANY_LINES",
                message=f"The transaction has {self._count:,} lines; the most is {LINES_MAX:,}.",
                said=[row.cells for row in group.rows],
            )
        if self._current and self._was_read(hash(self._current)):
            return UnreadRow(
                line=group.line,
                code="LINES_APART",
                message="Other lines of this transaction stand further up, and only those were taken. Sort the file by "
                "transaction_id, and import it again.",
                said=[row.cells for row in group.rows],
            )
        return group

    def _was_read(self, number: int) -> bool:
        if number in self._read:
            return True
        self._read[number] = None
        if len(self._read) > TRANSACTIONS_REMEMBERED_MAX:
            self._read.popitem(last=False)
        return False
