"""What Segment's events mean, exactly; and that no event is lost for a fact that cannot be read."""

from typing import Any

import pytest

from graph_cdp.collect.meaning.said import event_name
from graph_cdp.collect.segment import Receipt, parse_message
from graph_cdp.intake.json_body import JsonObject
from graph_cdp.source.facts.model import (
    Case,
    Company,
    Consent,
    ConsentState,
    Device,
    Fact,
    Interaction,
    Line,
    Product,
    Transaction,
    TransactionStatus,
)
from graph_cdp.source.model import Message

NOON = 1_790_000_000_000
RECEIPT = Receipt(source="shop", received_at=NOON, region="FR")


def parse(**body: Any) -> Message:
    message = parse_message({"messageId": "m1", "userId": "u1", **body}, receipt=RECEIPT)
    assert isinstance(message, Message), message
    return message


def track(event: str, context: JsonObject | None = None, /, **properties: Any) -> Message:
    return parse(type="track", event=event, properties=properties, context=context)


def told(message: Message) -> list[Fact]:
    """The facts of a message, without the products that it only mentions."""
    return [fact for fact in message.facts if not isinstance(fact, Product)]


PRODUCTS = [
    {"product_id": "507", "sku": "G-32", "name": "Monopoly", "price": 19, "quantity": 2, "category": "Games"},
    {"product_id": "505", "price": "1.50"},
]
LINES = (
    Line(sku="G-32", name="Monopoly", quantity=2, unit_price=19.0),
    Line(sku="505", quantity=1, unit_price=1.5),
)


@pytest.mark.parametrize(
    "name", ["Order Completed", "order_completed", "orderCompleted", " order  completed "]
)
def test_a_completed_order_is_a_transaction_with_its_lines(name: str) -> None:
    message = track(
        name, order_id="50314", total=43.5, revenue=39.5, tax=2, shipping=2, discount=0.5, coupon="hasbros",
        currency="eur", store_id="paris-2", products=PRODUCTS,
    )  # fmt: skip
    assert told(message) == [
        Transaction(
            key="shop:50314", kind="order", amount=43.5, currency="EUR", quantity=3, status="completed", tax=2.0,
            shipping=2.0, discount=0.5, coupon="hasbros", store="paris-2", lines=LINES,
        )
    ]  # fmt: skip
    assert [fact for fact in message.facts if isinstance(fact, Product)] == [
        Product(sku="G-32", name="Monopoly", price=19.0, currency="EUR", category="Games", introduces=True),
        Product(sku="505", price=1.5, currency="EUR", introduces=True),
    ]
    assert message.flags == ()


