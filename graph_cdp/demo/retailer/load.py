"""Loading the retailer's year by the doors that everybody has: the importer with mapping files, and Segment's client.

The files are written first, so that they can be looked at and imported again by hand.
"""

import asyncio
import csv
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from threading import Event

from graph_cdp.collect.importer import Import, Tally, import_file
from graph_cdp.collect.mapping import parse_mapping
from graph_cdp.demo.load import Loader, refuse
from graph_cdp.demo.repository import count_messages
from graph_cdp.demo.retailer.written import CALLS_PREFIX, LOYALTY, SITE
from graph_cdp.demo.retailer.year import Year
from graph_cdp.demo.web import Door, send_calls
from graph_cdp.flows.declared import Declared, parse_declared, write_declared
from graph_cdp.flows.ingest import Ingest
from graph_cdp.flows.state_facts import StateFacts
from graph_cdp.identity.policy import DEFAULT_POLICY
from graph_cdp.intake.record import RowReceipt

PART = "retailer"
"""What the loading is called where it is shown."""

FILES: Mapping[str, tuple[str, str]] = {
    "stores": (LOYALTY, "stores"),
    "loyalty": (LOYALTY, "loyalty"),
    "consents-email": (LOYALTY, "consents-email"),
    "consents-sms": (LOYALTY, "consents-sms"),
    "till-nord-card": ("till-nord", "till-card"),
    "till-nord-email": ("till-nord", "till-email"),
    "till-nord-returns": ("till-nord", "till-returns"),
    "till-sud-card": ("till-sud", "till-card"),
    "till-sud-email": ("till-sud", "till-email"),
    "till-sud-returns": ("till-sud", "till-returns"),
}
"""The files in the order of their loading: the source of each, and its mapping."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Retailer:
    """The year, where its files are, and the door of its site."""

    year: Year
    directory: Path
    door: Door


async def load_retailer(loader: Loader, retailer: Retailer) -> int:
    """Load the year; how many rows and calls were new.

    What the graph holds already is passed over: messages are counted by source, as for the other parts of the demo.

    Raises:
        Misconfigured: a row was rejected, or Segment's client is not installed.
        Unavailable: the database or the service does not answer.
    """
    declared = parse_declared(_asset("network"))
    total, done = _messages(retailer.year), 0
    if await loader.graph.read(count_messages, source=LOYALTY) < _of_loyalty(retailer.year):
        await loader.graph.write(write_declared, declared, now=loader.clock())
    stored = sum(
        [await loader.graph.read(count_messages, source=source) for source in declared.sources.sources]
    )
    if stored >= total:
        loader.told(PART, total, total)
        return 0
    accepted = 0
    for name in FILES:
        tally = await _import(loader, retailer, name, declared)
        accepted += tally.accepted
        done += 0 if name == "stores" else tally.rows
        loader.told(PART, done, total)
    return accepted + await _send(loader, retailer, done=done, total=total)


async def _import(loader: Loader, retailer: Retailer, name: str, declared: Declared) -> Tally:
    source, mapping = FILES[name]
    path = _write(retailer, name)
    ingest = Ingest(
        graph=loader.graph, policy=DEFAULT_POLICY, clock=loader.clock, survivorship=declared.survivorship
    )
    with path.open("rb") as file:
        return await import_file(
            file,
            Import(
                mapping=parse_mapping(_asset(mapping)),
                receipt=RowReceipt(
                    source=source,
                    received_at=loader.clock(),
                    region=loader.region,
                    rules=declared.sources.rules(source),
                ),
                ingest=ingest,
                state=StateFacts(graph=loader.graph, clock=loader.clock),
            ),
            reject=refuse,
        )


async def _send(loader: Loader, retailer: Retailer, *, done: int, total: int) -> int:
    calls = retailer.year.calls
    if await loader.graph.read(count_messages, source=SITE, prefix=CALLS_PREFIX) >= len(calls):
        loader.told(PART, total, total)
        return 0
    stop = Event()

    def told(sent: int) -> None:
        loader.told(PART, done + sent, total)

    try:
        await asyncio.to_thread(send_calls, calls, retailer.door, told=told, stop=stop)
    finally:
        stop.set()  # a thread cannot be cancelled: it looks at this
    return len(calls)


def _write(retailer: Retailer, name: str) -> Path:
    rows = retailer.year.rows[name]
    path = retailer.directory / f"{name}.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, fieldnames=list(rows[0]), delimiter=";")
        writer.writeheader()
        writer.writerows(rows)
    return path


def _messages(year: Year) -> int:
    """How many messages the whole year is: receipts, not their lines; stores are none."""
    rows = (row.get("ticket") or row for name in FILES if name != "stores" for row in year.rows[name])
    return len({one if isinstance(one, str) else id(one) for one in rows}) + len(year.calls)


def _of_loyalty(year: Year) -> int:
    return sum(len(year.rows[name]) for name in FILES if FILES[name][0] == LOYALTY and name != "stores")


def _asset(name: str) -> str:
    return files("graph_cdp.demo.retailer").joinpath(f"{name}.yaml").read_text("utf-8")
