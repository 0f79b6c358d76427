"""How mutations are taken in: inputs become messages, and go the way of every other door.

    source of the caller ─ read each input ─ submit what is good ─ commit ─ keep what is refused ─ where it hangs now

What is answered without an error is committed.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from enum import Enum
from typing import Protocol, TypeAlias, TypeVar, cast

import strawberry

from graph_cdp.access.model import Principal
from graph_cdp.api.context import Info
from graph_cdp.api.mutations.results import InputError, WriteResult, WriteResults
from graph_cdp.api.mutations.writes import RefusedInput
from graph_cdp.errors import Forbidden, Invalid, NotFound
from graph_cdp.flows.give_verdict import ConflictingVerdicts
from graph_cdp.flows.outcome import Outcome
from graph_cdp.flows.write_org_units import BadNetwork
from graph_cdp.ids import Millis, RecordKey
from graph_cdp.intake.identifiers import BadField, Found
from graph_cdp.intake.json_body import BadText
from graph_cdp.intake.limits import MESSAGE_ID_CHARACTERS_MAX
from graph_cdp.intake.record import RowReceipt, require_source
from graph_cdp.intake.times import parse_iso, require_plausible
from graph_cdp.intake.values import Payload, write_payload
from graph_cdp.matching.text import has_lone_surrogate
from graph_cdp.source.business_rules.rules import rule_of
from graph_cdp.source.model import Message, MessageType
from graph_cdp.source.repository import StoredMessage, find_stored

ITEMS_MAX = 100
"""Inputs in one call: what a body of 64 kB holds, and one transaction writes in well under a second."""


class TooManyItems(Invalid):
    """A call without inputs, or with more than `ITEMS_MAX`."""

    code = "TOO_MANY_ITEMS"


class SourceMissing(Invalid):
    """The caller writes for no source of its own, and names none."""

    code = "SOURCE_REQUIRED"


class Item(Protocol):
    """What every input has."""

    idempotency_key: str


ItemT = TypeVar("ItemT", bound=Item)


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """An input that came in: its id, how it reached us, and what is kept of it."""

    message_id: str
    receipt: RowReceipt
    payload: Payload

    def time(self, text: str | None) -> Millis:
        """When it occurred: what the input says, else now.

        Raises:
            BadTime: it is no time, or one that cannot be true.
        """
        if not text:
            return self.receipt.received_at
        occurred = parse_iso(text, field="occurred_at")
        return require_plausible(occurred, received=self.receipt.received_at)

    def message(
        self, kind: MessageType, record_key: RecordKey | None, found: Found, *, occurred_at: str | None
    ) -> Message:
        """A message of this input, to be filled with what it says."""
        return Message(
            source=self.receipt.source,
            message_id=self.message_id,
            type=kind,
            record_key=record_key,
            occurred_at=self.time(occurred_at),
            received_at=self.receipt.received_at,
            payload=self.payload.text,
            body_hash=self.payload.body_hash,
            identifiers=found.sorted_keys(),
        )


Read: TypeAlias = Callable[[ItemT, Received], Message]
"""Makes an input the message that it says; raises `Invalid` where it says none."""


async def receive(
    info: Info, items: Sequence[ItemT], read: Read[ItemT], *, source: str | None
) -> WriteResults:
    """What becomes of the inputs of a call, once it is committed.

    Raises:
        TooManyItems: there is none, or there are more than `ITEMS_MAX`.
        SourceMissing: the caller is bound to no source, and names none.
        Forbidden: it names another source than its own.
        Invalid: what it names is no name of a source.
        Unavailable: the database does not answer. Some may be stored; sending all again is safe.
    """
    if not 1 <= len(items) <= ITEMS_MAX:
        raise TooManyItems(f"Send 1 to {ITEMS_MAX} inputs in a call; {len(items)} came.")
    writes = info.context.require_writes()
    receipt = writes.receipt(source_of(info.context.principal, source))
    for item in items:
        fill_absent(item)
    payloads = [_say(info.field_name, item) for item in items]
    parsed = [_read(item, said, read, receipt=receipt) for item, said in zip(items, payloads, strict=True)]
    outcomes = await _submit(parsed, writes.submit)
    refused = [
        _refused(item, said, outcome, receipt)
        for item, said, outcome in zip(items, payloads, outcomes, strict=True)
        if outcome.status == "refused"
    ]
    if refused:
        await writes.bury(refused)
    found = await _find([one for one in parsed if isinstance(one, Message)], info)
    shows_person = info.context.principal.role != "ingest"
    return WriteResults(
        results=[
            WriteResult.of(
                item.idempotency_key,
                outcome,
                found.get(item.idempotency_key.strip()),
                shows_person=shows_person,
            )
            for item, outcome in zip(items, outcomes, strict=True)
        ]
    )


async def receive_one(info: Info, item: ItemT, read: Read[ItemT], *, source: str | None) -> WriteResult:
    """As `receive` does, of a single input."""
    return (await receive(info, [item], read, source=source)).results[0]


async def receive_by_flow(
    info: Info, item: Item, flow: Callable[[Message], Awaitable[Outcome]]
) -> tuple[str, InputError | None]:
    """What becomes of an input that a flow of its own does once: the status of its outcome, and why it was refused.

    `flow` is given the message that asks for it, about nobody, of the caller's own source: what it has done in the same
    transaction is that message's doing. No dead letter: whoever decides sees the answer, and no source said it.
    """
    fill_absent(item)
    writes = info.context.require_writes()
    receipt = writes.receipt(caller_source(str(info.context.principal.key_id)))
    try:
        received = Received(
            message_id=read_idempotency_key(item.idempotency_key),
            receipt=receipt,
            payload=write_payload(_say(info.field_name, item)),
        )
        nobody = Found(region=receipt.region)
        outcome = await flow(received.message("fact", None, nobody, occurred_at=None))
    except (Invalid, NotFound, ConflictingVerdicts, BadNetwork) as error:
        return "refused", InputError.of_error(error)
    if outcome.status == "refused":
        return "refused", InputError.of(code=outcome.code or "REFUSED", message=outcome.message or "")
    return outcome.status, None


def caller_source(key_id: str) -> str:
    """The name under which what a caller decides is kept: no source can have it, so that keys never meet a source's."""
    return f"key:{key_id}"


