"""A row of a file, as it was read and before it is understood."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row: its cells by column, trimmed, and the number of the line on which it ends.

    In Parquet, which has no lines, the number of the row, from 1.
    """

    line: int
    cells: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class UnreadRow:
    """A row that could not be read, and why; `said` is what was read of it, in types of JSON and of Parquet."""

    line: int
    code: str
    message: str
    said: object = field(default=None, compare=False, repr=False)
