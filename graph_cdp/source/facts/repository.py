"""The statements that write facts: one for each thing that a fact changes. Rows come sorted by key, one a key."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from graph_cdp.graph.queries import Tx, fetch_one, fetch_rows, load_query, run
from graph_cdp.ids import Millis

WRITE_TRANSACTIONS = load_query("fact/write_transactions")
WRITE_STATUSES = load_query("fact/write_statuses")
WRITE_LINES = load_query("fact/write_lines")
PLACE_TRANSACTIONS = load_query("fact/place_transactions")
LINK_RETURNS = load_query("fact/link_returns")
INTRODUCE_STORES = load_query("fact/introduce_stores")
INTRODUCE_PRODUCTS = load_query("fact/introduce_products")
WRITE_PRODUCTS = load_query("fact/write_products")
WRITE_STORES = load_query("fact/write_stores")
NOTE_INTERACTIONS = load_query("fact/note_interactions")
LOCK_COMPANIES = load_query("fact/lock_companies")
WRITE_COMPANIES = load_query("fact/write_companies")
JOIN_COMPANIES = load_query("fact/join_companies")
WRITE_CASES = load_query("fact/write_cases")
WRITE_DEVICES = load_query("fact/write_devices")
APPEND_CONSENTS = load_query("fact/append_consents")

Row: TypeAlias = Mapping[str, Any]
Rows: TypeAlias = Sequence[Row]


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenTransaction:
    """Whether a statement about a transaction is the newest, and whether there was one before."""

    key: str
    wins: bool
    stated_before: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class LockedCompany:
    """A company as it is in the graph, locked until the commit."""

    key: str
    properties: Mapping[str, Any]


async def write_transactions(tx: Tx, *, transactions: Rows, now: Millis) -> list[WrittenTransaction]:
    """Write these transactions where no newer statement is known."""
    rows = await fetch_rows(tx, WRITE_TRANSACTIONS, transactions=transactions, now=now)
    return [WrittenTransaction(key=key, wins=wins, stated_before=before) for key, wins, before in rows]


async def write_statuses(tx: Tx, *, statuses: Rows, now: Millis) -> None:
    """Write how far transactions are, where no newer word is known."""
    await run(tx, WRITE_STATUSES, statuses=statuses, now=now)


async def write_lines(tx: Tx, *, transactions: Rows) -> int:
    """Replace the lines of transactions that have just been locked; how many of them found their product."""
    row = await fetch_one(tx, WRITE_LINES, transactions=transactions)
    return row["line_count"]


async def place_transactions(tx: Tx, *, transactions: Rows) -> None:
    """Say at which store transactions that have just been locked were made."""
    await run(tx, PLACE_TRANSACTIONS, transactions=transactions)


async def link_returns(tx: Tx, *, returns: Rows) -> None:
    """Say which orders returns take back."""
    await run(tx, LINK_RETURNS, returns=returns)


async def introduce_stores(tx: Tx, *, codes: Sequence[str], now: Millis) -> None:
    """Make stores that messages mention, where they are new."""
    await run(tx, INTRODUCE_STORES, codes=codes, now=now)


async def introduce_products(tx: Tx, *, products: Rows, now: Millis) -> None:
    """Make products that messages mention, where they are new, and give them the newest words about them."""
    await run(tx, INTRODUCE_PRODUCTS, products=products, now=now)


async def write_products(tx: Tx, *, products: Rows, now: Millis) -> None:
    """Write what a product feed says, where no newer statement is known."""
    await run(tx, WRITE_PRODUCTS, products=products, now=now)


async def write_stores(tx: Tx, *, stores: Rows, now: Millis) -> None:
    """Write what is said of stores, where no newer statement is known."""
    await run(tx, WRITE_STORES, stores=stores, now=now)


async def note_interactions(tx: Tx, *, interactions: Rows, now: Millis) -> None:
    """Make events, which are stored already, interactions of their campaigns."""
    await run(tx, NOTE_INTERACTIONS, interactions=interactions, now=now)


async def lock_companies(tx: Tx, *, companies: Rows, now: Millis) -> list[LockedCompany]:
    """Lock these companies, make those that are new, and read what is known of each."""
    rows = await fetch_rows(tx, LOCK_COMPANIES, companies=companies, now=now)
    return [LockedCompany(key=key, properties=properties) for key, properties in rows]


async def write_companies(tx: Tx, *, companies: Rows) -> None:
    """Write new values of companies that are locked."""
    await run(tx, WRITE_COMPANIES, companies=companies)


async def join_companies(tx: Tx, *, members: Rows) -> None:
    """Say which firms records belong to."""
    await run(tx, JOIN_COMPANIES, members=members)


async def write_cases(tx: Tx, *, cases: Rows, now: Millis) -> None:
    """Write cases, where no newer statement is known."""
    await run(tx, WRITE_CASES, cases=cases, now=now)


async def write_devices(tx: Tx, *, devices: Rows) -> None:
    """Write what browsers and phones are, where no newer statement is known."""
    await run(tx, WRITE_DEVICES, devices=devices)


async def append_consents(tx: Tx, *, consents: Rows, now: Millis) -> None:
    """Append statements of consent; none is there already, as a message is stored once."""
    await run(tx, APPEND_CONSENTS, consents=consents, now=now)
