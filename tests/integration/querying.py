"""Asking the graph directly, in Cypher: what tests compare with what they sent."""

from typing import Any, LiteralString

from graph_cdp.graph.queries import Tx
from graph_cdp.graph.transactions import Graph


async def query(graph: Graph, cypher: LiteralString, **parameters: Any) -> list[dict[str, Any]]:
    """The rows of a query, as dictionaries."""

    async def work(tx: Tx) -> list[dict[str, Any]]:
        result = await tx.run(cypher, parameters)
        return [record.data() async for record in result]

    return await graph.read(work)


def hits_of(plan: Any) -> int:
    """How often the database was touched: by the profile of a statement, and all that it is made of."""
    return plan.get("dbHits", 0) + sum(map(hits_of, plan.get("children", [])))
