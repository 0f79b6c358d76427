"""Transactions: what people bought, returned, reserved or renewed."""

from enum import Enum
from typing import Self

import strawberry

from graph_cdp.api.context import Info
from graph_cdp.api.node import Node, Timestamp, global_id
from graph_cdp.api.reads.transaction import TransactionRow
from graph_cdp.api.source_record import SourceRecord, find_record

LIST = "transactions"


@strawberry.enum(description="What kind of transaction it is.")
class TransactionKind(Enum):
    """The names are GraphQL's (capitals), the values the graph's."""

    ORDER = strawberry.enum_value("order", description="Something was bought.")
    RETURN = strawberry.enum_value("return", description="Something was brought back.")
    RESERVATION = strawberry.enum_value("reservation", description="Something was put aside.")
    RENEWAL = strawberry.enum_value("renewal", description="A subscription or contract went on.")
    BASKET = strawberry.enum_value("basket", description="A basket that was filled, and not paid for yet.")


@strawberry.type(description="A purchase, return, reservation, renewal or basket.")
class Transaction(Node):
    """A transaction."""

    transaction_id: strawberry.ID = strawberry.field(description="Its own id: opaque.")
    key: str = strawberry.field(description="The source and its own number, for example `shop:order-1017`.")
    kind: TransactionKind = strawberry.field(description="What kind it is.")
    amount: float | None = strawberry.field(description="The total, in units of `currency`.")
    currency: str | None = strawberry.field(description="ISO 4217, for example `EUR`.")
    quantity: int | None = strawberry.field(description="The number of articles.")
    occurred_at: Timestamp = strawberry.field(description="When it happened.")
    on_record: strawberry.Private[str]

    @classmethod
    def of(cls, row: TransactionRow) -> Self:
        """The type's object for what was read."""
        return cls(
            id=global_id("Transaction", row.id),
            transaction_id=strawberry.ID(row.id),
            key=row.key,
            kind=TransactionKind(row.kind),
            amount=row.amount,
            currency=row.currency,
            quantity=row.quantity,
            occurred_at=Timestamp(row.occurred_at),
            on_record=row.record_id,
        )

    @strawberry.field(description="The source record that it hangs on.")
    async def record(self, info: Info) -> SourceRecord | None:
        """The record, by the loader of records."""
        return await find_record(info, self.on_record)
