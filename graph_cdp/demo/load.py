"""Loading the demo: files by the importer that `graph-cdp import` uses, the story by Segment's client.

Nothing is written down about how far a load has come: the graph itself is asked. So a load that was interrupted goes
on, and one that is complete is passed over, even where the database was reset or restored meanwhile.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from threading import Event
from typing import Protocol

from graph_cdp.collect.importer import Import, Rejection, import_file
from graph_cdp.demo.keys import WEB_SOURCE
from graph_cdp.demo.repository import count_messages
from graph_cdp.demo.sources import DemoSource
from graph_cdp.demo.story import Story
from graph_cdp.demo.web import Door, send_calls
from graph_cdp.errors import Misconfigured
from graph_cdp.flows.ingest import Ingest
from graph_cdp.graph.transactions import Graph
from graph_cdp.identity.policy import DEFAULT_POLICY
from graph_cdp.ids import Millis
from graph_cdp.intake.record import RowReceipt


class Told(Protocol):
    """Learns how far the loading of a part is: its name, messages done, messages in all."""

    def __call__(self, part: str, done: int, total: int) -> None:
        """Show it."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Loader:
    """Where the demo's data goes, and who watches. `region` is the setting DEFAULT_REGION."""

    graph: Graph
    clock: Callable[[], Millis]
    region: str
    told: Told


async def load_file(loader: Loader, source: DemoSource) -> int:
    """Load the file of `source`; how many of its rows were new.

    Raises:
        Misconfigured: a row was rejected, though the data is what the lock says.
        Unavailable: the database does not answer.
    """
    total = sum(1 for _ in source.rows())
    if await loader.graph.read(count_messages, source=source.name) >= total:
        loader.told(source.name, total, total)
        return 0
    receipt = RowReceipt(source=source.name, received_at=loader.clock(), region=loader.region)
    ingest = Ingest(graph=loader.graph, policy=DEFAULT_POLICY, clock=loader.clock)
    with source.path.open("rb") as file:
        tally = await import_file(
            file,
            Import(mapping=source.mapping, receipt=receipt, ingest=ingest),
            reject=refuse,
            progress=lambda tally: loader.told(source.name, tally.rows, total),
        )
    return tally.accepted


async def send_story(loader: Loader, story: Story, door: Door) -> int:
    """Send the story's web events to the service at `door`; how many were sent.

    Raises:
        Misconfigured: Segment's client is not installed.
        Unavailable: the service does not accept them.
    """
    total = len(story.calls)
    stored = await loader.graph.read(count_messages, source=WEB_SOURCE, prefix=story.prefix)
    if stored >= total:
        loader.told(WEB_SOURCE, total, total)
        return 0
    stop = Event()
    try:
        await asyncio.to_thread(
            send_calls, story.calls, door, told=lambda done: loader.told(WEB_SOURCE, done, total), stop=stop
        )
    finally:
        stop.set()  # a thread cannot be cancelled: it looks at this
    return total


def refuse(rejections: Sequence[Rejection]) -> None:
    """End the load at the first rejected row: the data is the demo's own, so something is broken.

    Raises:
        Misconfigured: always; the message names the line and the reason.
    """
    first = rejections[0]
    raise Misconfigured(
        f"Line {first.line} of the demo's data was rejected ({first.code}): {first.message} Please report it."
    )
