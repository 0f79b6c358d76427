"""Rows of files: what they become, and which are refused."""

from dataclasses import replace

import pytest

from graph_cdp.collect.mapping import parse_mapping
from graph_cdp.collect.row import Row
from graph_cdp.collect.rows import parse_row
from graph_cdp.collect.segment import Refused
from graph_cdp.errors import Invalid
from graph_cdp.intake.record import RecordState, RowReceipt, record_message, require_source
from graph_cdp.source.facts.model import Statement, Transaction
from graph_cdp.source.model import IdentifierKey, Message

NOON = 1_767_268_800_000  # 2026-01-01T12:00:00Z
RECEIPT = RowReceipt(source="crm", received_at=NOON, region="FR")
CUSTOMERS = parse_mapping("""
entity: record
record_id: id
timestamp: {column: changed, format: "%d/%m/%Y"}
timezone: Europe/Paris
traits:
  email: mail
  phone: phone
  first_name: first
  birth_date: {column: born, format: "%d/%m/%y"}
  street: {columns: [number, street]}
  country: {value: France}
identifiers:
  - {kind: loyalty_card, column: card}
  - {kind: customer_id, column: shop, collection: shop}
""")
ORDERS = parse_mapping("""
entity: transaction
file: {decimal: ","}
transaction_id: number
customer_id: customer
timestamp: {column: at, format: epoch_ms}
kind: {column: type, values: {C: order, R: return, X: gift}}
amount: amount
currency: currency
quantity: count
""")
CUSTOMER = {
    "id": "17", "changed": "01/01/2026", "mail": " Jean@X.FR", "phone": "06 12 34 56 78", "first": "Jean",
    "born": "29/02/80", "number": "1", "street": "rue X", "card": "2990-0017", "shop": "s9",
}  # fmt: skip
ORDER = {
    "number": "A1", "customer": "17", "at": "1767268800000", "type": "C", "amount": "-12,50", "currency": "EUR",
    "count": "3",
}  # fmt: skip


def customer(**cells: str) -> Message | Statement | Refused:
    return parse_row(Row(line=2, cells=CUSTOMER | cells), CUSTOMERS, receipt=RECEIPT)


def order(**cells: str) -> Message | Statement | Refused:
    return parse_row(Row(line=2, cells=ORDER | cells), ORDERS, receipt=RECEIPT)


def test_a_row_becomes_the_whole_state_of_its_record() -> None:
    message = customer()
    assert isinstance(message, Message)
    assert (message.source, message.type, message.record_key) == ("crm", "record", "crm:row:17")
    assert message.complete is True
    assert message.message_id == f"row-{message.body_hash}"
    assert message.occurred_at == NOON - 13 * 3_600_000  # midnight in Paris
    assert message.received_at == NOON
    assert message.traits == {
        "email": "jean@x.fr", "phone": "+33612345678", "first_name": "Jean", "birth_date": "1980-02-29",
        "street": "1 rue X", "country": "FR",
    }  # fmt: skip
    assert message.identifiers == (
        IdentifierKey(kind="customer_id", value="crm:17"),
        IdentifierKey(kind="customer_id", value="shop:s9"),
        IdentifierKey(kind="email", value="jean@x.fr"),
        IdentifierKey(kind="loyalty_card", value="29900017"),
        IdentifierKey(kind="phone", value="+33612345678"),
    )
    assert message.payload.startswith('{"id":"17","changed":"01/01/2026","mail":" Jean@X.FR"')


def test_a_purchase_becomes_a_transaction_of_its_customers_record() -> None:
    message = order()
    assert isinstance(message, Message)
    assert (message.type, message.record_key, message.name) == ("transaction", "crm:row:17", "order")
    assert message.complete is False
    assert message.traits == {}
    assert message.identifiers == (IdentifierKey(kind="customer_id", value="crm:17"),)
    assert message.occurred_at == NOON
    assert message.facts == (
        Transaction(key="crm:A1", kind="order", amount=-12.5, currency="EUR", quantity=3),
    )


def test_the_same_row_is_the_same_message_and_another_state_is_another() -> None:
    first, again = customer(), parse_row(
        Row(line=9, cells=CUSTOMER), CUSTOMERS, receipt=replace(RECEIPT, received_at=NOON + 1)
    )  # fmt: skip
    changed, other_source = customer(mail="new@x.fr"), parse_row(
        Row(line=2, cells=CUSTOMER), CUSTOMERS, receipt=replace(RECEIPT, source="pos")
    )  # fmt: skip
    messages = [first, again, changed, other_source]
    assert all(isinstance(message, Message) for message in messages)
    ids = [message.message_id for message in messages if isinstance(message, Message)]
    assert ids[0] == ids[1] == ids[3]  # one id counts within one source
    assert ids[2] != ids[0]


@pytest.mark.parametrize(("region", "phone"), [("", "+33491570006"), ("region: AU", "+61491570006")])
def test_phones_are_dialled_where_the_mapping_says(region: str, phone: str) -> None:
    mapping = parse_mapping(f"entity: record\nrecord_id: id\ntraits: {{phone: phone}}\n{region}")
    message = parse_row(Row(line=2, cells={"id": "1", "phone": "0491570006"}), mapping, receipt=RECEIPT)
    assert isinstance(message, Message)
    assert message.traits == {"phone": phone}


