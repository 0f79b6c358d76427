"""What a source says: the normalised message, the one form in which every door hands facts to the ingest flow."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from graph_cdp.ids import Millis, RecordKey
from graph_cdp.source.facts.model import Fact, Statement

MessageType = Literal[
    "identify", "track", "page", "screen", "group", "alias", "record", "transaction", "fact"
]
"""The Segment types, plus `record` (a row about a customer), `transaction` (a row about a purchase) and `fact` (any
other row or mutation about a customer: a case, a consent, a firm).
"""

TRAITS = (
    "title", "first_name", "last_name", "name", "gender", "birth_date", "email", "email_2", "phone", "phone_2",
    "street", "city", "postal_code", "region", "country", "language", "company", "job_title", "username",
    "website", "avatar", "description", "age",
)  # fmt: skip
"""Every trait that becomes a property of a source record. An allow-list, because Neo4j keeps each property
name for ever: others travel in the message's payload only."""


class IdentifierKey(NamedTuple):
    """A normalised (kind, value): what may point at a person.

    A tuple and no dataclass, since every step of a resolution hashes and compares thousands: in C, five times as fast.
    """

    kind: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One accepted message or row, normalised.

    `record_key` names the record it is about: the most identified one (DESIGN: user id, else e-mail, else
    phone, else anonymous id; a row by its own id); None for what is about nobody (a product, a store). `traits` are normalised and limited to `TRAITS`;
    `complete` says that they, and the identifiers, are the whole state of the record (a row), not an addition
    to it (a Segment message). `verified` names the traits whose values the source has verified, `flags` the
    business rules that flagged or mended a value. `occurred_at` is the source's time, corrected for its clock; `payload` is the
    message as received (JSON text), kept for ever; `body_hash` tells two messages with one id apart. `facts` is what
    else it says: purchases, products, consents (`source.facts`). `org_unit` is the id of the unit of the network that its record
    belongs to; None where it says nothing of it.
    """

    source: str
    message_id: str
    type: MessageType
    record_key: RecordKey | None
    occurred_at: Millis
    received_at: Millis
    payload: str
    body_hash: str
    name: str | None = None
    traits: Mapping[str, str] = field(default_factory=dict[str, str])
    identifiers: tuple[IdentifierKey, ...] = ()
    complete: bool = False
    verified: frozenset[str] = frozenset()
    flags: tuple[str, ...] = ()
    facts: tuple[Fact, ...] = ()
    org_unit: str | None = None

    def statements(self) -> list[Statement]:
        """Its facts, each with who stated it and when."""
        return [
            Statement(
                fact=fact,
                source=self.source,
                message_id=self.message_id,
                occurred_at=self.occurred_at,
                body_hash=self.body_hash,
                record_key=self.record_key,
            )
            for fact in self.facts
        ]
