"""Reading transactions: one function a file of `cypher/transaction/`."""

from collections.abc import Sequence
from dataclasses import dataclass

from graph_cdp.api.connections import Page
from graph_cdp.api.reads.keyset import descending
from graph_cdp.graph.queries import Tx, fetch_all, load_query
from graph_cdp.ids import Millis

LIST_TRANSACTIONS = load_query("transaction/list_transactions")
FIND_TRANSACTIONS = load_query("transaction/find_transactions")


@dataclass(frozen=True, slots=True, kw_only=True)
class TransactionRow:
    """A transaction; `amount` in units of `currency`; `person_id` is set in a list of people's transactions."""

    person_id: str | None = None
    record_id: str
    id: str
    key: str
    kind: str
    amount: float | None
    currency: str | None
    quantity: int | None
    occurred_at: Millis


async def list_transactions(
    tx: Tx, *, person_ids: Sequence[str], page: Page, kinds: Sequence[str] | None
) -> list[TransactionRow]:
    """A page of each person's transactions, newest first, and one row more where more follow."""
    rows = await fetch_all(tx, LIST_TRANSACTIONS, person_ids=person_ids, kinds=kinds, **descending(page))
    return [TransactionRow(**row.data()) for row in rows]


async def find_transactions(tx: Tx, *, transaction_ids: Sequence[str]) -> list[TransactionRow]:
    """Transactions by their opaque ids."""
    rows = await fetch_all(tx, FIND_TRANSACTIONS, transaction_ids=transaction_ids)
    return [TransactionRow(**row.data()) for row in rows]
