"""`graph-cdp dead-letters`: what was refused, and what becomes of it."""

import json
from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Column, Table

from graph_cdp.access.service import system_clock
from graph_cdp.collect.replay import Replay
from graph_cdp.commands.on_graph import run_on_graph
from graph_cdp.dead_letters.model import STATES, Attempt, DeadLetter, Wanted
from graph_cdp.dead_letters.repository import find_dead_letters, list_dead_letters, settle_dead_letters
from graph_cdp.errors import Invalid, NotFound
from graph_cdp.flows.declared import read_declared
from graph_cdp.flows.ingest import Ingest
from graph_cdp.flows.state_facts import StateFacts
from graph_cdp.graph.transactions import Graph
from graph_cdp.identity.policy import DEFAULT_POLICY
from graph_cdp.settings import Settings

ID_CHARACTERS_MIN = 8
"""As much of an id as a table shows: fewer characters could mean several letters."""

LETTERS_MAX = 1_000

BY = "command line"
"""Who tried to settle a letter, where it was no key."""

dead_letters_app = typer.Typer(
    help="Messages that were refused: show why, send them again, mended or not, or discard them.\n\n"
    "Nothing that was sent is lost in silence. Mend what the reason says, or change the rule that refused it, and "
    "replay: a message counts once, however often it is sent.",
    no_args_is_help=True,
)

SourceOption = Annotated[str | None, typer.Option(help="Only of this source, for example 'web'.")]
RuleOption = Annotated[str | None, typer.Option(help="Only what this business rule of a source rejected.")]
CodeOption = Annotated[str | None, typer.Option(help="Only for this reason, for example NO_IDENTITY.")]
LimitOption = Annotated[int, typer.Option(min=1, max=LETTERS_MAX, help="How many at most, the newest first.")]
IdsArgument = Annotated[
    list[str] | None,
    typer.Argument(metavar="ID", help="Letters, by at least 8 characters of their ids."),
]
IdArgument = Annotated[
    str, typer.Argument(metavar="ID", help="A letter, by at least 8 characters of its id.")
]


@dead_letters_app.command("list")
def list_command(
    *,
    source: SourceOption = None,
    code: CodeOption = None,
    rule: RuleOption = None,
    state: Annotated[str, typer.Option(help=f"{', '.join(STATES)}.")] = "waiting",
    limit: LimitOption = 50,
    as_json: Annotated[bool, typer.Option("--json", help="A JSON object a line, payloads included.")] = False,
) -> None:
    """Show refused messages and why, without what they hold."""
    if state not in STATES:
        raise Invalid(f"There is no state '{state}'; there are {', '.join(STATES)}.")
    wanted = Wanted(state=state, source=source, code=code, rule=rule)
    letters = run_on_graph(lambda graph: graph.read(list_dead_letters, wanted=wanted, row_limit=limit))
    if as_json:
        for letter in letters:
            print(json.dumps(asdict(letter)))
    else:
        Console().print(_table(letters))


@dead_letters_app.command("show")
def show_command(letter_id: IdArgument) -> None:
    """Print a refused message as it was received, which is what `mend` takes. It holds personal data."""
    letter = run_on_graph(lambda graph: _find_one(graph, letter_id))
    Console(stderr=True, soft_wrap=True).print(f"{letter.code}: {escape(letter.message)}")
    print(json.dumps(json.loads(letter.payload), indent=2) if letter.is_whole else letter.payload)


@dead_letters_app.command("replay")
def replay_command(
    ids: IdsArgument = None,
    *,
    source: SourceOption = None,
    code: CodeOption = None,
    rule: RuleOption = None,
    limit: LimitOption = 1_000,
) -> None:
    """Send letters again as they were received: those named, or all that wait and match. Exits with 3 if some still wait."""
    wanted = Wanted(state="waiting", source=source, code=code, rule=rule)

    async def run(graph: Graph) -> list[Attempt]:
        letters = (
            await _find(graph, ids)
            if ids
            else await graph.read(list_dead_letters, wanted=wanted, row_limit=limit)
        )
        return await _replay(graph)(letters, now=system_clock(), by=BY)

    _report(run_on_graph(run))


@dead_letters_app.command("mend")
def mend_command(
    letter_id: IdArgument,
    body: Annotated[
        Path, typer.Argument(exists=True, dir_okay=False, metavar="FILE", help="The corrected message: JSON.")
    ],
) -> None:
    """Send a corrected message in the place of a refused one, at the time at which that one was received."""

    async def run(graph: Graph) -> list[Attempt]:
        letter = await _find_one(graph, letter_id)
        return [await _replay(graph).mend(letter, body.read_bytes(), now=system_clock(), by=BY)]

    _report(run_on_graph(run))


@dead_letters_app.command("discard")
def discard_command(ids: IdsArgument = None) -> None:
    """Say of letters that nothing is to become of them. They are deleted when their time has come."""
    if not ids:
        raise Invalid("Name the letters: graph-cdp dead-letters discard ID…")

    async def run(graph: Graph) -> str:
        found = await _find(graph, ids)
        letters = [replace(letter, state="discarded") for letter in found if letter.state == "waiting"]
        await graph.write(settle_dead_letters, letters=letters, now=system_clock(), by=BY)
        return _told(f"{len(letters)} discarded.", before=len(found) - len(letters))

    Console().print(run_on_graph(run))


def _replay(graph: Graph) -> Replay:
    settings = Settings()
    declared = read_declared(settings.sources_file)
    ingest = Ingest(
        graph=graph, policy=DEFAULT_POLICY, clock=system_clock, survivorship=declared.survivorship
    )
    return Replay(
        graph=graph,
        ingest=ingest,
        region=settings.default_region,
        sources=declared.sources,
        state=StateFacts(graph=graph, clock=system_clock),
    )


async def _find(graph: Graph, ids: Sequence[str]) -> list[DeadLetter]:
    if any(len(one) < ID_CHARACTERS_MIN for one in ids):
        raise Invalid(f"Give at least {ID_CHARACTERS_MIN} characters of an id.")
    letters = await graph.read(find_dead_letters, ids=ids)
    for one in ids:
        if not any(letter.id.startswith(one) for letter in letters):
            raise NotFound(f"There is no dead letter {one}; `graph-cdp dead-letters list` shows them.")
    return letters


async def _find_one(graph: Graph, letter_id: str) -> DeadLetter:
    return (await _find(graph, [letter_id]))[0]


def _table(letters: Sequence[DeadLetter]) -> Table:
    table = Table(
        Column("id", no_wrap=True), "received", "source", "message id", "reason", "rule", "what is wrong"
    )
    for letter in letters:
        received = f"{datetime.fromtimestamp(letter.received_at / 1000, UTC):%Y-%m-%d %H:%M}"
        table.add_row(
            letter.id[:12],
            received,
            letter.source,
            letter.message_id or "",
            letter.code,
            escape(letter.rule or ""),
            escape(letter.message),
        )
    return table


def _report(attempts: Sequence[Attempt]) -> None:
    replayed = sum(one.became == "replayed" for one in attempts)
    waiting = [
        replace(one.letter, message=one.message or "") for one in attempts if one.letter.state == "waiting"
    ]
    if waiting:
        Console().print(_table(waiting))
    before = len(attempts) - replayed - len(waiting)
    Console().print(_told(f"{replayed} replayed, {len(waiting)} still waiting.", before=before))
    if waiting:
        raise typer.Exit(3)


def _told(what: str, *, before: int) -> str:
    return f"{what} {before} settled before." if before else what
