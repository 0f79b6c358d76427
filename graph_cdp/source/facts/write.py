"""Facts become nodes and relationships, on the records of their messages, in the transaction of the batch.

Of several statements about one thing in a batch the newest is written, and it is compared with what the graph holds. The
statements run in one order everywhere, each over rows sorted by key: two writers lock alike and never wait in a ring.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict
from typing import Any, TypeVar

from graph_cdp.graph.queries import Tx
from graph_cdp.source.facts.model import Statement, Transaction
from graph_cdp.source.facts.repository import write_transactions

T = TypeVar("T")


async def write_facts(tx: Tx, *, statements: Iterable[Statement], new_id: Callable[[], str]) -> None:
    """Write what these statements say."""
    of_transactions = _newest(statements, Transaction, lambda fact: fact.key)
    if of_transactions:
        await write_transactions(
            tx,
            transactions=[_transaction(key, one, new_id()) for key, one in sorted(of_transactions.items())],
        )


def _newest(statements: Iterable[Statement], kind: type[T], key: Callable[[T], str]) -> dict[str, Statement]:
    found: dict[str, Statement] = {}
    for one in statements:
        if isinstance(one.fact, kind):
            name = key(one.fact)
            if name not in found or found[name].order < one.order:
                found[name] = one
    return found


def _transaction(key: str, statement: Statement, id_: str) -> Mapping[str, Any]:
    said = asdict(statement.fact)
    return {
        "key": key,
        "id": id_,
        "record_key": statement.record_key,
        "stated_at": statement.occurred_at,
        "stated_hash": statement.body_hash,
        "properties": {name: said[name] for name in ("kind", "amount", "currency", "quantity")},
    }
