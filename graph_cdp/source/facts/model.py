"""The facts that a message may state: purchases, the catalogue, campaigns, firms, cases, devices, consents.

A message that states a fact again corrects it: the newest statement wins, by the time it occurred and then by the hash
of the message, so that the order of arrival does not matter. A statement is whole: what it leaves out is unknown, and
no longer what an older one said.

`key`s are unique over all sources: `source:` and the source's own number (`number_key`). Times are epoch milliseconds,
money is in units of `currency` (ISO 4217). Every text is trimmed and limited by whoever makes the fact.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from graph_cdp.ids import Millis, RecordKey

TransactionKind = Literal["order", "return", "reservation", "renewal", "basket"]
InteractionKind = Literal[
    "sent", "delivered", "opened", "clicked", "bounced", "unsubscribed", "complained", "converted"
]
Channel = Literal["email", "sms", "push", "phone", "post", "ads", "web"]
ConsentState = Literal["given", "refused", "withdrawn", "expired"]
LawfulBasis = Literal[
    "consent",
    "contract",
    "legal_obligation",
    "vital_interests",
    "public_task",
    "legitimate_interests",
]
"""GDPR, article 6."""

CaseKind = Literal["call", "complaint", "request", "survey", "mention"]
"""What people say to a firm or of it; a mention is one in social media."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of a transaction: so many of a product, at a price each; its name as the message gave it."""

    sku: str
    name: str | None = None
    quantity: float = 1
    unit_price: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Transaction:
    """A purchase, return, reservation, renewal or basket, made by the record of its message.

    `quantity` is the number of articles, `store` the code of the store it was made at, `returns` the key of the order
    that a return takes back, `status` the source's word for how far it is (`completed`, `cancelled`).
    """

    key: str
    kind: TransactionKind
    amount: float | None = None
    currency: str | None = None
    quantity: int | None = None
    status: str | None = None
    tax: float | None = None
    shipping: float | None = None
    discount: float | None = None
    coupon: str | None = None
    store: str | None = None
    returns: str | None = None
    lines: tuple[Line, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TransactionStatus:
    """Only how far a transaction is, said without its other values: 'Order Cancelled' with nothing but the order's id."""

    key: str
    kind: TransactionKind
    status: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Product:
    """An article of the catalogue. `stock` is how many are left, `introduces` says that a message only mentioned it: that
    makes it known, each field in the words of the latest day, and never overrides what a product feed says.
    """

    sku: str
    name: str | None = None
    brand: str | None = None
    category: str | None = None
    variant: str | None = None
    price: float | None = None
    currency: str | None = None
    stock: int | None = None
    size: str | None = None
    color: str | None = None
    season: str | None = None
    url: str | None = None
    image_url: str | None = None
    introduces: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Store:
    """A store, by the code that tills and files call it. `org_unit` is the id of the unit that it belongs to."""

    code: str
    name: str | None = None
    kind: str | None = None
    street: str | None = None
    postal_code: str | None = None
    city: str | None = None
    country: str | None = None
    org_unit: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Interaction:
    """That the message is about a mailing: what happened to it, and the link that was clicked."""

    campaign_key: str
    kind: InteractionKind
    channel: Channel = "email"
    campaign_name: str | None = None
    link: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Company:
    """A firm that the record of the message belongs to: Segment's group. Each field keeps its newest value."""

    key: str
    fields: Mapping[str, str] = field(default_factory=dict[str, str])
    """By the names of `COMPANY_FIELDS`."""


COMPANY_FIELDS = (
    "name", "industry", "employees", "plan", "website", "email", "phone", "street", "city", "postal_code", "region",
    "country", "description", "revenue", "registration_number",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A call, complaint, request, survey answer or mention. `satisfaction` goes from 0 to 1, whatever scale the source has."""

    key: str
    kind: CaseKind
    status: str | None = None
    channel: str | None = None
    subject: str | None = None
    topic: str | None = None
    satisfaction: float | None = None
    opened_at: Millis | None = None
    closed_at: Millis | None = None
    store: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Device:
    """What a browser or phone is. `identifier` is its (kind, value): an anonymous_id or advertising_id of the message."""

    identifier: tuple[str, str]
    platform: str | None = None
    model: str | None = None
    manufacturer: str | None = None
    os_version: str | None = None
    app_version: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """One statement about one purpose on one channel, after ISO/IEC TS 27560: append-only, never corrected.

    `about` is the (kind, value) of the contact point or device that it is about, one of the message's identifiers; None
    for an objection that covers the whole person. `repeats` says that the message only repeats what was chosen before,
    as every page view does: the repetitions of a day are one record, from `occurred_at` to `confirmed_at`.
    """

    purpose: str
    channel: Channel
    state: ConsentState
    about: tuple[str, str] | None = None
    lawful_basis: LawfulBasis = "consent"
    notice_id: str | None = None
    notice_version: str | None = None
    method: str | None = None
    evidence: str | None = None
    jurisdiction: str | None = None
    signal: str | None = None
    """The raw string of a signal (IAB TCF, Google Consent Mode), as it was received."""
    repeats: bool = False


Fact: TypeAlias = (
    Transaction | TransactionStatus | Product | Store | Interaction | Company | Case | Device | Consent
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """A fact, and who stated it: the source, when, and in which message; `record_key` is the record that it hangs on, None
    for what is about nobody (a row of a product feed).
    """

    fact: Fact
    source: str
    message_id: str
    occurred_at: Millis
    body_hash: str
    record_key: RecordKey | None = None

    @property
    def order(self) -> tuple[Millis, str]:
        """Of two statements about one thing the greater wins."""
        return self.occurred_at, self.body_hash


def number_key(source: str, number: str) -> str:
    """The key of a transaction, case, company or campaign: the source's own number, behind its name."""
    return f"{source}:{number}"
