"""One row of a file, or a record of another door, made into the message that the ingest flow takes. Pure."""

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

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
from graph_cdp.collect.identifiers import Found, NoIdentity, customer_id
from graph_cdp.collect.limits import EVENT_BYTES_MAX
from graph_cdp.collect.mapping import LINE, FileMapping
from graph_cdp.collect.row import Row
from graph_cdp.collect.segment import Refused, normalise_traits
from graph_cdp.collect.times import BadTime, require_plausible
from graph_cdp.errors import Invalid
from graph_cdp.ids import Millis, RecordKey
from graph_cdp.source.business_rules.model import NO_RULES, SourceRules
from graph_cdp.source.business_rules.rules import judge
from graph_cdp.source.model import IdentifierKey, Message, Transaction

_SOURCE = re.compile(r"[a-z0-9_-]{1,64}")


@dataclass(frozen=True, slots=True, kw_only=True)
class RowReceipt:
    """How rows reached us: of which source, when the import began, where phones are dialled by default, and the
    business rules of their source.
    """

    source: str
    received_at: Millis
    region: str
    rules: SourceRules = NO_RULES


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordState:
    """All that a source says of one customer now, as it was sent: the state of a record.

    `identifiers` are what identifies the customer beside the record's own id and the e-mails and phones among
    the traits; a customer_id is `source:id`. `changed_at` is when the source says it became so.
    """

    record_id: str
    traits: Mapping[str, str]
    identifiers: Iterable[tuple[str, str]] = ()
    changed_at: Millis | None = None


def require_source(name: str) -> str:
    """The name of a source, if it is one.

    Raises:
        Invalid: it has other characters, or too many.
    """
    if not _SOURCE.fullmatch(name):
        raise Invalid("A source's name is 1 to 64 of the characters a-z, 0-9, '_' and '-'.")
    return name


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


def record_message(state: RecordState, *, receipt: RowReceipt, payload: str) -> Message:
    """The message that a record is now in this state. The same state is the same message, however often it is sent.

    Raises:
        NoIdentity: the record's id is blank, or a value such as 'null'.
        BadField: an identifier is longer than 1,024 bytes.
        BadTime: the time cannot be true.
        RuleRejected: a business rule of the source rejects it.
    """
    judged = judge(state.traits, receipt.rules, region=receipt.region, introduces=True)
    found = Found(region=judged.region)
    key = _customer(found, state.record_id, receipt, what="record_id")
    for name in ("email", "email_2", "phone", "phone_2"):
        found.add(name.removesuffix("_2"), judged.traits.get(name))
    for kind, value in state.identifiers:
        if kind == "customer_id":
            source, _, row_id = value.partition(":")
            found.add(kind, customer_id(source, row_id, region=judged.region))
        else:
            found.add_id(kind, value, name=kind)
    body_hash = _hash(
        state.record_id, sorted(state.traits.items()), sorted(state.identifiers), state.changed_at
    )
    occurred_at = receipt.received_at if state.changed_at is None else state.changed_at
    return Message(
        source=receipt.source,
        message_id=f"row-{body_hash}",
        type="record",
        record_key=key,
        occurred_at=require_plausible(occurred_at, received=receipt.received_at),
        received_at=receipt.received_at,
        payload=payload,
        body_hash=body_hash,
        traits=normalise_traits(judged.traits, region=judged.region),
        identifiers=found.sorted_keys(),
        complete=True,
        verified=judged.verified,
        flags=judged.flags,
    )


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
    key = _customer(found, customer, receipt, what="customer_id")
    occurred_at = read_time(row, mapping)
    if occurred_at is None:
        raise BadTime("timestamp is blank: a transaction happened at some time.")
    kind, amount = read_kind(row, mapping), read_amount(row, mapping)
    currency, quantity = read_currency(row, mapping), read_quantity(row, mapping)
    body_hash = _hash(number, customer, occurred_at, kind, amount, currency, quantity)
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
        transaction=Transaction(
            key=f"{receipt.source}:{number}", kind=kind, amount=amount, currency=currency, quantity=quantity
        ),
    )


def _customer(found: Found, row_id: str, receipt: RowReceipt, *, what: str) -> RecordKey:
    value = customer_id(receipt.source, row_id, region=receipt.region)
    if value is None:
        raise NoIdentity(f"{what} is a value such as 'null', which is nobody's, or longer than 1,024 bytes.")
    found.keys.add(IdentifierKey(kind="customer_id", value=value))
    return RecordKey(f"{receipt.source}:row:{value.partition(':')[2]}")


def _hash(*parts: object) -> str:
    return hashlib.sha256(orjson.dumps(parts)).hexdigest()