def test_what_is_blank_in_a_row_is_not_said() -> None:
    message = customer(mail="", phone="", first="", born="", number="", street="", card="", shop="")
    assert isinstance(message, Message)
    assert message.traits == {"country": "FR"}
    assert message.identifiers == (IdentifierKey(kind="customer_id", value="crm:17"),)
    bare = order(amount="", currency="", count="", type="")
    assert isinstance(bare, Message)
    assert bare.facts == (Transaction(key="crm:A1", kind="order"),)


@pytest.mark.parametrize(
    "cells",
    [
        {"mail": "test@test.com", "phone": "0000000000", "card": "null", "shop": "none"},
        {"mail": "not an address", "phone": "12", "card": "0000", "shop": "-1"},
    ],
)
def test_junk_in_a_row_identifies_nobody(cells: dict[str, str]) -> None:
    message = customer(**cells)
    assert isinstance(message, Message)
    assert message.identifiers == (IdentifierKey(kind="customer_id", value="crm:17"),)


def test_a_date_of_birth_that_is_none_costs_the_row_nothing_else() -> None:
    message = customer(born="30/02/80")
    assert isinstance(message, Message)
    assert "birth_date" not in message.traits
    assert message.traits["first_name"] == "Jean"


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        ({"id": ""}, "NO_IDENTITY"),
        ({"id": "NULL"}, "NO_IDENTITY"),
        ({"id": "0000"}, "NO_IDENTITY"),
        ({"id": "i" * 1_025}, "NO_IDENTITY"),
        ({"card": "c" * 1_025}, "INVALID_FIELD"),
        ({"changed": "2026-01-01"}, "INVALID_TIMESTAMP"),
        ({"changed": "30/02/2026"}, "INVALID_TIMESTAMP"),
        ({"changed": "03/01/2026"}, "INVALID_TIMESTAMP"),
        ({"changed": "01/01/0001"}, "INVALID_TIMESTAMP"),
        ({"street": "x" * 32_768}, "ROW_TOO_LARGE"),
    ],
)
def test_a_bad_row_about_a_customer_is_rejected(cells: dict[str, str], code: str) -> None:
    refused = customer(**cells)
    assert isinstance(refused, Refused)
    assert refused.code == code


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        ({"number": ""}, "NO_IDENTITY"),
        ({"customer": "undefined"}, "NO_IDENTITY"),
        ({"at": ""}, "INVALID_TIMESTAMP"),
        ({"at": "1_767_268_800_000"}, "INVALID_TIMESTAMP"),
        ({"at": "1767268800000000"}, "INVALID_TIMESTAMP"),
        ({"at": "2026-01-01"}, "INVALID_TIMESTAMP"),
        ({"type": "Z"}, "INVALID_CELL"),
        ({"type": "X"}, "INVALID_CELL"),
        ({"amount": "1.234,50"}, "INVALID_CELL"),
        ({"amount": "1.234"}, "INVALID_CELL"),
        ({"amount": "nan"}, "INVALID_CELL"),
        ({"amount": "1e5"}, "INVALID_CELL"),
        ({"amount": "9" * 13}, "INVALID_CELL"),
        ({"amount": "=cmd|' /C calc'!A0"}, "INVALID_CELL"),
        ({"currency": "euro"}, "INVALID_CELL"),
        ({"count": "1.5"}, "INVALID_CELL"),
        ({"count": "9223372036854775808"}, "INVALID_CELL"),
        ({"count": "٣"}, "INVALID_CELL"),
    ],
)
def test_a_bad_row_about_a_purchase_is_rejected(cells: dict[str, str], code: str) -> None:
    refused = order(**cells)
    assert isinstance(refused, Refused)
    assert refused.code == code


def test_a_record_of_another_door_needs_no_file() -> None:
    state = RecordState(record_id="7", traits={"email": "a@x.fr"}, identifiers=[("loyalty_card", "29 90")])
    message = record_message(state, receipt=RECEIPT, payload="{}")
    assert message.record_key == "crm:row:7"
    assert message.occurred_at == NOON
    assert [key.value for key in message.identifiers] == ["crm:7", "a@x.fr", "2990"]


def test_a_row_says_which_unit_its_record_belongs_to() -> None:
    mapping = parse_mapping("entity: record\nrecord_id: id\norg_unit: shop")
    lille, nice, none = (
        parse_row(Row(line=2, cells={"id": "1", "shop": shop}), mapping, receipt=RECEIPT)
        for shop in ("lille", "nice", "")
    )
    assert isinstance(lille, Message)
    assert isinstance(nice, Message)
    assert isinstance(none, Message)
    assert [lille.org_unit, nice.org_unit, none.org_unit] == ["lille", "nice", None]
    assert len({lille.message_id, nice.message_id, none.message_id}) == 3  # another unit is another state


@pytest.mark.parametrize("name", ["", "CRM", "crm:x", "c" * 65, "été"])
def test_a_source_has_a_plain_name(name: str) -> None:
    assert require_source("crm_2-fr") == "crm_2-fr"
    with pytest.raises(Invalid):
        require_source(name)
