"""Consents: what a person allows, and every statement that says so."""

from typing import Any

import strawberry

from graph_cdp.api.mutations.consents import Channel, ConsentState, LawfulBasis
from graph_cdp.api.node import Node, Timestamp
from graph_cdp.api.selection.fields import Derived, column, one, part
from graph_cdp.api.source_record import OF_FACT, SourceRecord
from graph_cdp.api.timelines import timeline_rows
from graph_cdp.consent.model import StatedConsent
from graph_cdp.consent.rules import effective_consents

CONSENT_RECORDS = timeline_rows("consents", "ConsentRecord")


@strawberry.type(
    description="What a statement of consent is about: an e-mail address, a phone number, a device."
)
class ContactPoint:
    """An identifier, as a consent names it."""

    kind: str = column("it.kind", "What it is: `email`.")
    value: str = column("it.value", "The normalised value: `marie@example.com`.")


@strawberry.type(
    description="One statement about one purpose on one channel, after ISO/IEC TS 27560. It is never changed: a later one follows it."
)
class ConsentRecord(Node):
    """A consent record."""

    consent_id: strawberry.ID = column("it.id", "Its own id: opaque.")
    purpose: str = column("it.purpose", "What data is used for: `newsletter`.")
    channel: Channel = column("it.channel", "By what the person is reached.", shown=Channel)
    state: ConsentState = column("it.state", "What was said.", shown=ConsentState)
    lawful_basis: LawfulBasis | None = column("it.lawful_basis", "Why it may be done.", shown=LawfulBasis)
    notice_id: str | None = column("it.notice_id", "The notice that was shown: `privacy-notice`.")
    notice_version: str | None = column("it.notice_version", "Its version: `2026-01`.")
    method: str | None = column("it.method", "How it was said: `web form`.")
    evidence: str | None = column("it.evidence", "What proves it. For the roles admin, privacy and steward.")
    jurisdiction: str | None = column("it.jurisdiction", "Whose law holds, ISO 3166: `FR`.")
    signal: str | None = column("it.signal", "The raw string of a signal, such as IAB TCF.")
    source: str | None = column("it.source", "The name of the source that sent it.")
    occurred_at: Timestamp = column("it.occurred_at", "When it was said.")
    confirmed_at: Timestamp | None = column("it.confirmed_at", "When it was last repeated on that day.")
    recorded_at: Timestamp | None = column("it.recorded_at", "When graph_cdp recorded it.")
    contact_point: ContactPoint | None = one(
        "MATCH (parent)-[:ABOUT]->(it:Identifier)", "What it is about; null for the whole person."
    )
    record: SourceRecord | None = one(OF_FACT, "The source record that said it.")


@strawberry.type(description="What holds for a purpose on a channel, at one contact point, and why.")
class Consent:
    """An effective consent: a row of `CONSENTS`."""

    purpose: str = column("it.purpose", "What data is used for: `newsletter`.")
    channel: Channel = column("it.channel", "By what the person is reached.", shown=Channel)
    is_allowed: bool = column(
        "is_allowed", "Whether the person allows it. What is not in the list is not allowed."
    )
    contact_kind: str | None = column(
        "contact_kind", "The kind of the contact point or device: `email`; null for the whole person."
    )
    contact_value: str | None = column("contact_value", "Its normalised value: `marie@example.com`.")
    decided_by: ConsentRecord = part(
        "The statement that decides it: the newest, or an objection that covers all."
    )


def derive(rows: list[list[Any]]) -> list[list[Any]]:
    """The row of each deciding statement, with the contact point that it decides for."""
    by_id = {row[0]: row for row in rows}
    stated = [
        StatedConsent(
            id=row[0],
            purpose=row[1],
            channel=row[2],
            state=row[3],
            at=row[4],
            is_own=row[5],
            about=None if row[7] is None else (row[7], row[8]),
        )
        for row in rows
    ]
    decided: list[list[Any]] = []
    for one_ in effective_consents(stated):
        kind, value = one_.about or (None, None)
        row = by_id[one_.decided_by.id]
        decided.append([*row[:6], one_.is_allowed, kind, value, *row[9:]])
    return decided


COLUMNS = (
    "it.id",
    "it.purpose",
    "it.channel",
    "it.state",
    "said_at",
    "is_own",
    "is_allowed",
    "contact_kind",
    "contact_value",
)
"""What the rule reads of each row, in this order."""

CONSENTS = Derived(
    columns=COLUMNS,
    derive=derive,
    match="""CALL (parent) {
  MATCH (parent)<-[:RESOLVES_TO]-(:SourceRecord)-[holding:HAS_IDENTIFIER]->(point:Identifier)<-[:ABOUT]-(it:ConsentRecord)
  WHERE holding.valid_to IS NULL
  RETURN it, point
  UNION
  MATCH (parent)<-[:RESOLVES_TO]-(:SourceRecord)-[:GAVE]->(it:ConsentRecord)
  WHERE NOT EXISTS { (it)-[:ABOUT]->(:Identifier) }
  RETURN it, null AS point
}
WITH it, point, coalesce(it.confirmed_at, it.occurred_at) AS said_at,
     EXISTS { (parent)<-[:RESOLVES_TO]-(:SourceRecord)-[:GAVE]->(it) } AS is_own
ORDER BY said_at DESC, it.id DESC
WITH point, is_own, it.purpose AS purpose, it.channel AS channel, it.state AS state,
     head(collect([it, said_at])) AS newest
WITH newest[0] AS it, newest[1] AS said_at, is_own, false AS is_allowed,
     point.kind AS contact_kind, point.value AS contact_value""",
)
"""What holds, by the rule of `graph_cdp.consent`: of each who said what of a contact point the newest is read."""
