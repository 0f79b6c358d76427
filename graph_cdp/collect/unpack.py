"""What a request to `/v1/*` holds: its messages, each with what it takes from its batch. Pure."""

from typing import Literal

from graph_cdp.collect.fields import read_array, read_object, read_text
from graph_cdp.collect.limits import BATCH_MESSAGES_MAX
from graph_cdp.collect.segment import SegmentType
from graph_cdp.errors import Invalid
from graph_cdp.intake.identifiers import BadField
from graph_cdp.intake.json_body import Fault, JsonObject, JsonValue, find_fault, write_json
from graph_cdp.intake.limits import EVENT_BYTES_MAX

Call = Literal[SegmentType, "batch"]

CALLS: dict[str, Call] = {
    "identify": "identify", "track": "track", "page": "page", "screen": "screen", "group": "group",
    "alias": "alias", "batch": "batch",
    "i": "identify", "t": "track", "p": "page", "s": "screen", "g": "group", "a": "alias", "b": "batch",
}  # fmt: skip
"""The last part of the path, and the call that it makes. Segment's browser library sends to the single letters."""


def require_object(body: JsonValue) -> JsonObject:
    """The body, if it is an object.

    Raises:
        Invalid: it is something else, or says something twice.
    """
    if isinstance(body, Fault):
        raise Invalid(body.message, code=body.code)
    if not isinstance(body, dict):
        raise BadField("The body must be an object.")
    return body


def unpack(call: Call, body: JsonObject) -> list[JsonValue]:
    """The messages of a request, in order.

    A message of a batch takes the batch's `sentAt` where it has none, and what the batch's `context` and
    `integrations` say and its own do not. A single message takes its `type` from the path.

    Raises:
        Invalid: the batch is no array, or too long, or what its messages would share is faulty or too large.
    """
    if call != "batch":
        if read_text(body, "type") not in {None, call}:
            raise BadField(f"type must be {call}, as the path says, or absent.")
        return [{**body, "type": call}]
    if "batch" not in body:
        raise BadField('batch is missing: send {"batch": [message, ...]}.')
    items = read_array(body, "batch")
    if len(items) > BATCH_MESSAGES_MAX:
        raise Invalid(
            f"The batch has {len(items):,} messages; the most is {BATCH_MESSAGES_MAX:,}.",
            code="BATCH_TOO_LONG",
        )
    shared = {name: read_object(body, name) for name in ("context", "integrations")}
    if fault := find_fault(dict(shared)):
        raise Invalid(fault.message, code=fault.code)
    if len(write_json(shared)) > EVENT_BYTES_MAX:
        raise Invalid("The batch's context is larger than a message may be.", code="EVENT_TOO_LARGE")
    return [_complete(item, shared=shared, sent_at=body.get("sentAt")) for item in items]


def _complete(item: JsonValue, *, shared: dict[str, JsonObject], sent_at: JsonValue) -> JsonValue:
    if not isinstance(item, dict):
        return item
    whole = dict(item)
    if whole.get("sentAt") is None and sent_at is not None:
        whole["sentAt"] = sent_at
    for name, common in shared.items():
        own = item.get(name)
        if common and own is None:
            whole[name] = common
        elif common and isinstance(own, dict):
            whole[name] = {**common, **own}
    return whole
