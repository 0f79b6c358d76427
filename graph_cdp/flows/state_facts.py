"""The flow of statements about nobody: the rows of a product feed, of a list of stores or firms.

They have no record and no event: a thing that is stated again keeps its newest statement, so sending one twice is safe.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from graph_cdp.errors import Misconfigured
from graph_cdp.flows.outcome import ACCEPTED, Outcome
from graph_cdp.graph.transactions import Graph
from graph_cdp.ids import Millis, new_id
from graph_cdp.source.facts.model import Statement
from graph_cdp.source.facts.write import FactWriter
from graph_cdp.source.model import Message


@dataclass(frozen=True, slots=True, kw_only=True)
class StateFacts:
    """What the flow needs beside its statements: the graph, the clock, and a source of ids."""

    graph: Graph
    clock: Callable[[], Millis]
    new_id: Callable[[], str] = new_id

    async def __call__(self, statements: Sequence[Statement]) -> list[Outcome]:
        """Store what the statements say, in one transaction: all or nothing. The outcome of each, in order."""
        writer = FactWriter(now=self.clock(), new_id=self.new_id)
        await self.graph.write(writer.write, statements=statements)
        return [ACCEPTED] * len(statements)


@dataclass(frozen=True, slots=True, kw_only=True)
class IngestRows:
    """Stores what rows say, whichever flow it is for: one outcome a row, in order."""

    messages: Callable[[Sequence[Message]], Awaitable[list[Outcome]]]
    statements: Callable[[Sequence[Statement]], Awaitable[list[Outcome]]]

    async def __call__(self, rows: Sequence[Message | Statement]) -> list[Outcome]:
        """Store the rows, those about customers in one transaction and those about nobody in another.

        An error may leave one of the two stored; sending all again is safe.
        """
        messages = [row for row in rows if isinstance(row, Message)]
        statements = [row for row in rows if isinstance(row, Statement)]
        of_messages = iter(await self.messages(messages) if messages else [])
        of_statements = iter(await self.statements(statements) if statements else [])
        return [next(of_messages if isinstance(row, Message) else of_statements) for row in rows]


async def state_nowhere(statements: Sequence[Statement]) -> list[Outcome]:
    """Where statements go that a caller did not expect: a defect of that caller.

    Raises:
        Misconfigured: always; nothing is stored.
    """
    raise Misconfigured(
        f"{len(statements)} rows are about nobody, and this import was not told where they go. Please report it."
    )
