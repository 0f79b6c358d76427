"""What should never stand in a file: each row has its exact code, nothing of it is stored, and all other rows are taken."""

import io
from datetime import UTC, datetime, timedelta

import pytest

from graph_cdp.access.service import system_clock
from graph_cdp.collect.importer import Import, Rejection, import_file
from graph_cdp.collect.mapping import parse_mapping
from graph_cdp.flows.ingest import Ingest
from graph_cdp.graph.transactions import Graph
from graph_cdp.identity.policy import DEFAULT_POLICY
from graph_cdp.intake.record import RowReceipt
from tests.integration.querying import query

pytestmark = pytest.mark.neo4j

CUSTOMERS = """
entity: record
record_id: id
timestamp: at
traits: {email: mail, description: text}
identifiers: [{kind: loyalty_card, column: card}]
"""
ORDERS = """
entity: transaction
transaction_id: id
customer_id: customer
timestamp: {column: at, format: epoch_ms}
amount: amount
quantity: count
"""
SOON = (datetime.now(UTC) + timedelta(days=2)).isoformat()
NOON = "2026-01-01T12:00:00Z"

BAD_CUSTOMERS: dict[str, tuple[bytes, str]] = {
    "absent id": (f",{NOON},,,".encode(), "NO_IDENTITY"),
    "blank id": (f"  ,{NOON},,,".encode(), "NO_IDENTITY"),
    "junk id": (f"null,{NOON},,,".encode(), "NO_IDENTITY"),
    "object for id": (f"[object Object],{NOON},,,".encode(), "NO_IDENTITY"),
    "zeros for id": (f"0000,{NOON},,,".encode(), "NO_IDENTITY"),
    "NUL and zero-width for id": (f"\x00\u200b,{NOON},,,".encode(), "NO_IDENTITY"),
    "1,025-byte id": (f"{'i' * 1_025},{NOON},,,".encode(), "NO_IDENTITY"),
    "1,025-byte card": (f"bad,{NOON},,,{'c' * 1_025}".encode(), "INVALID_FIELD"),
    "32,769-byte row": (f"bad,{NOON},,{'t' * 32_769},".encode(), "ROW_TOO_LARGE"),
    "invalid UTF-8": (b"bad," + NOON.encode() + b",\xff\xfe,,", "INVALID_TEXT"),
    "overlong UTF-8": (b"bad," + NOON.encode() + b",\xc0\xaf,,", "INVALID_TEXT"),
    "lone surrogate": (b"bad," + NOON.encode() + b",\xed\xa0\x80,,", "INVALID_TEXT"),
    "a cell too few": (f"bad,{NOON},,".encode(), "WRONG_NUMBER_OF_CELLS"),
    "a cell too many": (f"bad,{NOON},,,,".encode(), "WRONG_NUMBER_OF_CELLS"),
    "year 0000": (b"bad,0000-01-01T00:00:00Z,,,", "INVALID_TIMESTAMP"),
    "year 1899": (b"bad,1899-12-31T23:59:59Z,,,", "INVALID_TIMESTAMP"),
    "year 9999": (b"bad,9999-12-31T23:59:59Z,,,", "INVALID_TIMESTAMP"),
    "30 February": (b"bad,2026-02-30T00:00:00Z,,,", "INVALID_TIMESTAMP"),
    "2 days in the future": (f"bad,{SOON},,,".encode(), "INVALID_TIMESTAMP"),
    "epoch in s": (b"bad,1700000000,,,", "INVALID_TIMESTAMP"),
    "word for time": (b"bad,yesterday,,,", "INVALID_TIMESTAMP"),
}
"""Rows of customers (`id,at,mail,text,card`) that are refused, and why."""

