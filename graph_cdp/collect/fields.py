"""Reading the members of a message: null is absent, and every wrong type is named by its place."""

from collections.abc import Mapping

from graph_cdp.intake.identifiers import BadField
from graph_cdp.intake.json_body import JsonObject, JsonValue

EMPTY: JsonObject = {}


def read_text(body: Mapping[str, JsonValue], name: str, *, at: str = "") -> str | None:
    """A text; None where it is absent, null or blank.

    Raises:
        BadField: it is no text.
    """
    value = body.get(name)
    if value is None:
        return None
    if not isinstance(value, str):
        raise BadField(f"{at}{name} must be text.")
    return value if value.strip() else None


def read_scalar(body: Mapping[str, JsonValue], name: str, *, at: str = "") -> str | None:
    """A text, or a number as text (many clients send ids, postal codes and ages as numbers).

    Raises:
        BadField: it is an object, an array or a boolean.
    """
    value = body.get(name)
    if value is None:
        return None
    if isinstance(value, str):
        return value if value.strip() else None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise BadField(f"{at}{name} must be text.")
    return str(value)


def read_id(body: Mapping[str, JsonValue], name: str, *, at: str = "") -> str | None:
    """An id: text, or an integer as text. A fraction is no id: 17.0 and 17 would be two people.

    Raises:
        BadField: anything else.
    """
    if isinstance(body.get(name), float):
        raise BadField(f"{at}{name} must be text.")
    return read_scalar(body, name, at=at)


def read_object(body: Mapping[str, JsonValue], name: str, *, at: str = "") -> JsonObject:
    """An object; empty where it is absent or null.

    Raises:
        BadField: it is something else.
    """
    value = body.get(name)
    if value is None:
        return EMPTY
    if not isinstance(value, dict):
        raise BadField(f"{at}{name} must be an object.")
    return value


def read_array(body: Mapping[str, JsonValue], name: str, *, at: str = "") -> list[JsonValue]:
    """An array; empty where it is absent or null.

    Raises:
        BadField: it is something else.
    """
    value = body.get(name)
    if value is None:
        return []
    if not isinstance(value, list):
        raise BadField(f"{at}{name} must be an array.")
    return value
