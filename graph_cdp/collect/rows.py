"""A row of a file, or a record of another door, made into what the flows take: a message, or a statement. Pure."""

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import orjson

from graph_cdp.collect.cells import read_cell, read_optional_key, read_time, read_trait
from graph_cdp.collect.customers import find_customer, row_record
from graph_cdp.collect.entities import KEYS
from graph_cdp.collect.files import Row
from graph_cdp.collect.identifiers import Found, customer_id
from graph_cdp.collect.limits import EVENT_BYTES_MAX, LINES_BYTES_MAX
from graph_cdp.collect.lines import RowGroup
from graph_cdp.collect.mapping import LINE, FileMapping
from graph_cdp.collect.row_facts import read_fact
from graph_cdp.collect.segment import Refused, normalise_traits
from graph_cdp.collect.times import BadTime, require_plausible
from graph_cdp.errors import Invalid
from graph_cdp.ids import Millis
from graph_cdp.source.business_rules.model import NO_RULES, SourceRules
from graph_cdp.source.business_rules.rules import judge
from graph_cdp.source.facts.model import Statement, Transaction
from graph_cdp.source.model import Message

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
    the traits; a customer_id is `source:id`. `changed_at` is when the source says it became so, `org_unit` the unit of the
    network that it belongs to.
    """

    record_id: str
    traits: Mapping[str, str]
    identifiers: Iterable[tuple[str, str]] = ()
    changed_at: Millis | None = None
    org_unit: str | None = None


def require_source(name: str) -> str:
    """The name of a source, if it is one.

    Raises:
        Invalid: it has other characters, or too many.
    """
    if not _SOURCE.fullmatch(name):
        raise Invalid("A source's name is 1 to 64 of the characters a-z, 0-9, '_' and '-'.")
    return name


def parse_row(
    row: Row | RowGroup, mapping: FileMapping, *, receipt: RowReceipt
) -> Message | Statement | Refused:
    """What a row of a file says, normalised, or why it is refused: a message about a customer, or a statement about nobody.

    Of the entity transaction_line `row` is a group (`lines.group_rows`).
    """
    if (mapping.entity == "transaction_line") != isinstance(row, RowGroup):
        raise TypeError("rows of the entity transaction_line, and no others, are grouped by group_rows")
    if mapping.region:  # what is said of a file is said of fewer rows than what is said of its source
        rules = replace(receipt.rules, region=mapping.region)
        receipt = replace(receipt, region=mapping.region, rules=rules)
    payload, bytes_max = _payload(row)
    if len(payload) > bytes_max:
        return Refused(code="ROW_TOO_LARGE", message=f"The row has more than {bytes_max:,} bytes.")
    try:
        if isinstance(row, Row) and mapping.entity == "record":
            return record_message(_record_state(row, mapping), receipt=receipt, payload=payload.decode())
        return _stated(row, mapping, receipt=receipt, payload=payload.decode())
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
    key = row_record(found, state.record_id, source=receipt.source, what="record_id")
    for name in ("email", "email_2", "phone", "phone_2"):
        found.add(name.removesuffix("_2"), judged.traits.get(name))
    for kind, value in state.identifiers:
        if kind == "customer_id":
            source, _, row_id = value.partition(":")
            found.add(kind, customer_id(source, row_id, region=judged.region))
        else:
            found.add_id(kind, value, name=kind)
    said = [state.record_id, sorted(state.traits.items()), sorted(state.identifiers), state.changed_at]
    body_hash = _hash(*said, *([state.org_unit] if state.org_unit else []))
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
        org_unit=state.org_unit,
    )


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
        changed_at=read_time(row, mapping),
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
    body_hash = _hash(mapping.entity, key, changed_at, fact)
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
    """When the row says that it became so, and when it counts: without a timestamp it is as new as its import."""
    changed_at = read_time(row, mapping)
    if changed_at is None and "timestamp" in KEYS[mapping.entity].required:
        raise BadTime(f"timestamp is blank: a {mapping.entity} happened at some time.")
    occurred_at = receipt.received_at if changed_at is None else changed_at
    return changed_at, require_plausible(occurred_at, received=receipt.received_at)


def _payload(row: Row | RowGroup) -> tuple[bytes, int]:
    """What is kept of a row as it was, and the most that it may have."""
    rows = row.rows if isinstance(row, RowGroup) else (row,)
    cells = [{name: cell for name, cell in one.cells.items() if name != LINE} for one in rows]
    if isinstance(row, RowGroup):
        return orjson.dumps(cells), LINES_BYTES_MAX
    return orjson.dumps(cells[0]), EVENT_BYTES_MAX


def _hash(*parts: object) -> str:
    return hashlib.sha256(orjson.dumps(parts)).hexdigest()