@pytest.mark.parametrize(
    ("event", "properties", "fact"),
    [
        ("Order Updated", {"order_id": 7, "revenue": 5}, Transaction(key="shop:7", kind="order", amount=5.0)),
        (
            "Order Cancelled",
            {"order_id": "7", "total": 5},
            Transaction(key="shop:7", kind="order", amount=5.0, status="cancelled"),
        ),
        ("Order Cancelled", {"order_id": "7"}, TransactionStatus(key="shop:7", kind="order", status="cancelled")),
        (
            "Order Refunded",
            {"order_id": "7", "total": 5},
            Transaction(key="shop:return/7/m1", kind="return", amount=5.0, status="refunded", returns="shop:7"),
        ),
        (
            "Order Refunded",
            {"order_id": "7", "refund_id": "r2"},
            Transaction(key="shop:return/7/r2", kind="return", status="refunded", returns="shop:7"),
        ),
        (
            "Cart Viewed",
            {"cart_id": "c", "products": PRODUCTS},
            Transaction(key="shop:basket/c", kind="basket", quantity=3, status="active", lines=LINES),
        ),
        (
            "Checkout Started",
            {"order_id": "7", "value": 9},
            Transaction(key="shop:basket/7", kind="basket", amount=9.0, status="checkout"),
        ),
        (
            "Product Added",
            {"cart_id": "c", "sku": "a", "price": 3},
            TransactionStatus(key="shop:basket/c", kind="basket", status="active"),
        ),
        (
            "Booking Completed",
            {"booking_id": "b", "total": 80},
            Transaction(key="shop:b", kind="reservation", amount=80.0, status="confirmed"),
        ),
        (
            "Subscription Renewed",
            {"renewal_id": "n", "total": 8},
            Transaction(key="shop:n", kind="renewal", amount=8.0, status="completed"),
        ),
        (
            "Ticket Sold",
            {"transaction_kind": "reservation", "reservation_id": 4, "total": 20, "status": "paid"},
            Transaction(key="shop:4", kind="reservation", amount=20.0, status="paid"),
        ),
        (
            "Email Opened",
            {"campaign_id": "spring", "campaign_name": "Spring"},
            Interaction(campaign_key="shop:spring", kind="opened", campaign_name="Spring"),
        ),
        (
            "Email Link Clicked",
            {"campaign_id": "spring", "link_url": "https://x.fr/a"},
            Interaction(campaign_key="shop:spring", kind="clicked", link="https://x.fr/a"),
        ),
        ("SMS Delivered", {"campaign_id": "s"}, Interaction(campaign_key="shop:s", kind="delivered", channel="sms")),
        (
            "Push Notification Tapped",
            {"campaign_id": "p"},
            Interaction(campaign_key="shop:p", kind="clicked", channel="push"),
        ),
        (
            "Ticket Opened",
            {"ticket_id": 9, "subject": "Broken", "store_id": "paris", "opened_at": "2026-01-01T00:00:00Z"},
            Case(
                key="shop:case/9", kind="request", status="open", subject="Broken", store="paris",
                opened_at=1_767_225_600_000,
            ),
        ),
        ("Survey Answered", {"csat": 4}, Case(key="shop:case/m1", kind="survey", status="closed", satisfaction=0.75)),
        ("NPS Answered", {"nps": 10}, Case(key="shop:case/m1", kind="survey", status="closed", satisfaction=1.0)),
        (
            "Survey Answered",
            {"rating": 6, "scale": 8},
            Case(key="shop:case/m1", kind="survey", status="closed", satisfaction=0.75),
        ),
        ("Survey Answered", {"rating": 6}, Case(key="shop:case/m1", kind="survey", status="closed")),
        ("Complaint Filed", {"case_id": "k"}, Case(key="shop:case/k", kind="complaint", status="open")),
        (
            "Call Completed",
            {"call_id": "t", "topic": "Invoice", "channel": "phone"},
            Case(key="shop:case/t", kind="call", status="closed", topic="Invoice", channel="phone"),
        ),
    ],
)  # fmt: skip
def test_an_event_means(event: str, properties: dict[str, Any], fact: Fact) -> None:
    assert told(track(event, **properties)) == [fact]


def test_a_blank_text_stands_in_nobodys_way() -> None:
    """Shops without article numbers of their own send `sku: ""` beside a product_id, and a blank total beside a revenue."""
    message = track(
        "Order Completed", order_id="7", total="", revenue="42.50",
        products=[{"sku": " ", "product_id": 632910392, "price": "42.50"}],
    )  # fmt: skip
    line = Line(sku="632910392", quantity=1, unit_price=42.5)
    assert told(message) == [
        Transaction(key="shop:7", kind="order", amount=42.5, status="completed", quantity=1, lines=(line,))
    ]
    assert message.flags == ()


def test_an_order_that_says_no_line_and_no_amount_keeps_what_is_known_of_it() -> None:
    message = track("Order Shipped", order_id="7", total="", products=[])
    assert told(message) == [TransactionStatus(key="shop:7", kind="order", status="shipped")]


@pytest.mark.parametrize("done", ["Cancelled", "Shipped", "Delivered", "Fulfilled"])
def test_the_lines_of_a_parcel_do_not_make_the_amount_of_its_order_unknown(done: str) -> None:
    status = done.lower()
    assert told(track(f"Order {done}", order_id="7", products=PRODUCTS))[-1] == TransactionStatus(
        key="shop:7", kind="order", status=status
    )
    assert told(track(f"Order {done}", order_id="7", products=PRODUCTS, total=5))[-1] == Transaction(
        key="shop:7", kind="order", amount=5.0, quantity=3, status=status, lines=LINES
    )


@pytest.mark.parametrize("name", ["price", "unit_price", "unitPrice"])
def test_a_price_has_more_than_one_name(name: str) -> None:
    message = track("Order Completed", order_id="7", products=[{"sku": "s1", name: "2.50", "quantity": 2}])
    product, order = message.facts
    assert isinstance(product, Product)
    assert product.price == 2.5
    assert isinstance(order, Transaction)
    assert order.lines == (Line(sku="s1", quantity=2, unit_price=2.5),)


