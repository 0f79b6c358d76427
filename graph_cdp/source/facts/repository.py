"""The statements that write facts: one for each thing that a fact changes."""

from collections.abc import Mapping, Sequence
from typing import Any

from graph_cdp.graph.queries import Tx, fetch_rows, load_query

WRITE_TRANSACTIONS = load_query("fact/write_transactions")

Row = Mapping[str, Any]


async def write_transactions(tx: Tx, *, transactions: Sequence[Row]) -> frozenset[str]:
    """Write these transactions; the keys of those of which no newer statement was known."""
    rows = await fetch_rows(tx, WRITE_TRANSACTIONS, transactions=transactions)
    return frozenset(key for key, wins in rows if wins)