BAD_ORDERS: dict[str, tuple[bytes, str]] = {
    "no number": (b",1,1700000000000,1,1", "NO_IDENTITY"),
    "1,025-byte number": (b"%s,1,1700000000000,1,1" % (b"n" * 1_025), "NO_IDENTITY"),
    "junk customer": (b"bad,undefined,1700000000000,1,1", "NO_IDENTITY"),
    "no time": (b"bad,1,,1,1", "INVALID_TIMESTAMP"),
    "epoch in s": (b"bad,1,-9999999999999,1,1", "INVALID_TIMESTAMP"),
    "epoch in us": (b"bad,1,1700000000000000,1,1", "INVALID_TIMESTAMP"),
    "NaN": (b"bad,1,1700000000000,NaN,1", "INVALID_CELL"),
    "Infinity": (b"bad,1,1700000000000,-Infinity,1", "INVALID_CELL"),
    "1e400": (b"bad,1,1700000000000,1e400,1", "INVALID_CELL"),
    "formula": (b"bad,1,1700000000000,=cmd|' /C calc'!A0,1", "INVALID_CELL"),
    "2^63": (b"bad,1,1700000000000,1,9223372036854775808", "INVALID_CELL"),
}
"""Rows of purchases (`id,customer,at,amount,count`) that are refused, and why."""

ODD = {
    "-0": "-0",
    "Cypher": "'}) DETACH DELETE n //",
    "backticks": "`a` SET n:Admin",
    "formula": "=cmd|' /C calc'!A0",
    "prototype": "__proto__",
    "Turkish I": "\u0130\u0131",
    "emoji": "\U0001f600",
}
"""Texts that are kept as they are."""


async def load(graph: Graph, mapping: str, content: bytes) -> list[Rejection]:
    rejections: list[Rejection] = []
    job = Import(
        mapping=parse_mapping(mapping),
        receipt=RowReceipt(source="crm", received_at=system_clock(), region="FR"),
        ingest=Ingest(graph=graph, policy=DEFAULT_POLICY, clock=system_clock),
    )
    await import_file(io.BytesIO(content), job, reject=rejections.extend)
    return rejections


async def test_each_bad_row_of_customers_is_refused_by_its_code_and_all_others_are_taken(
    graph: Graph,
) -> None:
    rows = [row for number, (bad, _) in enumerate(BAD_CUSTOMERS.values()) for row in (bad, good(number))]

    rejections = await load(graph, CUSTOMERS, b"id,at,mail,text,card\n" + b"\n".join(rows))

    assert dict(zip(BAD_CUSTOMERS, [one.code for one in rejections], strict=True)) == {
        name: code for name, (_, code) in BAD_CUSTOMERS.items()
    }
    assert [one.line for one in rejections] == [2 + 2 * number for number in range(len(BAD_CUSTOMERS))]
    assert await query(graph, "MATCH (r:SourceRecord) RETURN r.key AS key ORDER BY key") == [
        {"key": key} for key in sorted(f"crm:row:good-{number}" for number in range(len(BAD_CUSTOMERS)))
    ]
    assert (
        await query(graph, "MATCH (i:Identifier) WHERE i.value CONTAINS 'bad' RETURN i.value AS value") == []
    )


async def test_each_bad_row_of_purchases_is_refused_by_its_code_and_all_others_are_taken(
    graph: Graph,
) -> None:
    rows = [
        row
        for number, (bad, _) in enumerate(BAD_ORDERS.values())
        for row in (bad, b"good-%d,1,1700000000000,1,1" % number)
    ]

    rejections = await load(graph, ORDERS, b"id,customer,at,amount,count\n" + b"\n".join(rows))

    assert dict(zip(BAD_ORDERS, [one.code for one in rejections], strict=True)) == {
        name: code for name, (_, code) in BAD_ORDERS.items()
    }
    assert await query(graph, "MATCH (t:Transaction) RETURN t.key AS key ORDER BY key") == [
        {"key": key} for key in sorted(f"crm:good-{number}" for number in range(len(BAD_ORDERS)))
    ]


async def test_odd_texts_of_a_file_are_kept_as_they_are(graph: Graph) -> None:
    rows = "".join(f"{number},{NOON},,{text},\n" for number, text in enumerate(ODD.values(), start=1))

    assert await load(graph, CUSTOMERS, f"\ufeffid,at,mail,text,card\n{rows}".encode()) == []

    kept = await query(graph, "MATCH (r:SourceRecord) RETURN r.description AS text ORDER BY r.key")
    assert [row["text"] for row in kept] == list(ODD.values())
    assert await query(graph, "MATCH (n:Admin) RETURN count(n) AS admins") == [{"admins": 0}]


def good(number: int) -> bytes:
    return f"good-{number},{NOON},,,".encode()
