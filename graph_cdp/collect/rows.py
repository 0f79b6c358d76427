"""One row of a file, made into the message that the ingest flow takes. Pure."""

from dataclasses import replace

import orjson

from graph_cdp.collect.cells import (
    read_amount,
    read_currency,
    read_kind,
    read_quantity,
    read_required,
    read_time,
    read_trait,
)
from graph_cdp.collect.files import Row
from graph_cdp.collect.mapping import LINE, FileMapping
from graph_cdp.collect.segment import Refused
from graph_cdp.errors import Invalid
from graph_cdp.intake.identifiers import Found
from graph_cdp.intake.limits import EVENT_BYTES_MAX
from graph_cdp.intake.record import RecordState, RowReceipt, add_customer, hash_parts, record_message
from graph_cdp.intake.times import BadTime, require_plausible
from graph_cdp.source.facts.model import Transaction, number_key
from graph_cdp.source.model import Message


def parse_row(row: Row, mapping: FileMapping, *, receipt: RowReceipt) -> Message | Refused:
    """The message that a row of a file says, normalised, or why it is refused."""
    if mapping.region:  # what is said of a file is said of fewer rows than what is said of its source
        rules = replace(receipt.rules, region=mapping.region)
        receipt = replace(receipt, region=mapping.region, rules=rules)
    payload = orjson.dumps({name: cell for name, cell in row.cells.items() if name != LINE})
    if len(payload) > EVENT_BYTES_MAX:
        return Refused(code="ROW_TOO_LARGE", message=f"The row has more than {EVENT_BYTES_MAX:,} bytes.")
    try:
        if mapping.entity == "transaction":
            return _transaction(row, mapping, receipt, payload.decode())
        return record_message(_record_state(row, mapping), receipt=receipt, payload=payload.decode())
    except Invalid as error:
        return Refused(code=error.code, message=error.message)


def _record_state(row: Row, mapping: FileMapping) -> RecordState:
    traits = {name: text for name, value in mapping.traits.items() if (text := read_trait(row, name, value))}
    identifiers = [
        (column.kind, f"{column.collection}:{cell}" if column.collection else cell)
        for column in mapping.identifiers
        if (cell := row.cells[column.column])
    ]
    return RecordState(
        record_id=read_required(row, mapping.record_id, name="record_id"),
        traits=traits,
        identifiers=identifiers,
        changed_at=read_time(row, mapping) if mapping.timestamp else None,
    )


def _transaction(row: Row, mapping: FileMapping, receipt: RowReceipt, payload: str) -> Message:
    number = read_required(row, mapping.transaction_id, name="transaction_id")
    found = Found(region=receipt.region)
    customer = read_required(row, mapping.customer_id, name="customer_id")
    key = add_customer(found, customer, receipt.source, what="customer_id")
    occurred_at = read_time(row, mapping)
    if occurred_at is None:
        raise BadTime("timestamp is blank: a transaction happened at some time.")
    kind, amount = read_kind(row, mapping), read_amount(row, mapping)
    currency, quantity = read_currency(row, mapping), read_quantity(row, mapping)
    body_hash = hash_parts(number, customer, occurred_at, kind, amount, currency, quantity)
    return Message(
        source=receipt.source,
        message_id=f"transaction-{body_hash}",
        type="transaction",
        record_key=key,
        occurred_at=require_plausible(occurred_at, received=receipt.received_at),
        received_at=receipt.received_at,
        payload=payload,
        body_hash=body_hash,
        name=kind,
        identifiers=found.sorted_keys(),
        facts=(
            Transaction(
                key=number_key(receipt.source, number),
                kind=kind,
                amount=amount,
                currency=currency,
                quantity=quantity,
            ),
        ),
    )
