"""The external ids of a Segment message: which of them identify people, and how."""

from collections.abc import Mapping

from graph_cdp.collect.fields import read_array, read_id, read_object, read_text
from graph_cdp.intake.identifiers import BadField, Found
from graph_cdp.intake.json_body import JsonValue

EXTERNAL_KINDS = {
    "user_id": "user_id",
    "customer_id": "customer_id",
    "national_id": "national_id",
    "loyalty_card": "loyalty_card",
    "email": "email",
    "phone": "phone",
    "anonymous_id": "anonymous_id",
    "advertising_id": "advertising_id",
    "android.idfa": "advertising_id",
    "ios.idfa": "advertising_id",
}
"""The types of external ids that identify people, and our kinds. Others stay in the payload: a kind that nobody has
ranked could join strangers."""


def add_external_ids(found: Found, context: Mapping[str, JsonValue]) -> None:
    """Hold `context.externalIds` and the advertising id of `context.device`.

    A `customer_id` is the key of a row of another source, which `collection` names. An encoded id (a hash) is
    left out: it is no value of its kind.

    Raises:
        BadField: they are not of the shape that Segment's specification gives, or too long to be kept.
    """
    at = "context.externalIds."
    for entry in read_array(context, "externalIds", at="context."):
        if not isinstance(entry, dict):
            raise BadField("context.externalIds must hold objects.")
        value, kind = read_id(entry, "id", at=at), read_text(entry, "type", at=at)
        collection = read_text(entry, "collection", at=at)
        if value is None or kind is None or read_text(entry, "encoding", at=at) not in {None, "none"}:
            continue
        kind = EXTERNAL_KINDS.get(kind)
        if kind == "customer_id":
            value = f"{collection}:{value}" if collection else None
        if kind and value:
            found.add_stated(kind, value)
    device = read_object(context, "device", at="context.")
    found.add("advertising_id", read_id(device, "advertisingId", at="context.device."))
