"""Rows of Parquet, a few at a time; pyarrow reads them, which is an extra because of its size."""

from collections.abc import Iterator, Mapping, Sequence
from importlib import import_module
from typing import Any, BinaryIO, TypeAlias

from graph_cdp.collect.compression import BadFile
from graph_cdp.collect.lines import Place
from graph_cdp.collect.mapping import BadMapping, FileMapping
from graph_cdp.collect.members import tree_row
from graph_cdp.collect.row import Row, UnreadRow
from graph_cdp.errors import Misconfigured

Arrow: TypeAlias = Any
"""What is pyarrow's: it declares no types."""

ROWS_AT_ONCE = 1_000
"""Rows that are unpacked at a time. A row group is read through a buffer, never as a whole."""

BUFFER_BYTES = 1 << 20


class ParquetRows:
    """Iterates over the rows of a file from `start`, and knows the number of the last one."""

    def __init__(self, file: BinaryIO, mapping: FileMapping, start: Place) -> None:
        self.number = start.line
        self._file = file
        self._mapping = mapping

    def place(self) -> Place:
        """Where the next row is."""
        return Place(line=self.number, offset=self.number)

    def __iter__(self) -> Iterator[Row | UnreadRow]:
        """The rows.

        Raises:
            Misconfigured: pyarrow is not installed.
            BadFile: this is no Parquet.
            BadMapping: the mapping names a column that the file lacks.
        """
        arrow: Arrow = _import_pyarrow("pyarrow")
        reader: Arrow = _import_pyarrow("pyarrow.parquet")
        self._file.seek(0)
        try:
            parquet = reader.ParquetFile(self._file, pre_buffer=False, buffer_size=BUFFER_BYTES)
        except (arrow.ArrowException, OSError):
            raise BadFile("The file is no Parquet, or cut off: its footer cannot be read.") from None
        self._require_columns(parquet.schema_arrow)
        begin = 0
        for group in range(parquet.num_row_groups):
            end = begin + parquet.metadata.row_group(group).num_rows
            if end > self.number:
                yield from self._group(arrow, parquet, group, (begin, end))
            begin = end

    def _group(
        self, arrow: Arrow, parquet: Arrow, group: int, bounds: tuple[int, int]
    ) -> Iterator[Row | UnreadRow]:
        passed, end = bounds
        try:
            for batch in parquet.iter_batches(batch_size=ROWS_AT_ONCE, row_groups=[group]):
                known = min(max(self.number - passed, 0), batch.num_rows)
                passed += batch.num_rows
                for tree in _trees(arrow, batch.slice(known)):
                    self.number += 1
                    yield tree_row(tree, self._mapping, line=self.number)
        except (arrow.ArrowException, OSError, ValueError, OverflowError):
            first, self.number = self.number + 1, end
            message = f"The rows {first} to {end} cannot be read: their part of the file is damaged."
            yield UnreadRow(line=end, code="DAMAGED_FILE", message=message)

    def _require_columns(self, schema: Arrow) -> None:
        names: set[str] = set()
        for field in schema:
            names |= _names(field, "")
        missing = sorted(self._mapping.columns - names)
        if missing:
            raise BadMapping(f"The file has no column {missing[0]}; it has {', '.join(sorted(names))}.")


def _trees(arrow: Arrow, batch: Arrow) -> Sequence[Mapping[str, object]]:
    """Rows of Python values. Nanoseconds, which Python's times lack, are cut to microseconds."""
    columns = [
        column.cast(arrow.timestamp("us", tz=column.type.tz), safe=False)
        if arrow.types.is_timestamp(column.type) and column.type.unit == "ns"
        else column
        for column in batch.columns
    ]
    return arrow.RecordBatch.from_arrays(columns, names=batch.schema.names).to_pylist()


def _names(field: Arrow, before: str) -> set[str]:
    """The names of a field's cells, of those inside it as `field.member`."""
    name = f"{before}{field.name}"
    if not hasattr(field.type, "fields"):
        return {name}
    names = {name}
    for member in field.type.fields:
        names |= _names(member, f"{name}.")
    return names


def _import_pyarrow(name: str) -> Arrow:
    try:
        return import_module(name)
    except ImportError:
        raise Misconfigured("Parquet needs pyarrow: pip install 'graph-cdp[parquet]'.") from None
