"""A database that fails at a chosen statement: the real one, reached through a transaction that breaks on purpose."""

import asyncio
from dataclasses import dataclass
from typing import Any, Literal

from neo4j import AsyncDriver, AsyncManagedTransaction
from neo4j.exceptions import ClientError, IncompleteCommit, ServiceUnavailable, TransientError

from graph_cdp.graph.transactions import Graph, P, T, Work

Fault = Literal[
    "lost before",
    "lost after",
    "deadlock",
    "broken",
    "slow",
    "commit unknown, done",
    "commit unknown, not done",
]
FAULTS_OF_A_STATEMENT: tuple[Fault, ...] = ("lost before", "lost after", "deadlock", "broken", "slow")
FAULTS_OF_A_COMMIT: tuple[Fault, ...] = ("commit unknown, done", "commit unknown, not done")


@dataclass(slots=True, kw_only=True)
class Plan:
    """Fail once, at the statement of this number (from 1). `seen` counts the statements of the first run."""

    fault: Fault
    at: int = 0
    seen: int = 0
    spent: bool = False


class FaultyTransaction:
    """A transaction that fails as planned; everything else is the real one's."""

    def __init__(self, tx: AsyncManagedTransaction, plan: Plan) -> None:
        self._tx = tx
        self._plan = plan

    def __getattr__(self, name: str) -> Any:
        return getattr(self._tx, name)

    async def run(self, *args: Any, **kwargs: Any) -> Any:
        """Run a statement, or fail before or after it."""
        self._plan.seen += 1
        if self._plan.spent or self._plan.seen != self._plan.at:
            return await self._tx.run(*args, **kwargs)
        self._plan.spent = True
        match self._plan.fault:
            case "lost before":
                raise ServiceUnavailable("the connection is gone, by plan")
            case "deadlock":
                raise TransientError("a deadlock, by plan")
            case "broken":
                raise ClientError("an error that nobody expects, by plan")
            case "slow":
                await asyncio.sleep(0.2)
                return await self._tx.run(*args, **kwargs)
            case _:
                await (await self._tx.run(*args, **kwargs)).consume()
                raise ServiceUnavailable("the connection is gone, by plan")


class FaultyGraph(Graph):
    """A graph whose writes fail as planned."""

    def __init__(self, driver: AsyncDriver, plan: Plan) -> None:
        super().__init__(driver, database="neo4j", timeout_s=30)
        self._plan = plan

    async def write(self, work: Work[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Write through a faulty transaction; of a commit whose answer is lost, once done and once not."""

        async def faulty(tx: AsyncManagedTransaction, *args: P.args, **kwargs: P.kwargs) -> T:
            answer = await work(FaultyTransaction(tx, self._plan), *args, **kwargs)  # type: ignore[arg-type]
            if self._plan.fault == "commit unknown, not done" and not self._plan.spent:
                self._plan.spent = True
                raise IncompleteCommit("nobody knows, by plan")
            return answer

        if self._plan.fault == "commit unknown, done" and not self._plan.spent:
            self._plan.spent = True
            await super().write(faulty, *args, **kwargs)
        return await super().write(faulty, *args, **kwargs)
