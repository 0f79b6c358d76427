"""Segment's group: the firm that somebody belongs to.

https://segment.com/docs/connections/spec/group/
"""

from collections.abc import Iterator

from graph_cdp.collect.meaning.subject import Subject
from graph_cdp.source.facts.model import COMPANY_FIELDS, Company

SEGMENT_NAMES = {
    "postal_code": ("postal_code", "postalCode"),
    "registration_number": ("registration_number", "siren", "siret"),
}
OF_THE_ADDRESS = {
    "street": ("street",), "city": ("city",), "postal_code": ("postalCode", "postal_code"), "region": ("state", "region"),
    "country": ("country",),
}  # fmt: skip


def read_companies(subject: Subject) -> Iterator[Company]:
    """The firm of a group message, with what is said of it."""
    if subject.type != "group":
        return
    number = subject.properties.key("groupId")
    if number is None:
        return
    said = subject.traits
    fields = {
        name: said.text(*SEGMENT_NAMES.get(name, (name,)), characters_max=2_000) for name in COMPANY_FIELDS
    }
    address = said.part("address") if not said.text("address") else None
    for name, theirs in OF_THE_ADDRESS.items():
        fields[name] = fields[name] or (address.text(*theirs) if address else None)
    yield Company(
        key=subject.key(number), fields={name: value for name, value in fields.items() if value is not None}
    )
