"""What Segment's traits are called here, and how they are read from a message."""

from collections.abc import Mapping

from graph_cdp.collect.fields import EMPTY, read_object, read_scalar
from graph_cdp.intake.json_body import JsonObject, JsonValue
from graph_cdp.source.model import TRAITS

SEGMENT_NAMES = {
    "firstName": "first_name",
    "lastName": "last_name",
    "birthday": "birth_date",
    "dateOfBirth": "birth_date",
    "email2": "email_2",
    "phone2": "phone_2",
    "postalCode": "postal_code",
    "title": "job_title",
    "jobTitle": "job_title",
}
"""Segment's spelling, and ours. Segment's `title` is a position in a company, ours (of a row) is Mr or Mrs."""

ADDRESS_NAMES = {
    "street": "street",
    "city": "city",
    "postalCode": "postal_code",
    "postal_code": "postal_code",
    "state": "region",
    "region": "region",
    "country": "country",
}

VERIFIED_NAMES = {
    "email_verified": "email",
    "emailVerified": "email",
    "phone_verified": "phone",
    "phoneVerified": "phone",
    "phone_number_verified": "phone",
}

OUR_NAMES = tuple(name for name in TRAITS if name != "title")


def read_traits(traits: Mapping[str, JsonValue], *, at: str) -> dict[str, str]:
    """The traits that become properties, by our names, as they were sent. Unknown ones stay in the payload.

    Where a message says one trait twice, Segment's spelling wins over ours, and a trait over the address's part.

    Raises:
        BadField: a known trait is an array, an object or a boolean, or the address is an array or a number.
    """
    found: dict[str, str] = {}
    if not traits:  # most messages: tracks and pages say nothing of their person
        return found
    for name in OUR_NAMES:
        if name != "company":
            _take(found, name, traits, name, at=at)
    for theirs, ours in SEGMENT_NAMES.items():
        _take(found, ours, traits, theirs, at=at)
    company = traits.get("company")
    if isinstance(company, dict):
        _take(found, "company", company, "name", at=f"{at}company.")
    else:
        _take(found, "company", traits, "company", at=at)
    address = _read_address(traits, at=at)
    return address | found


def read_verified(traits: Mapping[str, JsonValue]) -> frozenset[str]:
    """The traits of which a message says that they are verified, as OpenID Connect does: `email_verified: true`."""
    return frozenset(ours for theirs, ours in VERIFIED_NAMES.items() if traits.get(theirs) is True)


def read_loyalty_card(traits: Mapping[str, JsonValue], *, at: str) -> str | None:
    """The number of a loyalty card, which many tills send among the traits.

    Raises:
        BadField: it is an array, an object or a boolean.
    """
    return read_scalar(traits, "loyaltyCard", at=at) or read_scalar(traits, "loyalty_card", at=at)


def person_traits(body: Mapping[str, JsonValue], context: Mapping[str, JsonValue]) -> JsonObject:
    """What a message says of its person: `traits` over `context.traits` (where RudderStack's clients put them).

    The `traits` of a group are the company's, so that only `context.traits` remains.

    Raises:
        BadField: one of them is no object.
    """
    remembered = read_object(context, "traits", at="context.")
    own = EMPTY if body.get("type") == "group" else read_object(body, "traits")
    return {**remembered, **{name: value for name, value in own.items() if value is not None}}


def _read_address(traits: Mapping[str, JsonValue], *, at: str) -> dict[str, str]:
    if isinstance(traits.get("address"), str):
        return {}  # one line of free text: which part of it is the street would be a guess
    address = read_object(traits, "address", at=at)
    found: dict[str, str] = {}
    if not address:
        return found
    for theirs, ours in ADDRESS_NAMES.items():
        _take(found, ours, address, theirs, at=f"{at}address.")
    return found


def _take(found: dict[str, str], ours: str, source: Mapping[str, JsonValue], theirs: str, *, at: str) -> None:
    if theirs in source:
        value = read_scalar(source, theirs, at=at)
        if value is not None:
            found[ours] = value
