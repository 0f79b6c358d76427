"""`graph-cdp golden-records`, and what commands do with the file in which sources are declared."""

import asyncio

from rich.console import Console

from graph_cdp.access.service import system_clock
from graph_cdp.commands.migrate import apply
from graph_cdp.commands.on_graph import with_graph
from graph_cdp.flows.declared import Declared, read_declared, write_declared
from graph_cdp.golden_record.service import recompute_golden_records
from graph_cdp.graph.driver import Neo4jTarget
from graph_cdp.graph.server import ensure_database
from graph_cdp.graph.transactions import Graph
from graph_cdp.settings import Settings


def golden_records_command() -> None:
    """Compute every golden record again, by the rules that are declared now.

    Needed after the rules of survivorship or the trust of a source changed. The service may go on meanwhile; safe to
    run again.
    """
    settings = Settings()
    declared = read_declared(settings.sources_file)
    target = ensure_database(settings)
    asyncio.run(apply(settings, target))

    async def recompute(graph: Graph) -> int:
        await graph.write(write_declared, declared, now=system_clock())
        return await recompute_golden_records(graph, survivorship=declared.survivorship)

    count = asyncio.run(with_graph(settings, target, recompute))
    Console().print(f"{count:,} golden records computed.")


def declare_sources(settings: Settings, target: Neo4jTarget) -> Declared:
    """Write what is declared of sources into the migrated graph, and say so where golden records are behind it.

    Raises:
        Misconfigured: the file cannot be read.
        Invalid: the file does not fit; the message names the place.
    """
    declared = read_declared(settings.sources_file)

    async def write(graph: Graph) -> list[str]:
        return await graph.write(write_declared, declared, now=system_clock())

    changed = asyncio.run(with_graph(settings, target, write))
    if changed:
        Console(stderr=True, soft_wrap=True).print(
            f"The trust of {', '.join(changed)} changed. Golden records follow it as their people change; "
            "for all at once: graph-cdp golden-records"
        )
    return declared
