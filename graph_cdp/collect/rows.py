"""A row of a file, or a record of another door, made into what the flows take: a message, or a statement. Pure."""

from dataclasses import replace

import orjson

from graph_cdp.collect.cells import read_cell, read_changed_at, read_optional_key, read_trait
from graph_cdp.collect.customers import find_customer
from graph_cdp.collect.entities import KEYS
from graph_cdp.collect.limits import LINES_BYTES_MAX
from graph_cdp.collect.line_groups import RowGroup
from graph_cdp.collect.mapping import LINE, FileMapping
from graph_cdp.collect.row import Row
from graph_cdp.collect.row_facts import read_fact
from graph_cdp.collect.segment import Refused
from graph_cdp.errors import Invalid
from graph_cdp.ids import Millis
from graph_cdp.intake.identifiers import Found
from graph_cdp.intake.limits import EVENT_BYTES_MAX
from graph_cdp.intake.record import RecordState, RowReceipt, hash_parts, record_message
from graph_cdp.intake.times import BadTime, require_plausible
from graph_cdp.source.business_rules.rules import rule_of
from graph_cdp.source.facts.model import Statement, Transaction
from graph_cdp.source.model import Message


def parse_row(
    row: Row | RowGroup, mapping: FileMapping, *, receipt: RowReceipt
) -> Message | Statement | Refused:
    """What a row of a file says, normalised, or why it is refused: a message about a customer, or a statement about nobody.

    Of the entity transaction_line `row` is a group (`line_groups.group_rows`).
    """
    if (mapping.entity == "transaction_line") != isinstance(row, RowGroup):
        raise TypeError("rows of the entity transaction_line, and no others, are grouped by group_rows")
    if mapping.region:  # what is said of a file is said of fewer rows than what is said of its source
        rules = replace(receipt.rules, region=mapping.region)
        receipt = replace(receipt, region=mapping.region, rules=rules)
    payload, bytes_max = write_cells(row)
    if len(payload) > bytes_max:
        return Refused(code="ROW_TOO_LARGE", message=f"The row has more than {bytes_max:,} bytes.")
    try:
        if isinstance(row, Row) and mapping.entity == "record":
            return record_message(_record_state(row, mapping), receipt=receipt, payload=payload.decode())
        return _stated(row, mapping, receipt=receipt, payload=payload.decode())
    except Invalid as error:
        return Refused(code=error.code, message=error.message, rule=rule_of(error))


def _record_state(row: Row, mapping: FileMapping) -> RecordState:
    traits = {name: text for name, value in mapping.traits.items() if (text := read_trait(row, name, value))}
    identifiers = [
        (column.kind, f"{column.collection}:{cell}" if column.collection else cell)
        for column in mapping.identifiers
        if (cell := row.cells[column.column])
    ]
    return RecordState(
        record_id=read_cell(row, mapping.values["record_id"]),
        traits=traits,
        identifiers=identifiers,
        changed_at=read_changed_at(row, mapping),
        org_unit=read_optional_key(row, mapping.values.get("org_unit"), name="org_unit"),
    )


def _stated(
    row: Row | RowGroup, mapping: FileMapping, *, receipt: RowReceipt, payload: str
) -> Message | Statement:
    """The fact of a row, as a message about its customer, or as a statement where it names none."""
    head = row.rows[0] if isinstance(row, RowGroup) else row
    found = Found(region=receipt.region)
    key = None
    if mapping.customer and (
        KEYS[mapping.entity].customer == "must" or read_cell(head, mapping.customer.value)
    ):
        key = find_customer(head, mapping.customer, found=found, source=receipt.source)
    fact = read_fact(row, mapping, found=found, source=receipt.source)
    changed_at, occurred_at = _read_times(head, mapping, receipt)
    is_transaction = isinstance(fact, Transaction)
    body_hash = hash_parts(mapping.entity, key, changed_at, fact)
    message_id = f"{'transaction' if is_transaction else mapping.entity}-{body_hash}"
    if key is None:
        return Statement(
            fact=fact,
            source=receipt.source,
            message_id=message_id,
            occurred_at=occurred_at,
            body_hash=body_hash,
        )
    return Message(
        source=receipt.source,
        message_id=message_id,
        type="transaction" if is_transaction else "fact",
        record_key=key,
        occurred_at=occurred_at,
        received_at=receipt.received_at,
        payload=payload,
        body_hash=body_hash,
        name=fact.kind if isinstance(fact, Transaction) else mapping.entity,
        identifiers=found.sorted_keys(),
        facts=(fact,),
    )


def _read_times(row: Row, mapping: FileMapping, receipt: RowReceipt) -> tuple[Millis | None, Millis]:
    """When the row says that it became so, and when it counts: without any time it is as new as its import."""
    changed_at = read_changed_at(row, mapping)
    if changed_at is None and "timestamp" in KEYS[mapping.entity].required:
        raise BadTime(f"timestamp is blank: a {mapping.entity} happened at some time.")
    occurred_at = receipt.received_at if changed_at is None else changed_at
    return changed_at, require_plausible(occurred_at, received=receipt.received_at)


def write_cells(row: Row | RowGroup) -> tuple[bytes, int]:
    """What is kept of a row as it was, in JSON, and the most bytes that it may have."""
    rows = row.rows if isinstance(row, RowGroup) else (row,)
    cells = [{name: cell for name, cell in one.cells.items() if name != LINE} for one in rows]
    if isinstance(row, RowGroup):
        return orjson.dumps(cells), LINES_BYTES_MAX
    return orjson.dumps(cells[0]), EVENT_BYTES_MAX
