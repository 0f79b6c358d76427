"""What is known of a person or a record, field by field: the traits, with their meaning."""

from collections.abc import Mapping

import strawberry

from graph_cdp.source.model import TRAITS


@strawberry.type
class TraitFields:
    """The fields that a golden record and a source record share: one for each of `TRAITS`."""

    title: str | None = strawberry.field(description="Form of address, for example `Mme`.")
    first_name: str | None = strawberry.field(description="Given name.")
    last_name: str | None = strawberry.field(description="Family name.")
    name: str | None = strawberry.field(description="Full name, where it was given as one.")
    gender: str | None = strawberry.field(description="Gender, as given.")
    birth_date: str | None = strawberry.field(description="Date of birth, `YYYY-MM-DD`.")
    email: str | None = strawberry.field(description="E-mail address, normalised.")
    email_2: str | None = strawberry.field(description="A second e-mail address.")
    phone: str | None = strawberry.field(description="Phone number, E.164: `+33612345678`.")
    phone_2: str | None = strawberry.field(description="A second phone number.")
    street: str | None = strawberry.field(description="House number and street.")
    city: str | None = strawberry.field(description="Town.")
    postal_code: str | None = strawberry.field(description="Postal code.")
    region: str | None = strawberry.field(description="State, province or region.")
    country: str | None = strawberry.field(description="Country, ISO 3166-1 alpha-2: `FR`.")
    language: str | None = strawberry.field(description="Preferred language, BCP 47: `fr`.")
    company: str | None = strawberry.field(description="Employer.")
    job_title: str | None = strawberry.field(description="Position held.")
    username: str | None = strawberry.field(description="Name chosen on a site.")
    website: str | None = strawberry.field(description="Personal or company site.")
    avatar: str | None = strawberry.field(description="Address of a picture.")
    description: str | None = strawberry.field(description="Free text.")
    age: str | None = strawberry.field(description="Age in years, as given.")


def trait_values(traits: Mapping[str, str]) -> dict[str, str | None]:
    """A value, or None, for each field of `TraitFields`."""
    return {trait: traits.get(trait) for trait in TRAITS}
