"""Rows of files: what they become, which are rejected and where that is said."""

import io
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from graph_cdp.collect.files import Row, UnreadRow, read_rows
from graph_cdp.collect.importer import Import, RejectedFile, Rejection, Tally, import_file
from graph_cdp.collect.mapping import BadMapping, parse_mapping
from graph_cdp.collect.rows import RecordState, RowReceipt, parse_row, record_message, require_source
from graph_cdp.collect.segment import Refused
from graph_cdp.errors import Invalid, Unavailable
from graph_cdp.flows.outcome import ACCEPTED, DUPLICATE, REUSED, Outcome
from graph_cdp.source.model import IdentifierKey, Message, Transaction

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


def customer(**cells: str) -> Message | Refused:
    return parse_row(Row(line=2, cells=CUSTOMER | cells), CUSTOMERS, receipt=RECEIPT)


def order(**cells: str) -> Message | Refused:
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
    assert message.transaction == Transaction(
        key="crm:A1", kind="order", amount=-12.5, currency="EUR", quantity=3
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
    assert bare.transaction == Transaction(key="crm:A1", kind="order")


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


@pytest.mark.parametrize("name", ["", "CRM", "crm:x", "c" * 65, "été"])
def test_a_source_has_a_plain_name(name: str) -> None:
    assert require_source("crm_2-fr") == "crm_2-fr"
    with pytest.raises(Invalid):
        require_source(name)


SMALL = parse_mapping("entity: record\nrecord_id: id\ntraits: {first_name: name}")


def read(content: bytes, mapping: str = "entity: record\nrecord_id: id") -> list[Row | UnreadRow]:
    return list(read_rows(io.BytesIO(content), parse_mapping(mapping)))


def test_rows_are_read_with_their_line_numbers() -> None:
    content = b'\xef\xbb\xbfid, name\r\n1, "a, b"\r\n\r\n 2 ,"x\r\ny"\r\n3,=cmd|x\r\n'
    assert read(content) == [
        Row(line=2, cells={"id": "1", "name": "a, b", "$line": "2"}),
        Row(line=5, cells={"id": "2", "name": "x\r\ny", "$line": "5"}),
        Row(line=6, cells={"id": "3", "name": "=cmd|x", "$line": "6"}),
    ]


def test_cells_may_stand_between_blanks_or_tabs_or_in_another_encoding() -> None:
    blanks = "entity: record\nrecord_id: a\nfile: {delimiter: whitespace, columns: [a, b]}"
    assert read(b" 1  2\r\n\n3\t4", blanks) == [
        Row(line=1, cells={"a": "1", "b": "2", "$line": "1"}),
        Row(line=3, cells={"a": "3", "b": "4", "$line": "3"}),
    ]
    tabs = "entity: record\nrecord_id: id\nfile: {delimiter: tab, encoding: cp1252}"
    assert read(b"id\tname\n1\tL\xe9a", tabs) == [Row(line=2, cells={"id": "1", "name": "Léa", "$line": "2"})]


def test_a_row_that_cannot_be_read_is_rejected_and_the_next_is_read() -> None:
    content = b"id,name\n1\n2,L\xe9a\n3,a,b\n4," + b"x" * 140_000 + b"\n5,ok\n"
    rows = read(content)
    assert [(row.line, row.code if isinstance(row, UnreadRow) else row.cells["id"]) for row in rows] == [
        (2, "WRONG_NUMBER_OF_CELLS"),
        (3, "INVALID_TEXT"),
        (4, "WRONG_NUMBER_OF_CELLS"),
        (5, "INVALID_ROW"),
        (6, "5"),
    ]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "The file has no header"),
        (b"\n1", "The file has no header"),
        (b"name,city\n", "The file has no column id; it has name, city."),
        (b"id,id\n", "The header names the column 'id' twice"),
    ],
)
def test_a_file_that_the_mapping_does_not_fit_is_refused_before_it_begins(content: bytes, said: str) -> None:
    with pytest.raises(BadMapping) as error:
        read(content)
    assert said in error.value.message


class Store:
    """An ingest that remembers batches, knows what it has seen, and refuses or fails as it is told."""

    def __init__(self) -> None:
        self.sizes: list[int] = []
        self.seen: set[str] = set()
        self.refuses: str | None = None
        self.fails: Exception | None = None

    async def ingest(self, messages: Sequence[Message]) -> list[Outcome]:
        if self.fails:
            raise self.fails
        self.sizes.append(len(messages))
        outcomes = [self._outcome(message) for message in messages]
        self.seen |= {message.message_id for message in messages}
        return outcomes

    def _outcome(self, message: Message) -> Outcome:
        if message.record_key == self.refuses:
            return REUSED
        return DUPLICATE if message.message_id in self.seen else ACCEPTED


async def run(content: bytes, store: Store, rejections: list[Rejection]) -> Tally:
    job = Import(mapping=SMALL, receipt=RECEIPT, ingest=store.ingest)
    return await import_file(io.BytesIO(content), job, reject=rejections.extend)


async def test_rows_are_stored_in_batches_and_again_they_are_duplicates() -> None:
    content = b"id,name\n" + b"".join(b"%d,x\n" % number for number in range(1, 1_201))
    store, rejections = Store(), list[Rejection]()
    first = await run(content, store, rejections)
    assert (first.accepted, first.duplicates, first.rejections, first.bytes_read) == (
        1_200,
        0,
        0,
        len(content),
    )
    again = await run(content, store, rejections)
    assert (again.accepted, again.duplicates, again.rows) == (0, 1_200, 1_200)
    assert store.sizes == [500, 500, 200, 500, 500, 200]
    assert rejections == []


async def test_rejected_rows_are_told_by_line_and_reason_in_order() -> None:
    store, rejections = Store(), list[Rejection]()
    store.refuses = "crm:row:2"
    tally = await run(b"id,name\n1,a\n2,b\nnull,c\n4\n5,e\n", store, rejections)
    assert [(one.line, one.code) for one in rejections] == [
        (3, "MESSAGE_ID_REUSED"),
        (4, "NO_IDENTITY"),
        (5, "WRONG_NUMBER_OF_CELLS"),
    ]
    assert (tally.accepted, tally.rejections) == (2, 3)
    assert tally.rejected == {"MESSAGE_ID_REUSED": 1, "NO_IDENTITY": 1, "WRONG_NUMBER_OF_CELLS": 1}


async def test_an_outage_ends_the_import() -> None:
    store = Store()
    store.fails = ConnectionResetError()
    with pytest.raises(Unavailable):
        await run(b"id,name\n1,a\n", store, [])


def test_the_list_of_rejected_rows_holds_no_cells(tmp_path: Path) -> None:
    path = tmp_path / "x.rejected.csv"
    path.write_text("of an earlier import")
    listed = RejectedFile(path)
    assert not path.exists()
    listed.add([Rejection(line=3, code="NO_IDENTITY", message="record_id is blank.")])
    listed.add([Rejection(line=9, code="INVALID_CELL", message="quantity is no whole number, or too large.")])
    assert path.read_text("utf-8").splitlines() == [
        "line,code,reason",
        "3,NO_IDENTITY,record_id is blank.",
        '9,INVALID_CELL,"quantity is no whole number, or too large."',
    ]
