"""Doing once what a message about nobody asks for, however often it comes."""

from collections.abc import Callable

from graph_cdp.flows.batch import sort_out
from graph_cdp.flows.outcome import ACCEPTED, Outcome
from graph_cdp.graph.queries import Tx
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
