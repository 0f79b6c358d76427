"""Whether the database is well: what only it can tell."""

import re
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeVar

from neo4j import AsyncManagedTransaction
from neo4j.exceptions import DriverError, Neo4jError

from graph_cdp.access.repository import count_active_keys
from graph_cdp.doctor.finding import Finding, fail, ok, warn
from graph_cdp.graph.driver import Neo4jTarget, open_driver
from graph_cdp.graph.migrations import Status, load_migrations, migration_status
from graph_cdp.graph.queries import fetch_one, fetch_optional, load_query
from graph_cdp.graph.transactions import Graph
from graph_cdp.identity.policy import DEFAULT_POLICY
from graph_cdp.ids import Millis
from graph_cdp.insights.model import Counts
from graph_cdp.insights.repository import count_identity
from graph_cdp.insights.rules import alarms_of_counts

T = TypeVar("T")

COUNT_PEOPLE = load_query("doctor/count_people")
COUNT_PROCEDURES = load_query("doctor/count_procedures")
READ_CLOCK = load_query("doctor/read_clock")
READ_PAGE_CACHE = load_query("doctor/read_page_cache")

TIMEOUT_S = 10.0
VERSION_MIN = (5, 26)
"""The long-term support line that everything is tested on."""

SKEW_WARN_MS = 1_000
SKEW_FAIL_MS = 60_000
"""A minute apart, and what expires (keys, locks) expires at the wrong time."""

PERSON_BYTES = 4096
"""What a person takes in the store, with records and events: measured on the demo's data, about 4 kB."""

_UNITS = {"B": 1, "KiB": 1 << 10, "MiB": 1 << 20, "GiB": 1 << 30, "TiB": 1 << 40}


@dataclass(frozen=True, slots=True, kw_only=True)
class Procedures:
    """How many installers of procedures there are (1 with APOC Extended), and how many of ours are installed."""

    installers: int
    installed: int


async def examine_database(target: Neo4jTarget, *, store_bytes: int | None) -> list[Finding]:
    """All findings about the database at `target`, which answers; `store_bytes` is its size where that is known."""
    async with open_driver(target, timeout_s=TIMEOUT_S) as driver:
        graph = Graph(driver, database=target.database, timeout_s=TIMEOUT_S)
        asked_at = _now()
        clock = await graph.read(read_clock)
        answered_at = _now()
        statuses = await migration_status(graph, load_migrations())
        people = await graph.read(count_people)
        return [
            check_clock(clock, asked_at=asked_at, answered_at=answered_at),
            check_migrations(statuses),
            check_procedures(await _told(graph, count_procedures)),
            check_page_cache(
                await _told(graph, read_page_cache), store_bytes=store_bytes or people * PERSON_BYTES
            ),
            check_keys(await graph.read(count_active_keys, now=answered_at)),
            check_identity(await _told(graph, count_identity), now=answered_at),
        ]


def check_version(version: str) -> Finding:
    """Whether this Neo4j is one that graph-cdp is tested on (5.26), or can be expected to run on (later)."""
    found = re.match(r"(\d+)\.(\d+)", version)
    major, minor = (int(found[1]), int(found[2])) if found else (0, 0)
    if (major, minor) < VERSION_MIN:
        return fail(
            "version", f"Neo4j {version} is not supported", "Use Neo4j 5.26 (long-term support) or newer."
        )
    if major != VERSION_MIN[0]:
        return warn(
            "version", f"Neo4j {version} has not been tried", "Expected to work; 5.26 is what is tested."
        )
    return ok("version", f"Neo4j {version}")


def check_clock(server_at: Millis, *, asked_at: Millis, answered_at: Millis) -> Finding:
    """Whether the clocks of this machine and of the server agree, as far as the time of the question can tell."""
    skew_ms = max(asked_at - server_at, server_at - answered_at, 0)
    text = f"The database's clock differs by {skew_ms / 1000:.1f} s"
    mend = "Set both clocks by NTP."
    if skew_ms > SKEW_FAIL_MS:
        return fail("clock", text, mend)
    return warn("clock", text, mend) if skew_ms > SKEW_WARN_MS else ok("clock", "The database's clock agrees")


