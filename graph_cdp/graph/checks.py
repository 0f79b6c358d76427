"""Invariants as queries: each file of `cypher/checks/` returns the rows that violate it, by opaque ids only."""

from dataclasses import dataclass
from typing import Any

from neo4j import AsyncManagedTransaction

from graph_cdp.graph.queries import Query, cypher_folder, fetch_all, load_query
from graph_cdp.graph.transactions import Graph

VIOLATIONS_SHOWN_MAX = 100
"""Every check ends with LIMIT 100: enough to act on, and a broken graph cannot fill the memory."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Violation:
    """A row that breaks an invariant: the check's name and sentence, and the ids to look at."""

    check: str
    summary: str
    row: dict[str, Any]


def load_checks() -> tuple[Query, ...]:
    """All invariants, by name."""
    names = sorted(path.stem for path in (cypher_folder() / "checks").glob("*.cypher"))
    return tuple(load_query(f"checks/{name}") for name in names)


async def run_check(tx: AsyncManagedTransaction, query: Query) -> list[Violation]:
    """The violations of one invariant."""
    rows = await fetch_all(tx, query)
    return [
        Violation(check=query.name.removeprefix("checks/"), summary=query.summary, row=row.data())
        for row in rows
    ]


async def find_violations(graph: Graph) -> list[Violation]:
    """The violations of all invariants, each check in a read transaction of its own."""
    return [violation for query in load_checks() for violation in await graph.read(run_check, query)]
