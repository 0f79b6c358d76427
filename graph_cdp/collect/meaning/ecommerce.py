"""Segment's e-commerce specification, version 2: events become transactions with their lines, and products.

https://segment.com/docs/connections/spec/ecommerce/v2/
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from graph_cdp.collect.meaning.said import MISSING, UNREADABLE, Said
from graph_cdp.collect.meaning.subject import Subject
from graph_cdp.source.facts.model import Fact, Line, Product, Transaction, TransactionKind, TransactionStatus

LINES_MAX = 500
"""Lines of one transaction, or products of one list, that are read: a message of 32 kB has room for about as many."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Meaning:
    """What an event says of a transaction: its kind, the names under which its number may stand, and how far it is.

    One that `follows` comes after the event that says what was bought. Where it has no amount its lines are those of a parcel, or a
    reminder of the order's, and only the status is taken.
    """

    kind: TransactionKind
    numbers: tuple[str, ...]
    status: str | None = None
    prefix: str = ""
    follows: bool = False


ORDER = ("order_id", "orderId", "transaction_id")
BASKET = ("cart_id", "cartId", "checkout_id", "checkoutId", *ORDER)
RESERVATION = ("reservation_id", "reservationId", "booking_id", "bookingId", *ORDER)
RETURN = ("return_id", "returnId", "refund_id", "refundId")
RENEWAL = ("renewal_id", "renewalId", *ORDER)

WHOLE: dict[str, Meaning] = {
    "order completed": Meaning(kind="order", numbers=ORDER, status="completed"),
    "order updated": Meaning(kind="order", numbers=ORDER),
    "order cancelled": Meaning(kind="order", numbers=ORDER, status="cancelled", follows=True),
    "order shipped": Meaning(kind="order", numbers=ORDER, status="shipped", follows=True),
    "order delivered": Meaning(kind="order", numbers=ORDER, status="delivered", follows=True),
    "order fulfilled": Meaning(kind="order", numbers=ORDER, status="fulfilled", follows=True),
    "cart viewed": Meaning(kind="basket", numbers=BASKET, status="active", prefix="basket/"),
    "checkout started": Meaning(kind="basket", numbers=BASKET, status="checkout", prefix="basket/"),
    "product added": Meaning(kind="basket", numbers=("cart_id", "cartId"), status="active", prefix="basket/"),
    "product removed": Meaning(
        kind="basket", numbers=("cart_id", "cartId"), status="active", prefix="basket/"
    ),
    "reservation completed": Meaning(kind="reservation", numbers=RESERVATION, status="confirmed"),
    "reservation cancelled": Meaning(
        kind="reservation", numbers=RESERVATION, status="cancelled", follows=True
    ),
    "booking completed": Meaning(kind="reservation", numbers=RESERVATION, status="confirmed"),
    "booking cancelled": Meaning(kind="reservation", numbers=RESERVATION, status="cancelled", follows=True),
    "booking confirmed": Meaning(kind="reservation", numbers=RESERVATION, status="confirmed"),
    "subscription renewed": Meaning(kind="renewal", numbers=RENEWAL, status="completed"),
    "membership renewed": Meaning(kind="renewal", numbers=RENEWAL, status="completed"),
    "policy renewed": Meaning(kind="renewal", numbers=RENEWAL, status="completed"),
    "contract renewed": Meaning(kind="renewal", numbers=RENEWAL, status="completed"),
}
"""Of an event that says neither lines nor an amount only the status is taken: it must not erase what is known."""

NUMBERS: dict[str, Meaning] = {
    "order": Meaning(kind="order", numbers=ORDER),
    "return": Meaning(kind="return", numbers=RETURN),
    "reservation": Meaning(kind="reservation", numbers=RESERVATION),
    "renewal": Meaning(kind="renewal", numbers=RENEWAL),
    "basket": Meaning(kind="basket", numbers=BASKET, prefix="basket/"),
}
"""Any other event that says its `transaction_kind` is a transaction, too: a source with events of its own needs no code."""

OF_ONE_PRODUCT = frozenset(
    {
        "product viewed", "product clicked", "product added", "product removed", "product added to wishlist",
        "product removed from wishlist", "wishlist product added to cart", "product shared", "product reviewed",
    }
)  # fmt: skip
AMOUNTS = ("total", "revenue", "value", "subtotal")
"""The first that is there: with tax and shipping, else without."""
PRICE = ("price", "unit_price", "unitPrice")


