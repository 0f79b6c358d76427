"""Refused rows of files, kept as dead letters beside those of every other door, and such letters read as rows again. Pure.

A letter holds the cells of its row by column, and names its import, whose mapping says what they mean.
"""

import hashlib
import json
from dataclasses import dataclass
from typing import cast

from graph_cdp.collect.dead_letters import PAYLOAD_CHARACTERS_MAX
from graph_cdp.collect.line_groups import RowGroup
from graph_cdp.collect.mapping import FileMapping
from graph_cdp.collect.members import tree_row
from graph_cdp.collect.row import Row, UnreadRow
from graph_cdp.collect.rows import parse_row, write_cells
from graph_cdp.collect.segment import Refused
from graph_cdp.dead_letters.model import DeadLetter
from graph_cdp.intake.json_body import JsonValue, find_fault
from graph_cdp.intake.record import RowReceipt
from graph_cdp.source.facts.model import Statement
from graph_cdp.source.model import Message


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedRow:
    """A row that was not accepted, and why."""

    row: Row | RowGroup | UnreadRow
    refused: Refused


def make_row_letter(one: RefusedRow, *, receipt: RowReceipt, import_id: str) -> DeadLetter:
    """The dead letter of a refused row; the same row, refused for the same reason, is the same letter.

    What could not be read as a row is kept as far as it was read: it can be mended, but not replayed as it is.
    """
    payload = _write_unread(one.row) if isinstance(one.row, UnreadRow) else write_cells(one.row)[0].decode()
    identity = f"{receipt.source}\n{one.refused.code}\n{payload}"
    return DeadLetter(
        id=hashlib.sha256(identity.encode()).hexdigest(),
        source=receipt.source,
        message_id=None,
        code=one.refused.code,
        message=one.refused.message,
        rule=one.refused.rule,
        payload=payload[:PAYLOAD_CHARACTERS_MAX],
        received_at=receipt.received_at,
        door="file",
        place=one.row.line,
        is_whole=len(payload) <= PAYLOAD_CHARACTERS_MAX and not isinstance(one.row, UnreadRow),
        import_id=import_id,
    )


def parse_row_letter(
    body: JsonValue, mapping: FileMapping, *, receipt: RowReceipt, line: int
) -> Message | Statement | Refused:
    """What the row of a letter says, or a mended one: its cells by column; of the lines of a transaction a list of them."""
    if fault := find_fault(body):
        return Refused(code=fault.code, message=fault.message)
    of_lines = mapping.entity == "transaction_line"
    parts = body if isinstance(body, list) and of_lines else [body]
    rows: list[Row] = []
    for part in parts:
        if not isinstance(part, dict):
            return Refused(code="INVALID_ROW", message="A row is one object: its cells by column.")
        row = tree_row(cast("dict[str, object]", part), mapping, line=line)
        if isinstance(row, UnreadRow):
            return Refused(code=row.code, message=row.message)
        rows.append(row)
    if not rows:
        return Refused(code="INVALID_ROW", message="There is no row in it.")
    return parse_row(RowGroup(rows=tuple(rows)) if of_lines else rows[0], mapping, receipt=receipt)


def _write_unread(row: UnreadRow) -> str:
    """JSON in ASCII of what was read; what JSON has no form for (a time of Parquet, a `Fault`) as text."""
    try:
        return json.dumps(row.said, separators=(",", ":"), default=str)
    except (RecursionError, ValueError):
        return "null"
