"""Transactions: what people bought, returned, reserved or renewed, line by line."""

from enum import Enum
from typing import Annotated

import strawberry

from graph_cdp.api.catalogue import Product, Store
from graph_cdp.api.node import Node, Timestamp
from graph_cdp.api.selection.fields import Rows, column, many, one
from graph_cdp.api.source_record import OF_FACT, SourceRecord
from graph_cdp.api.timelines import only, timeline_rows


@strawberry.enum(description="What kind of transaction it is.")
class TransactionKind(Enum):
    """The names are GraphQL's (capitals), the values the graph's."""

    ORDER = strawberry.enum_value("order", description="Something was bought.")
    RETURN = strawberry.enum_value("return", description="Something was brought back.")
    RESERVATION = strawberry.enum_value("reservation", description="Something was put aside.")
    RENEWAL = strawberry.enum_value("renewal", description="A subscription or contract went on.")
    BASKET = strawberry.enum_value("basket", description="A basket that was filled, and not paid for yet.")


@strawberry.type(description="One line of a transaction: so many of a product, at a price each.")
class TransactionLine:
    """What the relationship to the product says."""

    position: int = column("it.position", "Its place in the transaction, from 1.")
    quantity: float | None = column("it.quantity", "How many: `2`.")
    unit_price: float | None = column(
        "it.unit_price", "The price of one, in units of the transaction's currency."
    )
    name: str | None = column("it.name", "The product's name as the message gave it.")
    product: Product | None = one("MATCH (it:Product {sku: parent.sku})", "The product.")


@strawberry.type(description="A purchase, return, reservation, renewal or basket.")
class Transaction(Node):
    """A transaction."""

    transaction_id: strawberry.ID = column("it.id", "Its own id: opaque.")
    key: str = column("it.key", "The source and its own number, for example `shop:order-1017`.")
    kind: TransactionKind = column("it.kind", "What kind it is.", shown=TransactionKind)
    amount: float | None = column("it.amount", "The total, in units of `currency`: `129.9`.")
    currency: str | None = column("it.currency", "ISO 4217, for example `EUR`.")
    quantity: int | None = column("it.quantity", "The number of articles: `3`.")
    status: str | None = column(
        "it.status", "How far it is, in the source's words: `completed`, `cancelled`."
    )
    tax: float | None = column("it.tax", "The tax in it, in units of `currency`.")
    shipping: float | None = column("it.shipping", "What delivery cost, in units of `currency`.")
    discount: float | None = column("it.discount", "What was taken off, in units of `currency`.")
    coupon: str | None = column("it.coupon", "The code of the coupon that was used: `SUMMER`.")
    occurred_at: Timestamp = column("it.occurred_at", "When it happened.")
    record: SourceRecord | None = one(OF_FACT, "The source record that it hangs on.")
    lines: list[TransactionLine] = many(
        """MATCH (parent)-[line:CONTAINS]->(product:Product)
WITH line, product ORDER BY line.position
WITH {position: line.position, quantity: line.quantity, unit_price: line.unit_price, name: line.name, sku: product.sku} AS it
LIMIT 100""",
        "What it is made of, line by line; the first 100.",
    )
    store: Store | None = one(
        "MATCH (parent)-[:AT]->(it:Store)", "The store where it was made; null elsewhere."
    )
    returns: Annotated["Transaction", strawberry.lazy("graph_cdp.api.transaction")] | None = one(
        "MATCH (parent)-[:RETURNS]->(it:Transaction) WHERE it.kind IS NOT NULL",
        "The order that a return takes back, where it is known.",
    )
    returned_by: list[Annotated["Transaction", strawberry.lazy("graph_cdp.api.transaction")]] = many(
        """MATCH (parent)<-[:RETURNS]-(it:Transaction)
WHERE it.kind IS NOT NULL
WITH it ORDER BY it.occurred_at, it.id LIMIT 20""",
        "The returns of an order, oldest first; the first 20.",
    )


TRANSACTIONS: Rows = timeline_rows(
    "transactions",
    "Transaction",
    always=["it.kind IS NOT NULL"],
    wanted=["($kinds IS NULL OR it.kind IN $kinds)"],
    filters=(
        only("kinds", list[TransactionKind] | None, "Only transactions of these kinds; all if left out."),
    ),
)
