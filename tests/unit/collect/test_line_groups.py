"""Files of one line a row: rows of one transaction become one purchase, and what cannot be one is refused."""

from collections.abc import Sequence

import pytest

from graph_cdp.collect import line_groups
from graph_cdp.collect.line_groups import RowGroup, group_rows
from graph_cdp.collect.mapping import parse_mapping
from graph_cdp.collect.row import Row, UnreadRow
from graph_cdp.collect.rows import parse_row
from graph_cdp.collect.segment import Refused
from graph_cdp.intake.record import RowReceipt
from graph_cdp.source.facts.model import Line, Transaction
from graph_cdp.source.model import Message

RECEIPT = RowReceipt(source="pos", received_at=1_767_268_800_000, region="FR")
TICKETS = parse_mapping("""
entity: transaction_line
transaction_id: ticket
timestamp: at
customer: {identifier: loyalty_card, column: card}
store: shop
line: {sku: ean, name: label, quantity: count, unit_price: price}
""")
TOTALS = parse_mapping("""
entity: transaction_line
transaction_id: ticket
timestamp: at
customer_id: card
amount: price
quantity: count
line: {sku: ean}
""")


def line(number: int, ticket: str, **cells: str) -> Row:
    row = {
        "ticket": ticket, "at": "2026-01-01", "card": "2990", "shop": "S1", "ean": "3600", "label": "Scarf",
        "count": "2", "price": "19.90",
    }  # fmt: skip
    return Row(line=number, cells=row | cells | {"$line": str(number)})


def refusals(rows: Sequence[Row | UnreadRow]) -> list[tuple[int, str]]:
    return [(one.line, one.code) for one in group_rows(rows, TICKETS) if isinstance(one, UnreadRow)]


def test_rows_of_one_transaction_become_one_group_in_the_order_of_the_file() -> None:
    one, two, three, four = line(2, "A"), line(3, "A"), line(4, "B"), line(5, "C")
    groups = list(group_rows([one, two, three, four], TICKETS))
    assert groups == [RowGroup(rows=(one, two)), RowGroup(rows=(three,)), RowGroup(rows=(four,))]
    assert [group.line for group in groups] == [3, 4, 5]


def test_rows_of_other_entities_stay_as_they_are() -> None:
    rows = [Row(line=2, cells={"id": "1"}), Row(line=3, cells={"id": "1"})]
    assert list(group_rows(rows, parse_mapping("entity: product\nsku: id"))) == rows


def test_a_row_that_cannot_be_read_is_told_and_its_neighbours_stay_together() -> None:
    unread = UnreadRow(line=3, code="INVALID_ROW", message="")
    one, two = line(2, "A"), line(4, "A")
    assert list(group_rows([one, unread, two], TICKETS)) == [unread, RowGroup(rows=(one, two))]


def test_lines_that_stand_apart_are_refused_and_those_that_came_first_stand() -> None:
    rows = [line(2, "A"), line(3, "B"), line(4, "A"), line(5, "A"), line(6, "C")]
    assert [one.line for one in group_rows(rows, TICKETS)] == [2, 3, 5, 6]
    assert refusals(rows) == [(5, "LINES_APART")]


def test_transactions_are_remembered_in_bounded_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(line_groups, "TRANSACTIONS_REMEMBERED_MAX", 2)
    assert refusals([line(2, "A"), line(3, "B"), line(4, "A")]) == [(4, "LINES_APART")]
    assert refusals([line(2, "A"), line(3, "B"), line(4, "C"), line(5, "A")]) == []


def test_a_transaction_of_too_many_lines_is_refused_without_holding_them() -> None:
    rows = [line(number, "A") for number in range(2, 1_003)] + [line(1_003, "B")]
    assert refusals(rows) == [(1_002, "TOO_MANY_LINES")]
    assert refusals(rows[1:]) == []


def test_rows_without_a_number_are_each_alone() -> None:
    groups = list(group_rows([line(2, ""), line(3, "")], TICKETS))
    assert [group.line for group in groups] == [2, 3]
    (refused, _) = (parse_row(g, TICKETS, receipt=RECEIPT) for g in groups if isinstance(g, RowGroup))
    assert isinstance(refused, Refused)
    assert refused.code == "NO_IDENTITY"


def test_a_group_becomes_a_purchase_whose_amount_is_the_sum_of_its_lines() -> None:
    group = RowGroup(
        rows=(line(2, "A"), line(3, "A", ean="3601", label="", count="", price="0.1", shop="other"))
    )
    message = parse_row(group, TICKETS, receipt=RECEIPT)
    assert isinstance(message, Message)
    assert (message.type, message.record_key, message.name) == (
        "transaction",
        "pos:loyalty_card:2990",
        "order",
    )
    assert message.facts == (
        Transaction(
            key="pos:A", kind="order", amount=39.9, quantity=3, store="S1",
            lines=(Line(sku="3600", name="Scarf", quantity=2.0, unit_price=19.9), Line(sku="3601", unit_price=0.1)),
        ),
    )  # fmt: skip
    assert message.payload.startswith('[{"ticket":"A",')
    assert '"$line"' not in message.payload


def test_what_lines_do_not_say_is_not_summed() -> None:
    unpriced = parse_row(RowGroup(rows=(line(2, "A", price=""), line(3, "A"))), TICKETS, receipt=RECEIPT)
    weighed = parse_row(RowGroup(rows=(line(2, "A", count="0.250"),)), TICKETS, receipt=RECEIPT)
    stated = parse_row(RowGroup(rows=(line(2, "A"), line(3, "A"))), TOTALS, receipt=RECEIPT)
    found: list[tuple[float | None, int | None]] = []
    for message in (unpriced, weighed, stated):
        assert isinstance(message, Message)
        (fact,) = message.facts
        assert isinstance(fact, Transaction)
        found.append((fact.amount, fact.quantity))
    assert found == [(None, 4), (4.975, None), (19.9, 2)]


@pytest.mark.parametrize(
    ("cells", "code", "said"),
    [
        ({"ean": ""}, "INVALID_CELL", "Line 3: line.sku is blank. The whole transaction is left out."),
        ({"count": "two"}, "INVALID_CELL", "Line 3: line.quantity is no number"),
        ({"price": "19,90"}, "INVALID_CELL", "Line 3: line.unit_price is no number"),
        ({"label": "x" * 2_001}, "INVALID_CELL", "Line 3: line.name has more than 2,000 characters."),
        ({"label": "x" * 524_288}, "ROW_TOO_LARGE", "The row has more than 524,288 bytes."),
    ],
)
def test_a_bad_line_leaves_its_transaction_out(cells: dict[str, str], code: str, said: str) -> None:
    refused = parse_row(RowGroup(rows=(line(2, "A"), line(3, "A", **cells))), TICKETS, receipt=RECEIPT)
    assert isinstance(refused, Refused)
    assert refused.code == code
    assert said in refused.message


def test_lines_are_never_parsed_one_by_one() -> None:
    with pytest.raises(TypeError, match="grouped by group_rows"):
        parse_row(line(2, "A"), TICKETS, receipt=RECEIPT)
