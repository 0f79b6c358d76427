"""`write_transactions`: purchases, returns, reservations, renewals and baskets."""

from dataclasses import replace
from typing import Annotated, cast

import strawberry

from graph_cdp.api.context import Info
from graph_cdp.api.mutations.inputs import KEY, Source, SubjectInput, find_subject
from graph_cdp.api.mutations.receiving import Received, receive
from graph_cdp.api.mutations.results import WriteResults
from graph_cdp.api.transaction import TransactionKind
from graph_cdp.intake.identifiers import BadField, Found
from graph_cdp.intake.values import (
    read_amount,
    read_count,
    read_currency,
    read_key,
    read_line,
    read_optional_key,
)
from graph_cdp.source.facts import model
from graph_cdp.source.facts.model import Line, Transaction, number_key
from graph_cdp.source.model import Message

LINES_MAX = 100
"""Lines of one transaction: a wholesale order has some tens, and a message at most 32 kB."""


@strawberry.input(description="One line of a transaction: so many of a product, at a price each.")
class LineInput:
    """A line."""

    sku: str = strawberry.field(description="The number of the article: `SKU-12-M`.")
    name: str | None = strawberry.field(
        default=strawberry.UNSET, description="Its name, as the receipt has it: `Linen shirt`."
    )
    quantity: float = strawberry.field(default=1, description="How many, or how much: `2`, `0.75`.")
    unit_price: float | None = strawberry.field(
        default=strawberry.UNSET, description="The price of one, in units of the currency: `59.9`."
    )


@strawberry.input(
    description="A transaction. Written again with another key it corrects itself: the statement of the later time counts."
)
class TransactionInput:
    """A transaction."""

    idempotency_key: str = strawberry.field(description=KEY)
    about: SubjectInput = strawberry.field(description='Who made it: `{row_id: "17"}`.')
    number: str = strawberry.field(description="The source's own number: `1017` is the key `shop:1017`.")
    kind: TransactionKind = strawberry.field(default=TransactionKind.ORDER, description="What kind it is.")
    occurred_at: str = strawberry.field(description="When it was made, ISO 8601: `2026-01-31T12:00:00Z`.")
    amount: float | None = strawberry.field(
        default=strawberry.UNSET, description="The total, in units of the currency: `119.8`."
    )
    currency: str | None = strawberry.field(default=strawberry.UNSET, description="ISO 4217: `EUR`.")
    quantity: int | None = strawberry.field(
        default=strawberry.UNSET, description="The number of articles: `2`."
    )
    status: str | None = strawberry.field(
        default=strawberry.UNSET, description="How far it is, in the source's word: `completed`, `cancelled`."
    )
    tax: float | None = strawberry.field(
        default=strawberry.UNSET, description="The tax that the total holds: `19.97`."
    )
    shipping: float | None = strawberry.field(
        default=strawberry.UNSET, description="What delivery cost: `4.9`."
    )
    discount: float | None = strawberry.field(
        default=strawberry.UNSET, description="What was taken off: `10`."
    )
    coupon: str | None = strawberry.field(
        default=strawberry.UNSET, description="The code of a coupon: `SUMMER`."
    )
    store: str | None = strawberry.field(
        default=strawberry.UNSET, description="The code of the store it was made at: `LYO-1`."
    )
    returns: str | None = strawberry.field(
        default=strawberry.UNSET,
        description="Of a return: the number of the order that it takes back: `1017`.",
    )
    lines: list[LineInput] | None = strawberry.field(
        default=strawberry.UNSET, description='Its lines, at most 100: `[{sku: "SKU-12-M", quantity: 2}]`.'
    )


@strawberry.type
class TransactionMutations:
    """The mutations of this module."""

    @strawberry.mutation(description="Write up to 100 transactions; each is judged by itself.")
    async def write_transactions(
        self,
        info: Info,
        transactions: Annotated[
            list[TransactionInput], strawberry.argument(description="The transactions, 1 to 100.")
        ],
        source: Source = strawberry.UNSET,
    ) -> WriteResults | None:
        """Transactions, as rows of a file are written."""
        return await receive(info, transactions, read_transaction, source=source or None)


def read_transaction(item: TransactionInput, received: Received) -> Message:
    """The message that a transaction was made. The articles of its lines become known by it.

    Raises:
        NoIdentity: nothing says who made it.
        BadField, BadNumber: a field is not of its form.
        BadTime: the time is blank, or cannot be true.
    """
    source = received.receipt.source
    found = Found(region=received.receipt.region)
    record_key = find_subject(found, item.about, source=source)
    if not item.occurred_at.strip():
        raise BadField("occurred_at is blank: a transaction was made at some time.", code="INVALID_TIMESTAMP")
    if len(item.lines or ()) > LINES_MAX:
        raise BadField(f"lines are more than {LINES_MAX}.")
    lines = tuple(_read_line(line) for line in item.lines or ())
    returned = read_optional_key(item.returns, name="returns")
    fact = Transaction(
        key=number_key(source, read_key(item.number, name="number")),
        kind=cast("model.TransactionKind", item.kind.value),
        amount=read_amount(item.amount, name="amount"),
        currency=read_currency(item.currency),
        quantity=read_count(item.quantity, name="quantity"),
        status=read_line(item.status, name="status"),
        tax=read_amount(item.tax, name="tax"),
        shipping=read_amount(item.shipping, name="shipping"),
        discount=read_amount(item.discount, name="discount"),
        coupon=read_line(item.coupon, name="coupon"),
        store=read_optional_key(item.store, name="store"),
        returns=number_key(source, returned) if returned else None,
        lines=lines,
    )
    message = received.message("transaction", record_key, found, occurred_at=item.occurred_at)
    return replace(message, name=item.kind.value, facts=(fact,))


def _read_line(line: LineInput) -> Line:
    return Line(
        sku=read_key(line.sku, name="lines.sku"),
        name=read_line(line.name, name="lines.name"),
        quantity=read_amount(line.quantity, name="lines.quantity") or 0.0,
        unit_price=read_amount(line.unit_price, name="lines.unit_price"),
    )
