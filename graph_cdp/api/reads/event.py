"""Reading events: one function a file of `cypher/event/`."""

from collections.abc import Sequence
from dataclasses import dataclass

from graph_cdp.api.connections import Page
from graph_cdp.api.reads.keyset import descending
from graph_cdp.graph.queries import Tx, fetch_all, load_query
from graph_cdp.ids import Millis

LIST_EVENTS = load_query("event/list_events")
FIND_EVENTS = load_query("event/find_events")
FIND_PAYLOADS = load_query("event/find_payloads")


@dataclass(frozen=True, slots=True, kw_only=True)
class EventRow:
    """An event, without the message it came in; `person_id` is set in a list of people's events."""

    person_id: str | None = None
    record_id: str
    id: str
    message_id: str
    source: str
    type: str
    name: str | None
    occurred_at: Millis
    received_at: Millis


@dataclass(frozen=True, slots=True, kw_only=True)
class PayloadRow:
    """The message of an event as it was received: JSON text."""

    id: str
    payload: str


async def list_events(
    tx: Tx, *, person_ids: Sequence[str], page: Page, types: Sequence[str] | None
) -> list[EventRow]:
    """A page of each person's timeline, newest first, and one row more where more follow."""
    rows = await fetch_all(tx, LIST_EVENTS, person_ids=person_ids, types=types, **descending(page))
    return [EventRow(**row.data()) for row in rows]


async def find_events(tx: Tx, *, event_ids: Sequence[str]) -> list[EventRow]:
    """Events by their opaque ids."""
    return [EventRow(**row.data()) for row in await fetch_all(tx, FIND_EVENTS, event_ids=event_ids)]


async def find_payloads(tx: Tx, *, event_ids: Sequence[str]) -> list[PayloadRow]:
    """The original messages of events."""
    return [PayloadRow(**row.data()) for row in await fetch_all(tx, FIND_PAYLOADS, event_ids=event_ids)]
