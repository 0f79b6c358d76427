"""One message of Segment's HTTP specification, made into the message that the ingest flow takes. Pure.

https://segment.com/docs/connections/sources/catalog/libraries/server/http-api/ says what clients send.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal, cast

from graph_cdp.collect.external_ids import add_external_ids
from graph_cdp.collect.fields import read_id, read_object, read_text
from graph_cdp.collect.meaning.facts import read_facts
from graph_cdp.collect.traits import person_traits, read_loyalty_card, read_traits, read_verified
from graph_cdp.errors import Invalid
from graph_cdp.ids import Millis
from graph_cdp.intake.identifiers import BadField, Found, NoIdentity
from graph_cdp.intake.json_body import JsonObject, JsonValue, find_fault, write_json
from graph_cdp.intake.limits import EVENT_BYTES_MAX, MESSAGE_ID_CHARACTERS_MAX, NAME_CHARACTERS_MAX
from graph_cdp.intake.record import normalise_traits
from graph_cdp.intake.times import correct_clock, parse_iso, require_plausible
from graph_cdp.source.business_rules.model import NO_RULES, SourceRules
from graph_cdp.source.business_rules.rules import judge, rule_of
from graph_cdp.source.model import IdentifierKey, Message

SegmentType = Literal["identify", "track", "page", "screen", "group", "alias"]
SEGMENT_TYPES = frozenset({"identify", "track", "page", "screen", "group", "alias"})

OF_THE_DELIVERY = frozenset({"sentAt", "_metadata", "writeKey"})
"""Members that change from one try to the next: no part of what the message says."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """How a message reached us: through which source, when, its place in the request, where its phones are read, the
    business rules of its source, and the unit of the network that its key is bound to.
    """

    source: str
    received_at: Millis
    region: str
    index: int = 0
    rules: SourceRules = NO_RULES
    org_unit: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """A message that is not accepted: why, for programs (`code`) and for people, without personal data, and by which
    business rule, where one was broken.
    """

    code: str
    message: str
    rule: str | None = None


def parse_message(body: JsonValue, *, receipt: Receipt) -> Message | Refused:
    """The message that `body` says, normalised, or why it is refused."""
    try:
        if fault := find_fault(body):
            return Refused(code=fault.code, message=fault.message)
        if not isinstance(body, dict):
            return Refused(code="INVALID_FIELD", message="A message must be an object.")
        return _parse(body, receipt)
    except Invalid as error:
        return Refused(code=error.code, message=error.message, rule=rule_of(error))


def read_message_id(body: JsonValue) -> str | None:
    """The messageId of a body, however faulty the rest: what an answer or a dead letter names it by."""
    try:
        message_id = _read_message_id(body) if isinstance(body, dict) else None
    except BadField:
        return None
    return message_id and message_id.encode("utf-8", "backslashreplace").decode()


def _parse(body: JsonObject, receipt: Receipt) -> Message:
    payload = _write_payload(body)
    kind = _read_type(body)
    context = read_object(body, "context")
    said = person_traits(body, context)
    judged = judge(
        read_traits(said, at="traits."),
        receipt.rules,
        region=receipt.region,
        introduces=kind == "identify",
        stated_verified=read_verified(said),
    )
    found = Found(region=judged.region)
    _add_identifiers(found, body, judged.traits)
    found.add("loyalty_card", read_loyalty_card(said, at="traits."))
    add_external_ids(found, context)
    if kind == "alias":
        _add_alias(found, body)
    body_hash = hash_body(body)
    message = Message(
        source=receipt.source,
        message_id=_read_message_id(body) or derive_message_id(body, body_hash=body_hash, receipt=receipt),
        type=kind,
        record_key=found.record_key(receipt.source),
        occurred_at=read_occurred_at(body, received=receipt.received_at),
        received_at=receipt.received_at,
        payload=payload.decode(),
        body_hash=body_hash,
        name=_read_name(body, kind),
        traits=normalise_traits(judged.traits, region=judged.region),
        identifiers=found.sorted_keys(),
        verified=judged.verified,
        org_unit=receipt.org_unit,
    )
    said_beside = read_facts(body, message, found)
    flags = (*judged.flags, *said_beside.flags)
    return replace(message, facts=said_beside.facts, flags=flags) if said_beside.facts or flags else message


def hash_body(body: Mapping[str, JsonValue]) -> str:
    """What tells two messages with one id apart: SHA-256 of all that the message says, in whatever order and
    spelling of JSON, without what belongs to one try to deliver it (`OF_THE_DELIVERY`).

    Raises:
        BadText: a string is not Unicode.
    """
    said = {name: value for name, value in body.items() if name not in OF_THE_DELIVERY}
    return hashlib.sha256(write_json(said, sort=True)).hexdigest()


def derive_message_id(body: Mapping[str, JsonValue], *, body_hash: str, receipt: Receipt) -> str:
    """The id of a message that came without one.

    With a time of its own, equal content is one message, however often it is sent: a retry is safe. Without a
    time, a retry and a second click are the same bytes. A lost click could never be found again and a doubled
    one can, so each is a message of its own, told apart by when it came and its place in the request.
    """
    if any(read_text(body, name) for name in ("originalTimestamp", "timestamp")):
        return f"sha256-{body_hash}"
    unique = f"{body_hash}:{receipt.received_at}:{receipt.index}"
    return f"sha256-{hashlib.sha256(unique.encode()).hexdigest()}"


def read_occurred_at(body: Mapping[str, JsonValue], *, received: Millis) -> Millis:
    """When the message occurred, by our clock.

    Raises:
        BadField: a time is no text.
        BadTime: a time cannot be read, or cannot be true.
    """
    times: dict[str, Millis | None] = {}
    for name in ("originalTimestamp", "timestamp", "sentAt"):
        text = read_text(body, name)
        times[name] = parse_iso(text, field=name) if text else None
    original = times["timestamp"] if times["originalTimestamp"] is None else times["originalTimestamp"]
    return require_plausible(
        correct_clock(original=original, sent=times["sentAt"], received=received), received=received
    )


def _write_payload(body: JsonObject) -> bytes:
    payload = write_json({name: value for name, value in body.items() if name != "writeKey"})
    if len(payload) > EVENT_BYTES_MAX:
        raise Invalid(
            f"The message has {len(payload):,} bytes; the most is {EVENT_BYTES_MAX:,}.",
            code="EVENT_TOO_LARGE",
        )
    return payload


def _read_type(body: JsonObject) -> SegmentType:
    kind = read_text(body, "type")
    if kind not in SEGMENT_TYPES:
        raise Invalid(f"type must be one of {', '.join(sorted(SEGMENT_TYPES))}.", code="UNKNOWN_TYPE")
    return cast("SegmentType", kind)


def _read_message_id(body: JsonObject) -> str | None:
    message_id = read_id(body, "messageId")
    if message_id is not None and len(message_id) > MESSAGE_ID_CHARACTERS_MAX:
        raise BadField(f"messageId has more than {MESSAGE_ID_CHARACTERS_MAX} characters.")
    return message_id


def _read_name(body: JsonObject, kind: SegmentType) -> str | None:
    match kind:
        case "track":
            name = read_text(body, "event")
            if name is None:
                raise BadField("event is missing: a track message names what happened.")
        case "page" | "screen":
            name = read_text(body, "name")
        case "group":
            name = None
            if read_id(body, "groupId") is None:
                raise BadField("groupId is missing: a group message names the group.")
        case "identify" | "alias":
            name = None
    if name is not None and len(name) > NAME_CHARACTERS_MAX:
        raise BadField(f"The name has more than {NAME_CHARACTERS_MAX} characters.")
    return name


def _add_identifiers(found: Found, body: JsonObject, traits: Mapping[str, str]) -> None:
    found.add_id("user_id", read_id(body, "userId"), name="userId")
    found.add_id("anonymous_id", read_id(body, "anonymousId"), name="anonymousId")
    for name in ("email", "email_2"):
        found.add("email", traits.get(name), subject=True)
    for name in ("phone", "phone_2"):
        found.add("phone", traits.get(name), subject=True)


def _add_alias(found: Found, body: JsonObject) -> None:
    previous = read_id(body, "previousId")
    if previous is None:
        raise BadField("previousId is missing: an alias message says which id became which.")
    if "user_id" not in found.subject:
        raise NoIdentity(
            "userId is missing, or a value such as 'null': an alias message says whose previousId it is."
        )
    if not found.add_id("alias", previous, name="previousId"):
        raise NoIdentity("previousId is a value such as 'null' or '0', which is nobody's.")
    itself = IdentifierKey(kind="alias", value=found.subject["user_id"])
    found.keys.discard(itself)  # a user is known by its own id: that claims nothing
