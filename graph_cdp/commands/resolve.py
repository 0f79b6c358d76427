"""`graph-cdp resolve`: match the records of the whole graph by what they say of their people, and resolve anew."""

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
)

from graph_cdp.access.service import system_clock
from graph_cdp.commands.migrate import apply
from graph_cdp.flows.declared import read_declared
from graph_cdp.flows.resolve_marked import ResolveMarked
from graph_cdp.golden_record.model import Survivorship
from graph_cdp.graph.driver import open_driver
from graph_cdp.graph.server import ensure_database
from graph_cdp.graph.transactions import Graph
from graph_cdp.identity.marks import count_unresolved
from graph_cdp.identity.policy import DEFAULT_POLICY
from graph_cdp.settings import Settings

if TYPE_CHECKING:
    from graph_cdp.matching.linkage.policy import MatchPolicy

SECONDS_MAX = 600.0
"""Longest time of one transaction: a large component takes its time."""


def resolve_command(
    *,
    policy: Annotated[
        Path | None,
        typer.Option(
            exists=True, dir_okay=False, help="How records are matched (YAML), as `graph-cdp match` takes it."
        ),
    ] = None,
    training: Annotated[
        bool, typer.Option(help="Learn the weights anew; without it, those hold that were learned last.")
    ] = True,
    dry_run: Annotated[bool, typer.Option(help="Say what would be matched; change nothing.")] = False,
) -> None:
    """Match all records of the graph by what they say of their people, and resolve whom that concerns.

    Weights are learned from the records themselves and from the verdicts of humans on some of them, and are kept: by them the service compares every record that arrives or changes
    from now on. A match of a probability of 0.95 and more joins, one of 0.5 and more
    waits for a human; verdicts, limits and clear differences of names and birth dates stand above both. Ids stay, and each change
    stands in the journal with its evidence. The service may go on meanwhile; safe to run again, and to interrupt (records that
    arrive are compared again once it was run to its end).
    """
    from graph_cdp.matching.linkage.policy import MatchPolicy, parse_policy

    if policy and not training:
        raise typer.BadParameter(
            "What was learned last has its own policy: leave --policy out.", param_hint="--no-training"
        )
    settings = Settings()
    declared = (
        parse_policy(policy.read_text("utf-8")) if policy else MatchPolicy(region=settings.default_region)
    )
    asyncio.run(_resolve(settings, declared, training=training, dry_run=dry_run))


async def _resolve(settings: Settings, declared: "MatchPolicy", *, training: bool, dry_run: bool) -> None:
    from graph_cdp.flows.match_graph import MatchGraph, Watched

    console = Console(highlight=False)
    survivorship = read_declared(settings.sources_file).survivorship
    target = await asyncio.to_thread(ensure_database, settings)
    await apply(settings, target)
    with _progress() as bar:
        async with open_driver(target, timeout_s=SECONDS_MAX) as driver:
            graph = Graph(driver, database=target.database, timeout_s=SECONDS_MAX)
            reading, matching = bar.add_task("records read", total=None), bar.add_task("matching", total=None)
            writing = bar.add_task("matches written", total=None, visible=not dry_run)
            keeping = bar.add_task("records prepared for what arrives", total=None, visible=not dry_run)
            watched = Watched(
                reading=lambda done, total: bar.update(reading, completed=done, total=total),
                matching=lambda what: bar.update(matching, description=what),
                writing=lambda done, total: bar.update(writing, completed=done, total=total),
                keeping=lambda done, total: bar.update(keeping, completed=done, total=total),
            )
            flow = MatchGraph(
                graph=graph, policy=DEFAULT_POLICY, match_policy=declared, clock=system_clock, watched=watched
            )
            found = await (flow.find() if training else flow.find_again())
            bar.update(matching, description="matched", completed=1, total=1)
            if not dry_run:
                await flow.apply(found)
                bar.update(writing, total=bar.tasks[writing].completed)
                await _resolve_marked(graph, survivorship, bar)
    changed = found.difference
    if found.labels:
        console.print(f"Verdicts: {found.labels.told}", soft_wrap=True)
    console.print(
        f"{len(found.records):,} records, {found.compared:,} of them say enough to be matched: {found.joining:,} matches join, "
        f"{found.asking:,} wait for a human. {len(changed.written):,} are new or changed, {len(changed.deleted):,} are gone"
        f"{' (nothing was written)' if dry_run else ''}.",
        soft_wrap=True,
    )


async def _resolve_marked(graph: Graph, survivorship: Survivorship, bar: Progress) -> None:
    """Resolve what waits, and compare what came meanwhile, whoever else does it, too."""
    from graph_cdp.flows.match_unmatched import MatchUnmatched

    total = await graph.read(count_unresolved)
    resolving = bar.add_task("people resolved", total=total)
    job = ResolveMarked(
        graph=graph,
        policy=DEFAULT_POLICY,
        clock=system_clock,
        survivorship=survivorship,
        observe=lambda resolved: bar.update(resolving, advance=len(resolved.person_of)),
    )
    await job.run()
    await MatchUnmatched(graph=graph, clock=system_clock, resolve=job.run).run()
    bar.update(resolving, completed=total)


def _progress() -> Progress:
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description:34}"),
        BarColumn(bar_width=30),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    return Progress(*columns, console=Console(stderr=True))
