"""What is known of a person or a record, field by field: the traits, with their meaning."""

import strawberry

from graph_cdp.api.selection.fields import column


@strawberry.type
class TraitFields:
    """The fields that a golden record and a source record share: one for each of `TRAITS`."""

    title: str | None = column("it.title", "Form of address, for example `Mme`.")
    first_name: str | None = column("it.first_name", "Given name.")
    last_name: str | None = column("it.last_name", "Family name.")
    name: str | None = column("it.name", "Full name, where it was given as one.")
    gender: str | None = column("it.gender", "Gender, as given.")
    birth_date: str | None = column("it.birth_date", "Date of birth, `YYYY-MM-DD`.")
    email: str | None = column("it.email", "E-mail address, normalised.")
    email_2: str | None = column("it.email_2", "A second e-mail address.")
    phone: str | None = column("it.phone", "Phone number, E.164: `+33612345678`.")
    phone_2: str | None = column("it.phone_2", "A second phone number.")
    street: str | None = column("it.street", "House number and street.")
    city: str | None = column("it.city", "Town.")
    postal_code: str | None = column("it.postal_code", "Postal code.")
    region: str | None = column("it.region", "State, province or region.")
    country: str | None = column("it.country", "Country, ISO 3166-1 alpha-2: `FR`.")
    language: str | None = column("it.language", "Preferred language, BCP 47: `fr`.")
    company: str | None = column("it.company", "Employer.")
    job_title: str | None = column("it.job_title", "Position held.")
    username: str | None = column("it.username", "Name chosen on a site.")
    website: str | None = column("it.website", "Personal or company site.")
    avatar: str | None = column("it.avatar", "Address of a picture.")
    description: str | None = column("it.description", "Free text.")
    age: str | None = column("it.age", "Age in years, as given.")
