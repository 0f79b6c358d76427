"""The person: the 360 view."""

import strawberry

from graph_cdp.api.basics import BASICS, Basics
from graph_cdp.api.campaign import INTERACTIONS, Interaction
from graph_cdp.api.case import CASES, Case
from graph_cdp.api.company import COMPANIES, CompanyConnection
from graph_cdp.api.connections import Connection
from graph_cdp.api.consent import CONSENT_RECORDS, CONSENTS, Consent, ConsentRecord
from graph_cdp.api.event import EVENTS, Event
from graph_cdp.api.fact import FACTS, Fact
from graph_cdp.api.identifier import DEVICES, IDENTIFIERS, DeviceConnection, IdentifierConnection
from graph_cdp.api.node import Node, Timestamp
from graph_cdp.api.selection.fields import Rows, column, derived, many, one, pages, part
from graph_cdp.api.source_record import RECORDS, SourceRecord
from graph_cdp.api.traits import TraitFields
from graph_cdp.api.transaction import TRANSACTIONS, Transaction
from graph_cdp.source.model import TRAITS

ORIGINS = f"""WITH properties(parent) AS golden
UNWIND {list(TRAITS)} AS trait
WITH golden, trait WHERE golden[trait] IS NOT NULL
WITH {{field: trait, record_id: golden[trait + '_from'], at: golden[trait + '_at']}} AS it"""

ORIGIN = "MATCH (it:SourceRecord {id: parent.record_id})"

CHANGES = Rows(
    name="changes",
    match="""MATCH (it:IdentityChange)
USING INDEX SEEK it:IdentityChange(person_id, sequence)
WHERE it.person_id = parent.id AND it.sequence > 0""",
    at="it.sequence",
)


@strawberry.type(description="Where one field of a golden record came from.")
class Provenance:
    """The origin of a value."""

    field: str = column("it.field", "The field of the golden record, for example `email`.")
    record_id: strawberry.ID = column("it.record_id", "The own id of the source record whose value it is.")
    at: Timestamp = column("it.at", "When that record said so.")
    record: SourceRecord | None = one(ORIGIN, "The source record whose value it is.")
    source: str | None = column(
        "head(COLLECT { MATCH (stated:SourceRecord {id: it.record_id}) RETURN stated.source })",
        "The name of the source that said so, for example `crm`.",
    )


@strawberry.type(
    description="The values that survive among all records of a person, each with where it came from."
)
class GoldenRecord(TraitFields):
    """The golden record."""

    provenance: list[Provenance] = many(
        ORIGINS, "Where each value came from: one entry for each field that has a value."
    )


@strawberry.type(description="An entry of the journal: how records came to be, or ceased to be, one person.")
class IdentityChange:
    """A change of identity."""

    change_id: strawberry.ID = column("it.id", "Its own id: opaque.")
    sequence: int = column("it.sequence", "Its number: the order of all changes is that of their commits.")
    kind: str | None = column("it.kind", "What happened: `attach`, `merge`, `split`.")
    at: Timestamp | None = column("it.at", "When.")
    by: str | None = column("it.by", "By which policy, or by whom.")
    evidence: list[str] = column(
        "coalesce(it.evidence, [])", 'Why: kinds and opaque ids, never values: `["email 5f0c…"]`.'
    )


@strawberry.type(description="A person: the records that were found to be one, and what they say together.")
class Person(Node):
    """A person."""

    person_id: strawberry.ID = column("it.id", "Its own id: stable, also after a merge.")
    requested_id: strawberry.ID | None = column(
        "requested_id",
        "The person id that was asked for; null where the person was reached otherwise.",
        carries="requested_id",
    )
    redirected: bool = column(
        "coalesce(requested_id <> it.id, false)",
        "Whether the id that was asked for is one that was merged into this person.",
        carries="requested_id",
        otherwise="false",
    )
    is_known: bool = column(
        "it.known", "Whether something says who it is: a user id, customer id, card, e-mail or phone."
    )
    created_at: Timestamp = column("it.created_at", "When graph_cdp first heard of this person.")
    golden_record: GoldenRecord = part('What is known, one value a field: `{email: "marie@example.com"}`.')
    basics: Basics = one(BASICS, "What is computed of its purchases.")
    records: Connection[SourceRecord] = pages(
        RECORDS, "The source records that make up this person, oldest first."
    )
    identifiers: IdentifierConnection = pages(
        IDENTIFIERS, "The identifiers that its records hold now, by when they were first seen."
    )
    devices: DeviceConnection = pages(
        DEVICES, "The browsers and phones that it uses, by when they were first seen."
    )
    timeline: Connection[Fact] = pages(FACTS, "All that it did and said, of every kind, newest first.")
    events: Connection[Event] = pages(EVENTS, "The messages about what it did, newest first.")
    transactions: Connection[Transaction] = pages(
        TRANSACTIONS, "What it bought, returned, reserved or renewed, newest first."
    )
    interactions: Connection[Interaction] = pages(
        INTERACTIONS, "What happened to the mailings that it was sent, newest first."
    )
    cases: Connection[Case] = pages(
        CASES, "Its calls, complaints, requests and answers to surveys, newest first."
    )
    companies: CompanyConnection = pages(COMPANIES, "The firms that it belongs to, by since when.")
    consents: list[Consent] = derived(
        CONSENTS,
        "What it allows now, by purpose, channel and contact point, with the statement that decides.",
    )
    consent_records: Connection[ConsentRecord] = pages(
        CONSENT_RECORDS, "Every statement of consent that its records made, newest first."
    )
    changes: Connection[IdentityChange] = pages(CHANGES, "How it came to be this person, newest first.")
