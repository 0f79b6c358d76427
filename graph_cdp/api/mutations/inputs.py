"""Inputs that several mutations share: whom it is about, the traits, the time."""

from typing import Annotated

import strawberry

from graph_cdp.api.identifier import IdentifierInput
from graph_cdp.ids import RecordKey
from graph_cdp.intake.identifiers import Found
from graph_cdp.intake.record import add_customer
from graph_cdp.source.model import TRAITS

KEY = (
    "Your id of this input, 1 to 100 characters, unique for the source, for ever: a retry with the same key and input is "
    "answered as the first was. For example `3f0c2a5e-order-1017`."
)
WHEN = "When it occurred, ISO 8601: `2026-01-31T12:00:00Z`; now if left out."

Source = Annotated[
    str | None,
    strawberry.argument(
        description="The source whose word this is, for example `crm`. An ingest key writes for its own and leaves it out."
    ),
]


@strawberry.input(
    description="Whom it is about, as the source knows them: the most identifying of the fields names the source record "
    "(`row_id`, then `user_id`, `email`, `phone`, `anonymous_id`), and all of them identify the person."
)
class SubjectInput:
    """Somebody, by at least one identifier."""

    row_id: str | None = strawberry.field(
        default=strawberry.UNSET, description="The id of the customer in the source's own table: `17`."
    )
    user_id: str | None = strawberry.field(
        default=strawberry.UNSET, description="The id of the account: `u1`."
    )
    email: str | None = strawberry.field(
        default=strawberry.UNSET, description="An e-mail address: `marie@example.com`."
    )
    phone: str | None = strawberry.field(
        default=strawberry.UNSET, description="A phone number: `+33612345678`, or as it is dialled at home."
    )
    anonymous_id: str | None = strawberry.field(
        default=strawberry.UNSET, description="The id that a browser or an app gave itself: `a-7f3c`."
    )
    identifiers: list[IdentifierInput] | None = strawberry.field(
        default=strawberry.UNSET,
        description='Further identifiers: `[{kind: "loyalty_card", value: "9250 0412"}]`. Kinds: user_id, customer_id (the '
        "value is `source:id`), national_id, loyalty_card, email, phone, anonymous_id, advertising_id.",
    )


def find_subject(found: Found, subject: SubjectInput, *, source: str) -> RecordKey:
    """Hold what identifies somebody; the key of the source record that it names.

    Raises:
        NoIdentity: nothing does.
        BadField: an id is too long, or an identifier of no known kind.
    """
    key = add_customer(found, subject.row_id, source, what="row_id") if subject.row_id else None
    found.add_id("user_id", subject.user_id, name="user_id")
    found.add_id("anonymous_id", subject.anonymous_id, name="anonymous_id")
    found.add("email", subject.email, subject=True)
    found.add("phone", subject.phone, subject=True)
    for one in subject.identifiers or ():
        found.add_stated(one.kind, one.value)
    return key or found.record_key(source)


def _trait(description: str) -> str | None:
    return strawberry.field(default=strawberry.UNSET, description=description)


@strawberry.input(
    description="What is said of somebody. Each field is normalised; what is no value of it is left out."
)
class TraitsInput:
    """The traits: one field for each of `TRAITS`."""

    title: str | None = _trait("Form of address: `Mme`.")
    first_name: str | None = _trait("Given name: `Marie`.")
    last_name: str | None = _trait("Family name: `Dupont`.")
    name: str | None = _trait("Full name, where it is known as one only: `Marie Dupont`.")
    gender: str | None = _trait("Gender, as the source writes it: `f`, `Mme`, `2`.")
    birth_date: str | None = _trait("Date of birth: `1986-04-30`, or in a format that the source declares.")
    email: str | None = _trait("E-mail address: `marie@example.com`.")
    email_2: str | None = _trait("A second e-mail address.")
    phone: str | None = _trait("Phone number: `+33 6 12 34 56 78`, or as it is dialled at home.")
    phone_2: str | None = _trait("A second phone number.")
    street: str | None = _trait("House number and street: `12 rue des Lilas`.")
    city: str | None = _trait("Town: `Lyon`.")
    postal_code: str | None = _trait("Postal code: `69003`.")
    region: str | None = _trait("State, province or region.")
    country: str | None = _trait("Country: `FR`, `France`.")
    language: str | None = _trait("Preferred language, BCP 47: `fr`.")
    company: str | None = _trait("Employer: `Acme`.")
    job_title: str | None = _trait("Position held: `Buyer`.")
    username: str | None = _trait("Name chosen on a site: `marie86`.")
    website: str | None = _trait("Personal or company site: `https://example.com`.")
    avatar: str | None = _trait("Address of a picture.")
    description: str | None = _trait("Free text.")
    age: str | None = _trait("Age in years: `39`.")


def read_traits(traits: TraitsInput | None) -> dict[str, str]:
    """The traits that are said, as they were sent."""
    return {name: value for name in TRAITS if (value := getattr(traits, name, None))} if traits else {}