def source_of(principal: Principal, named: str | None) -> str:
    """The source that a caller writes for.

    Raises:
        SourceMissing: it is bound to none, and names none.
        Forbidden: it names another than its own.
        Invalid: what it names is no name of a source.
    """
    if principal.source is not None:
        if named and named != principal.source:
            raise Forbidden(
                "This key writes for another source than the one that you name; leave `source` out."
            )
        return principal.source
    if not named:
        raise SourceMissing("Name the `source` whose word this is, for example crm.")
    try:
        return require_source(named)
    except Invalid as error:
        raise Invalid(error.message, code="INVALID_SOURCE") from None


def read_idempotency_key(key: str) -> str:
    """The key of an input, which is the id of its message.

    Raises:
        BadText: it is not Unicode.
        BadField: it is blank, or has more than `MESSAGE_ID_CHARACTERS_MAX` characters.
    """
    if has_lone_surrogate(key):
        raise BadText("idempotency_key is not Unicode: it holds half a surrogate pair.")
    if not 1 <= len(key.strip()) <= MESSAGE_ID_CHARACTERS_MAX:
        raise BadField(f"idempotency_key must have 1 to {MESSAGE_ID_CHARACTERS_MAX} characters.")
    return key.strip()


def fill_absent(value: object) -> None:
    """Put None where an input was left out, in it and in all that it holds: for a reader both are absent."""
    if isinstance(value, list):
        for one in cast("list[object]", value):
            fill_absent(one)
    elif is_dataclass(value):
        for field in fields(value):
            member = getattr(value, field.name)
            if member is strawberry.UNSET:
                setattr(value, field.name, None)
            else:
                fill_absent(member)


def said(value: object) -> object:
    """What an input says, as JSON has it: null and what was left out are absent."""
    if isinstance(value, Enum):
        return value.name
    if is_dataclass(value):
        members = {field.name: said(getattr(value, field.name)) for field in fields(value)}
        return {name: member for name, member in members.items() if member is not None}
    if isinstance(value, list):
        return [said(one) for one in cast("list[object]", value)]
    if isinstance(value, bool | int | float | str | dict):
        return cast("object", value)
    return None


def _say(mutation: str, item: Item) -> Mapping[str, object]:
    return {"mutation": mutation, **cast("Mapping[str, object]", said(item))}


def _read(
    item: ItemT, say: Mapping[str, object], read: Read[ItemT], *, receipt: RowReceipt
) -> Message | Outcome:
    try:
        received = Received(
            message_id=read_idempotency_key(item.idempotency_key), receipt=receipt, payload=write_payload(say)
        )
        return read(item, received)
    except Invalid as error:
        return Outcome(status="refused", code=error.code, message=error.message, rule=rule_of(error))


async def _submit(
    parsed: Sequence[Message | Outcome], submit: Callable[[Sequence[Message]], Awaitable[list[Outcome]]]
) -> list[Outcome]:
    stored = iter(await submit([one for one in parsed if isinstance(one, Message)]))
    return [next(stored) if isinstance(one, Message) else one for one in parsed]


async def _find(messages: Sequence[Message], info: Info) -> dict[str, StoredMessage]:
    """Where the messages hang now, by their ids."""
    if not messages:
        return {}
    pairs = [(message.source, message.message_id) for message in messages]
    rows = await info.context.require_writes().reading.read(find_stored, messages=pairs)
    return {row.message_id: row for row in rows}


def _refused(item: Item, say: Mapping[str, object], outcome: Outcome, receipt: RowReceipt) -> RefusedInput:
    return RefusedInput(
        source=receipt.source,
        message_id=item.idempotency_key,
        code=outcome.code or "REFUSED",
        message=outcome.message or "",
        rule=outcome.rule,
        said=say,
        received_at=receipt.received_at,
    )