def read_transactions(subject: Subject) -> Iterator[Fact]:
    """The transaction that an event of the specification is about, and the products that it mentions."""
    said = subject.properties
    if subject.event in OF_ONE_PRODUCT:
        yield from _product(said)
    if mentioned := said.parts("products", most=LINES_MAX):
        currency = said.currency("currency")
        for one in mentioned:
            yield from _product(one, currency=currency)
    if subject.event == "order refunded":
        yield from _refund(subject)
    elif meaning := WHOLE.get(subject.event) or _declared(said):
        yield from _transaction(subject, meaning)


def _declared(said: Said) -> Meaning | None:
    kind = said.text("transaction_kind")
    if kind is not None and kind not in NUMBERS:
        said.note(UNREADABLE, "transaction_kind")
    meaning = NUMBERS.get(kind or "")
    return replace(meaning, status=said.text("status")) if meaning else None


def _transaction(subject: Subject, meaning: Meaning) -> Iterator[Fact]:
    said = subject.properties
    number = said.key(*meaning.numbers)
    order = said.key(*ORDER) if meaning.kind == "return" else None
    if number is None and order is not None:
        number = _return_number(order, subject.message_id)
    if number is None:
        if subject.event not in OF_ONE_PRODUCT:
            said.note(MISSING, meaning.numbers[0])
        return
    key = subject.key(meaning.prefix + number)
    telling = AMOUNTS if meaning.follows else ("products", *AMOUNTS)
    if said.has(*telling) and subject.event not in OF_ONE_PRODUCT:
        returns = subject.key(order) if order else None
        yield _whole(said, key=key, kind=meaning.kind, status=meaning.status, returns=returns)
    elif meaning.status:
        yield TransactionStatus(key=key, kind=meaning.kind, status=meaning.status)


def _refund(subject: Subject) -> Iterator[Fact]:
    """What was paid back: a transaction of its own, so that several refunds of one order add up."""
    said = subject.properties
    order = said.key(*ORDER)
    if order is None:
        said.note(MISSING, ORDER[0])
        return
    own = said.key("refund_id", "refundId") or subject.message_id
    yield _whole(
        said,
        key=subject.key(_return_number(order, own)),
        kind="return",
        status="refunded",
        returns=subject.key(order),
    )


def _return_number(order: str, own: str) -> str:
    """What a return is numbered that must not be taken for its order."""
    return f"return/{order}/{own}"


def _whole(
    said: Said, *, key: str, kind: TransactionKind, status: str | None, returns: str | None = None
) -> Transaction:
    lines = tuple(_lines(said))
    return Transaction(
        key=key,
        kind=kind,
        status=status,
        returns=returns,
        amount=said.amount(*AMOUNTS),
        currency=said.currency("currency"),
        quantity=round(sum(line.quantity for line in lines)) if lines else None,
        tax=said.amount("tax"),
        shipping=said.amount("shipping"),
        discount=said.amount("discount"),
        coupon=said.text("coupon"),
        store=said.key("store_id", "storeId", "store_code", "store"),
        lines=lines,
    )


def _lines(said: Said) -> Iterator[Line]:
    for one in said.parts("products", most=LINES_MAX):
        sku = one.key("sku", "product_id", "productId")
        if sku is None:
            one.note(MISSING, "sku")
            continue
        quantity = one.amount("quantity", least=0)
        yield Line(
            sku=sku,
            name=one.text("name"),
            quantity=1 if quantity is None else quantity,
            unit_price=one.amount(*PRICE),
        )


def _product(said: Said, *, currency: str | None = None) -> Iterator[Product]:
    """The product that an event or one of its lines mentions. Prices of lines are in the currency of their event."""
    sku = said.key("sku", "product_id", "productId")
    if sku is not None:
        price = said.amount(*PRICE)
        yield Product(
            sku=sku,
            name=said.text("name"),
            brand=said.text("brand"),
            category=said.text("category"),
            variant=said.text("variant"),
            price=price,
            currency=said.currency("currency") or (None if price is None else currency),
            size=said.text("size"),
            color=said.text("color"),
            url=said.text("url", characters_max=2_000),
            image_url=said.text("image_url", "imageUrl", characters_max=2_000),
            introduces=True,
        )
