"""What a row of a file may be, and which keys of a mapping belong to it: a table, so that a new entity is a row of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, get_args

Entity = Literal[
    "record", "transaction", "transaction_line", "consent", "case", "company", "product", "store"
]

ENTITIES: tuple[Entity, ...] = get_args(Entity)

CUSTOMER_KEYS = ("customer_id", "customer")
"""The two ways to say whose a row is: by the customer's number in the same source, or by an identifier."""

DATED = frozenset({"timestamp", "opened_at", "closed_at", "traits.birth_date"})
"""The places whose values have a format."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EntityKeys:
    """What a mapping may say of an entity.

    `values` are keys that each take a value, `parts` those that hold more than one, `required` are of either. `customer`
    says whether a row names whom it is about: never, if it likes, or always.
    """

    values: frozenset[str]
    parts: frozenset[str] = frozenset()
    required: tuple[str, ...] = ()
    customer: Literal["never", "may", "must"] = "never"

    @property
    def all(self) -> frozenset[str]:
        """Every key that only some entities have and this one does."""
        return self.values.union(self.parts, () if self.customer == "never" else CUSTOMER_KEYS)


_TRANSACTION = frozenset({
    "transaction_id", "kind", "amount", "currency", "quantity", "store", "status", "tax", "shipping", "discount", "coupon",
    "returns",
})  # fmt: skip

KEYS: Mapping[Entity, EntityKeys] = {
    "record": EntityKeys(
        values=frozenset({"record_id", "org_unit"}),
        parts=frozenset({"traits", "identifiers"}),
        required=("record_id",),
    ),
    "transaction": EntityKeys(
        values=_TRANSACTION, required=("transaction_id", "timestamp"), customer="must"
    ),
    "transaction_line": EntityKeys(
        values=_TRANSACTION,
        parts=frozenset({"line"}),
        required=("transaction_id", "timestamp", "line"),
        customer="must",
    ),
    "consent": EntityKeys(
        values=frozenset({
            "purpose", "channel", "state", "lawful_basis", "notice_id", "notice_version", "method", "evidence", "jurisdiction",
        }),
        parts=frozenset({"about"}),
        required=("purpose", "channel", "state", "timestamp"),
        customer="must",
    ),
    "case": EntityKeys(
        values=frozenset({
            "case_id", "kind", "status", "channel", "subject", "topic", "satisfaction", "opened_at", "closed_at", "store",
        }),
        required=("case_id", "kind"),
        customer="must",
    ),
    "company": EntityKeys(
        values=frozenset({"company_id"}),
        parts=frozenset({"fields"}),
        required=("company_id",),
        customer="may",
    ),
    "product": EntityKeys(
        values=frozenset({
            "sku", "name", "brand", "category", "variant", "price", "currency", "stock", "size", "color", "season", "url",
            "image_url",
        }),
        required=("sku",),
    ),
    "store": EntityKeys(
        values=frozenset({"code", "name", "kind", "street", "postal_code", "city", "country", "org_unit"}),
        required=("code",),
    ),
}  # fmt: skip

VALUES = frozenset({"timestamp"}).union(*(keys.values for keys in KEYS.values()))
"""Every key that takes a value."""

GROUPS = ("traits", "fields", "line")
"""Every key that holds values by name."""

OF_SOME = frozenset(CUSTOMER_KEYS).union(*(keys.all for keys in KEYS.values()))
"""Every key that not all entities have."""
