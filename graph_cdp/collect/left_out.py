"""What of an accepted row is left out: cells that say something, but nothing that a trait or an identifier could be. Pure."""

from collections.abc import Iterator, Mapping

from graph_cdp.collect.cells import read_cell
from graph_cdp.collect.line_groups import RowGroup
from graph_cdp.collect.mapping import FileMapping
from graph_cdp.collect.row import Row
from graph_cdp.matching.text import one_line
from graph_cdp.matching.traits import is_said
from graph_cdp.source.facts.model import Statement
from graph_cdp.source.model import Message


def find_left_out(row: Row | RowGroup, mapping: FileMapping, message: Message | Statement) -> Iterator[str]:
    """The traits and kinds of identifiers that the row's cells say, and its message does not."""
    if mapping.entity != "record" or isinstance(row, RowGroup) or isinstance(message, Statement):
        return
    for name, value in mapping.traits.items():
        if name not in message.traits and is_said(name, one_line(read_cell(row, value))):
            yield name
    held = {kind for kind, _ in message.identifiers}
    for column in mapping.identifiers:
        if column.kind not in held and is_said(column.kind, one_line(row.cells[column.column])):
            yield column.kind


def describe_left_out(left_out: Mapping[str, int], *, region: str) -> str:
    """One line for a human, without a cell."""
    counts = ", ".join(f"{name} {count:,}" for name, count in sorted(left_out.items()))
    phones = any(name.startswith("phone") for name in left_out)
    hint = (
        f" Phones without a country code are dialled in {region}: `region` in the mapping." if phones else ""
    )
    return f"Left out of accepted rows, for their cells are no such thing: {counts}.{hint}"
