"""Doing once what a message about nobody asks for, however often it comes."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from neo4j.exceptions import ConstraintError

from graph_cdp.flows.batch import sort_out
from graph_cdp.flows.outcome import ACCEPTED, Outcome
from graph_cdp.graph.queries import Tx
from graph_cdp.graph.transactions import Graph
from graph_cdp.ids import new_id
from graph_cdp.source.model import Message
from graph_cdp.source.repository import create_events_about_nobody, find_messages


async def store_once(tx: Tx, *, message: Message, new_id: Callable[[], str]) -> Outcome:
    """`ACCEPTED` where the message is new, and stored now: then, in the same transaction, do what it asks for.

    Of two transactions at once the constraint stops the second with a `ConstraintError`; started again, it finds the
    message.
    """
    (outcome,), _ = sort_out([message], await find_messages(tx, messages=[message]))
    if outcome is ACCEPTED:
        await create_events_about_nobody(tx, events={new_id(): message})
    return outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class DoRepeatably:
    """Does what takes more than one transaction, and says that it was done when all of it was.

    A crash between the two does it again, never not at all: what is done must be safe to repeat.
    """

    graph: Graph
    new_id: Callable[[], str] = new_id

    async def __call__(self, message: Message, work: Callable[[], Awaitable[None]]) -> Outcome:
        """`ACCEPTED` where the message is new and `work` is done; else why nothing was done now.

        Raises:
            Unavailable: the database does not answer; some may be done. Sending the message again is safe.
        """
        outcome = await self.graph.read(_known, message=message)
        if outcome is not ACCEPTED:
            return outcome
        await work()
        return await self.graph.write_anew(ConstraintError, store_once, message=message, new_id=self.new_id)


async def _known(tx: Tx, *, message: Message) -> Outcome:
    (outcome,), _ = sort_out([message], await find_messages(tx, messages=[message]))
    return outcome