def test_a_declared_return_that_names_its_order_only_does_not_take_its_place() -> None:
    message = track("Return Registered", transaction_kind="return", order_id="7", total=9)
    assert told(message) == [
        Transaction(key="shop:return/7/m1", kind="return", amount=9.0, returns="shop:7"),
    ]
    message = track("Return Registered", transaction_kind="return", return_id="R1", order_id="7", total=9)
    assert told(message) == [Transaction(key="shop:R1", kind="return", amount=9.0, returns="shop:7")]


def test_a_push_names_its_campaign_among_its_properties() -> None:
    message = track("Push Notification Tapped", campaign={"name": "Spring", "medium": "Push"})
    assert told(message) == [
        Interaction(campaign_key="shop:Spring", kind="clicked", channel="push", campaign_name="Spring")
    ]
    assert message.flags == ()


def test_who_unsubscribes_withdraws_consent_for_the_address_that_the_event_names() -> None:
    message = track("Unsubscribed", campaign_id="spring", email_address=" Lea@X.FR ")
    assert told(message) == [
        Interaction(campaign_key="shop:spring", kind="unsubscribed"),
        Consent(
            purpose="marketing",
            channel="email",
            state="withdrawn",
            about=("email", "lea@x.fr"),
            method="unsubscribed",
        ),
    ]


def test_who_unsubscribes_without_an_address_withdraws_for_all_of_them() -> None:
    assert told(track("Email Unsubscribed", campaign_id="s"))[1:] == [
        Consent(purpose="marketing", channel="email", state="withdrawn", method="unsubscribed")
    ]


def test_a_stamp_is_consent_about_the_device_and_never_about_the_person() -> None:
    stamp = {
        "consent": {"categoryPreferences": {"Advertising": True, "Site Analytics": False}, "tcString": "CP"}
    }
    message = parse(type="page", anonymousId="A1", context=stamp)
    states: list[tuple[str, ConsentState]] = [("advertising", "given"), ("site_analytics", "refused")]
    expected = [
        Consent(
            purpose=purpose, channel="web", state=state, about=("anonymous_id", "A1"), method="preferences", signal="CP",
            repeats=True,
        )
        for purpose, state in states
    ]  # fmt: skip
    assert list(message.facts) == expected
    alone = parse(type="page", context=stamp)
    assert [(one.purpose, one.state, one.about) for one in alone.facts if isinstance(one, Consent)] == [
        ("site_analytics", "refused", None)
    ]
    assert alone.flags == ("missing:context.consent.anonymousId",)


def test_the_choice_itself_is_no_repetition() -> None:
    message = parse(
        type="track", event="Segment Consent Preference Updated", anonymousId="A1",
        context={"consent": {"categoryPreferences": {"ads": True}}},
    )  # fmt: skip
    assert [one.repeats for one in message.facts if isinstance(one, Consent)] == [False]


def test_a_group_is_a_firm() -> None:
    traits = {
        "name": "Acme SA", "industry": "Mugs", "employees": 12, "siren": "552100554", "address": {"city": "Lyon"}, "x": 1,
    }  # fmt: skip
    message = parse(type="group", groupId="acme", traits=traits)
    fields = {
        "name": "Acme SA", "industry": "Mugs", "employees": "12", "registration_number": "552100554", "city": "Lyon",
    }  # fmt: skip
    assert message.facts == (Company(key="shop:acme", fields=fields),)


def test_a_device_is_what_its_context_says() -> None:
    context = {
        "device": {"type": "iOS", "model": "iPhone15,2", "manufacturer": "Apple", "advertisingId": "7A3CBEA0-BDF5-11E4"},
        "os": {"name": "iPhone OS", "version": "17.2"}, "app": {"version": "3.1"},
    }  # fmt: skip
    message = parse(type="screen", anonymousId="A1", context=context)
    devices = [fact for fact in message.facts if isinstance(fact, Device)]
    assert Device(
        identifier=("anonymous_id", "A1"), platform="ios", model="iPhone15,2", manufacturer="Apple", os_version="17.2",
        app_version="3.1",
    ) in devices  # fmt: skip
    assert sorted(device.identifier[0] for device in devices) == ["advertising_id", "anonymous_id"]


def test_names_of_events_are_folded() -> None:
    assert event_name("checkout_started") == event_name("CheckoutStarted") == event_name("Checkout-Started ")
