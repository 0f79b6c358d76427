"""The state of a record, as a row or a mutation gives it, made into the message that the ingest flow takes. Pure."""

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import orjson

from graph_cdp.errors import Invalid
from graph_cdp.ids import Millis, RecordKey
from graph_cdp.intake.identifiers import Found, NoIdentity, customer_id
from graph_cdp.intake.times import require_plausible
from graph_cdp.matching.normalise import normalise_trait
from graph_cdp.source.business_rules.model import NO_RULES, SourceRules
from graph_cdp.source.business_rules.rules import judge
from graph_cdp.source.model import IdentifierKey, Message

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


def record_message(
    state: RecordState, *, receipt: RowReceipt, payload: str, message_id: str | None = None
) -> Message:
    """The message that a record is now in this state. Without an id of its own the same state is the same message, however
    often it is sent.

    Raises:
        NoIdentity: the record's id is blank, or a value such as 'null'.
        BadField: an identifier is of no known kind, or longer than 1,024 bytes.
        BadTime: the time cannot be true.
        RuleRejected: a business rule of the source rejects it.
    """
    judged = judge(state.traits, receipt.rules, region=receipt.region, introduces=True)
    found = Found(region=judged.region)
    key = add_customer(found, state.record_id, receipt.source, what="record_id")
    for name in ("email", "email_2", "phone", "phone_2"):
        found.add(name.removesuffix("_2"), judged.traits.get(name))
    for kind, value in state.identifiers:
        found.add_stated(kind, value)
    said = [state.record_id, sorted(state.traits.items()), sorted(state.identifiers), state.changed_at]
    body_hash = hash_parts(*said, *([state.org_unit] if state.org_unit else []))
    occurred_at = receipt.received_at if state.changed_at is None else state.changed_at
    return Message(
        source=receipt.source,
        message_id=message_id or f"row-{body_hash}",
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


def normalise_traits(raw: Mapping[str, str], *, region: str) -> dict[str, str]:
    """Traits in their normal form; what is no value of its trait (a phone of three digits) is left out."""
    normal = {name: normalise_trait(name, value, region=region) for name, value in raw.items()}
    return {name: value for name, value in normal.items() if value is not None}


def add_customer(found: Found, row_id: str, source: str, *, what: str) -> RecordKey:
    """Hold the key of a row of this source, and return the key of its record.

    Raises:
        NoIdentity: the id is blank, a value such as 'null', or too long.
    """
    value = customer_id(source, row_id, region=found.region)
    if value is None:
        raise NoIdentity(
            f"{what} is a value such as 'null' or '0', which is nobody's, or longer than 1,024 bytes."
        )
    found.keys.add(IdentifierKey(kind="customer_id", value=value))
    return RecordKey(f"{source}:row:{value.partition(':')[2]}")


def hash_parts(*parts: object) -> str:
    """What tells two messages with one id apart: SHA-256 of their parts as JSON."""
    return hashlib.sha256(orjson.dumps(parts)).hexdigest()


def require_source(name: str) -> str:
    """The name of a source, if it is one.

    Raises:
        Invalid: it has other characters, or too many.
    """
    if not _SOURCE.fullmatch(name):
        raise Invalid("A source's name is 1 to 64 of the characters a-z, 0-9, '_' and '-'.")
    return name
