"""No event is lost for a fact that cannot be read: it is kept, and flagged."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph_cdp.collect.meaning.cases import EVENTS as CASES
from graph_cdp.collect.meaning.ecommerce import WHOLE
from graph_cdp.collect.meaning.mailings import EVENTS as MAILINGS
from graph_cdp.collect.segment import parse_message
from graph_cdp.intake.json_body import JsonObject
from graph_cdp.source.facts.model import Transaction, TransactionStatus
from graph_cdp.source.model import Message
from tests.unit.collect.test_meaning import RECEIPT, told, track


@pytest.mark.parametrize(
    ("properties", "flag"),
    [
        ({"total": "a lot"}, "unreadable:properties.total"),
        ({"total": "42,50"}, "unreadable:properties.total"),
        ({"total": [1]}, "unreadable:properties.total"),
        ({"total": True}, "unreadable:properties.total"),
        ({"total": 10**13}, "unreadable:properties.total"),
        ({"currency": "euro", "total": 1}, "unreadable:properties.currency"),
        ({"products": {"sku": "a"}}, "unreadable:properties.products"),
        ({"products": ["a"]}, "unreadable:properties.products"),
        ({"products": [{"name": "no number"}]}, "missing:properties.products.sku"),
        ({"products": [{"sku": "a", "quantity": -1}]}, "unreadable:properties.products.quantity"),
        ({"products": [{"sku": str(n)} for n in range(501)]}, "unreadable:properties.products"),
        ({"coupon": {"code": 1}, "total": 1}, "unreadable:properties.coupon"),
        ({"coupon": "x" * 2_001, "total": 1}, "unreadable:properties.coupon"),
        ({"store_id": "x" * 1_025, "total": 1}, "unreadable:properties.store_id"),
    ],
)
def test_what_cannot_be_read_is_flagged_and_the_message_is_kept(
    properties: dict[str, Any], flag: str
) -> None:
    message = track("Order Completed", order_id="7", **properties)
    assert message.flags == (flag,)
    assert [fact.key for fact in told(message) if isinstance(fact, Transaction | TransactionStatus)] == [
        "shop:7"
    ]


def test_an_order_without_a_number_is_no_transaction_and_says_so() -> None:
    message = track("Order Completed", total=5)
    assert (told(message), message.flags) == ([], ("missing:properties.order_id",))


@pytest.mark.parametrize("number", ["undefined", "null", " NaN ", "[object Object]", "None"])
def test_orders_of_strangers_are_not_one_order_for_what_a_script_wrote(number: str) -> None:
    message = track("Order Completed", order_id=number, total=5)
    assert told(message) == []
    assert message.flags == ("missing:properties.order_id", "unreadable:properties.order_id")


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=("Cs",)), max_size=20),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(st.sampled_from(["sku", "price", "quantity", "name", "id", "city"]), inner, max_size=3),
    max_leaves=6,
)  # fmt: skip
NAMES = st.sampled_from(
    [
        "order_id",
        "cart_id",
        "total",
        "currency",
        "products",
        "coupon",
        "store_id",
        "campaign_id",
        "email",
        "link_url",
        "csat",
        "nps",
        "rating",
        "scale",
        "opened_at",
        "sku",
        "price",
        "quantity",
        "refund_id",
        "ticket_id",
    ]
)
CONTEXTS = st.dictionaries(
    st.sampled_from(["campaign", "consent", "os", "app", "userAgentData"]), VALUES, max_size=3
)


@given(
    event=st.sampled_from([*WHOLE, *MAILINGS, *CASES, "order refunded", "product viewed"]),
    properties=st.dictionaries(NAMES, VALUES, max_size=6),
    context=CONTEXTS,
)
def test_no_event_is_refused_for_a_fact_that_cannot_be_read(
    event: str, properties: dict[str, Any], context: dict[str, Any]
) -> None:
    body: JsonObject = {
        "type": "track",
        "event": event,
        "userId": "u1",
        "properties": properties,
        "context": context,
    }
    assert isinstance(parse_message(body, receipt=RECEIPT), Message)