def check_migrations(statuses: list[Status]) -> Finding:
    """Whether the database has the schema that this version expects."""
    wrong = [status.id for status in statuses if status.state in {"changed", "unknown"}]
    if wrong:
        return fail(
            "migrations",
            f"The database was migrated by other files: {', '.join(wrong)}",
            "Use the version of graph-cdp that made it, or a newer one.",
        )
    todo = [status.id for status in statuses if status.state != "applied"]
    if todo:
        return warn("migrations", f"Not yet applied: {', '.join(todo)}", "Apply them: graph-cdp migrate.")
    return ok("migrations", f"All {len(statuses)} are applied")


def check_procedures(found: Procedures | None) -> Finding:
    """Whether stewards can call procedures in Neo4j Browser. Nothing else needs APOC."""
    if found is None:
        return warn(
            "apoc", "The database does not tell its procedures", "Ask for the right to SHOW PROCEDURES."
        )
    if found.installed:
        return ok("apoc", f"{found.installed} stewards' procedures are installed")
    if found.installers:
        return warn(
            "apoc", "APOC Extended is there, but no stewards' procedure", "Install them: graph-cdp migrate."
        )
    return warn(
        "apoc",
        "No APOC Extended: stewards have no procedures in Neo4j Browser",
        "Put APOC Extended into its plugins, or use the managed database. Everything else works without.",
    )


def check_page_cache(size: str | None, *, store_bytes: int) -> Finding:
    """Whether the store fits into memory: reads become slower by an order of magnitude when it does not."""
    cache_bytes = parse_size(size) if size else None
    store = f"{store_bytes / (1 << 20):.0f} MB"
    if cache_bytes is None:
        return ok("pagecache", f"The database does not tell its page cache; the store is about {store}")
    text = f"Page cache {cache_bytes / (1 << 20):.0f} MB, store about {store}"
    if cache_bytes < store_bytes:
        return warn(
            "pagecache",
            text,
            "Raise GRAPH_CDP_NEO4J_PAGECACHE (server.memory.pagecache.size), then restart it.",
        )
    return ok("pagecache", text)


def check_keys(active: int) -> Finding:
    """Whether anyone could come in."""
    if active:
        return ok("keys", f"{active} API keys may be used")
    return warn(
        "keys", "No API key may be used: nobody can ask or send anything", "Make one: graph-cdp keys create."
    )


def check_identity(counts: Counts | None, *, now: Millis) -> Finding:
    """Whether identity keeps up and stays plausible, by what is counted at once; `graph-cdp health` looks closer."""
    if counts is None:
        return warn("identity", "It could not be counted in time", "Look closer: graph-cdp health.")
    alarms = list(alarms_of_counts(counts, now=now, policy=DEFAULT_POLICY))
    if alarms:
        return warn("identity", alarms[0].text, f"{alarms[0].mend} Look closer: graph-cdp health.")
    return ok(
        "identity",
        f"{counts.people:,} people of {counts.records:,} records, {counts.contested_identifiers:,} contested identifiers",
    )


def parse_size(text: str) -> int | None:
    """The bytes that the server means by `512.00MiB`; None for what is no such text."""
    found = re.fullmatch(r"([\d.]+)\s*([KMGT]?i?B)", text)
    return int(float(found[1]) * _UNITS[found[2]]) if found and found[2] in _UNITS else None


async def read_clock(tx: AsyncManagedTransaction) -> Millis:
    """The database's clock."""
    return int((await fetch_one(tx, READ_CLOCK))["now"])


async def count_people(tx: AsyncManagedTransaction) -> int:
    """How many people the graph holds."""
    return int((await fetch_one(tx, COUNT_PEOPLE))["people"])


async def count_procedures(tx: AsyncManagedTransaction) -> Procedures:
    """What procedures there are."""
    row = await fetch_one(tx, COUNT_PROCEDURES)
    return Procedures(installers=row["installers"], installed=row["installed"])


async def read_page_cache(tx: AsyncManagedTransaction) -> str | None:
    """The page cache as the server writes it; None where it does not tell."""
    row = await fetch_optional(tx, READ_PAGE_CACHE)
    return row["size"] if row else None


async def _told(graph: Graph, ask: Callable[[AsyncManagedTransaction], Awaitable[T]]) -> T | None:
    """The answer, or None where the database refuses to tell: a hosted one does not show its settings."""
    try:
        return await graph.read(ask)
    except (DriverError, Neo4jError):
        return None


def _now() -> Millis:
    return time.time_ns() // 1_000_000
