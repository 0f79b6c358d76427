"""The demo from start to stop: database, migrations, keys, service, data, figures; then it waits to be ended."""

import asyncio
import secrets
import signal
import time
from dataclasses import dataclass
from pathlib import Path
from socket import socket

import httpx
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from graph_cdp.access.service import system_clock
from graph_cdp.app import create_app
from graph_cdp.demo.data import fetch_files, take_sample
from graph_cdp.demo.database import browser_of, database
from graph_cdp.demo.keys import WEB_SOURCE, DemoKeys, ensure_keys
from graph_cdp.demo.load import Loader, load_file, send_story
from graph_cdp.demo.measure import measure
from graph_cdp.demo.report import Place, graphiql_url, say_what_to_try, say_what_was_resolved
from graph_cdp.demo.retailer.load import PART, Retailer, load_retailer
from graph_cdp.demo.retailer.measure import measure_retailer
from graph_cdp.demo.retailer.year import SAMPLE_HOUSEHOLDS, WHOLE_HOUSEHOLDS, live_a_year
from graph_cdp.demo.serving import listen, serving
from graph_cdp.demo.sources import DemoSource, demo_sources, read_story
from graph_cdp.demo.story import SMALL_CAST, WHOLE_CAST, Story
from graph_cdp.demo.web import Door, require_client
from graph_cdp.errors import Unavailable
from graph_cdp.graph.driver import Neo4jTarget, open_driver
from graph_cdp.graph.migrations import load_migrations, migrate
from graph_cdp.graph.procedures import install_procedures
from graph_cdp.graph.transactions import Graph
from graph_cdp.settings import Settings

FIRST_ANSWER_TIMEOUT_S = 30.0
WEB_TITLE = "Visitors of the web site (Segment)"
RETAILER_TITLE = "A French retailer's year (generated)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Demo:
    """What a demo runs with: `stay` says whether it waits to be ended once all is loaded, `sample` whether it loads
    the beginning of its data only; `started` is the monotonic time, in seconds, at which it began.
    """

    settings: Settings
    console: Console
    stay: bool
    sample: bool
    started: float

    @property
    def directory(self) -> Path:
        """Where the demo keeps its keys and its data."""
        return self.settings.data_dir.expanduser().absolute()

    @property
    def url(self) -> str:
        """Where the service is."""
        host = self.settings.host
        return f"http://{f'[{host}]' if ':' in host else host}:{self.settings.port}"

    @property
    def seconds(self) -> float:
        """How long the demo has been running."""
        return time.monotonic() - self.started

    def say(self, text: str) -> None:
        """A line about what is being waited for."""
        self.console.print(f"[dim]{self.seconds:5.1f} s[/dim]  {text}", highlight=False)


def run_demo(demo: Demo) -> None:
    """Run the demo until it is interrupted, or until all is loaded if it shall not stay.

    Raises:
        PortTaken: another program listens on the service's port.
        Misconfigured, Unavailable: see what each step raises; what was loaded until then stays.
    """
    settings = demo.settings
    require_client()
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # a service manager's end is a person's Ctrl-C
    try:
        with listen(settings.host, settings.port) as listener, database(settings, say=demo.say) as target:
            try:
                _run_on(demo, target, listener)
            except (KeyboardInterrupt, asyncio.CancelledError):
                demo.say("Stopping; the data is kept")
    except KeyboardInterrupt:
        demo.say("Interrupted; start again at any time")


def _run_on(demo: Demo, target: Neo4jTarget, listener: socket) -> None:
    settings = demo.settings
    keys = asyncio.run(_prepare(demo, target))
    place = Place(url=demo.url, keys=keys, browser=browser_of(settings))
    with serving(create_app(settings, target), listener):
        _ask(place)
        demo.say(f"The service answers: [bold]{place.url}[/bold]")
        demo.say("Ask it already, while data is being loaded:")
        demo.console.print(f"         {graphiql_url(place)}\n", soft_wrap=True, highlight=False)
        asyncio.run(_load_and_stay(demo, target, place))


async def _prepare(demo: Demo, target: Neo4jTarget) -> DemoKeys:
    """Bring the database up to date; the keys that open the service."""
    settings = demo.settings
    async with open_driver(target, timeout_s=settings.neo4j_timeout_s) as driver:
        graph = Graph(driver, database=target.database, timeout_s=settings.neo4j_timeout_s)
        applied = await migrate(graph, load_migrations())
        procedures = await install_procedures(driver, database=target.database)
        demo.say(f"Neo4j is ready: {len(applied)} migrations applied, {len(procedures)} procedures installed")
        path = demo.directory / "demo-keys.json"
        return await ensure_keys(graph, path, now=system_clock(), random=secrets.token_bytes)


def _ask(place: Place) -> None:
    """Put a first query to the service: it answers, and the key opens it.

    Raises:
        Unavailable: it does not.
    """
    answer = httpx.post(
        f"{place.url}/graphql",
        json={"query": "{ __typename }"},
        headers={"Authorization": f"Bearer {place.keys.admin}"},
        timeout=FIRST_ANSWER_TIMEOUT_S,
    )
    if not answer.is_success:
        raise Unavailable(f"The service answers {answer.status_code}: {answer.text[:200]}")


async def _load_and_stay(demo: Demo, target: Neo4jTarget, place: Place) -> None:
    _end_on_sigterm()
    sources, story = _read_data(demo)
    timeout_s = demo.settings.neo4j_timeout_s
    async with open_driver(target, timeout_s=timeout_s) as driver:
        graph = Graph(driver, database=target.database, timeout_s=timeout_s)
        retailer = _retailer(demo, place)
        await _load(demo, graph, (sources, story, retailer), place)
        resolved = await measure(graph, sources, story), await measure_retailer(graph, retailer.year)
        say_what_was_resolved(demo.console, resolved, seconds=demo.seconds)
    say_what_to_try(demo.console, place, story)
    if demo.stay:
        demo.console.print("[dim]Ctrl-C ends the demo; the data stays, and the next start is quick.[/dim]")
        await asyncio.Event().wait()


def _read_data(demo: Demo) -> tuple[tuple[DemoSource, ...], Story]:
    directory = demo.directory / "data"
    files = fetch_files(directory, say=demo.say)
    if not demo.sample:
        sources = demo_sources(files)
        return sources, read_story(sources, cast=WHOLE_CAST)
    sources = demo_sources(take_sample(files, directory / "sample"))
    return sources, read_story(sources, cast=SMALL_CAST)


def _retailer(demo: Demo, place: Place) -> Retailer:
    return Retailer(
        year=live_a_year(SAMPLE_HOUSEHOLDS if demo.sample else WHOLE_HOUSEHOLDS),
        directory=demo.directory / "data" / ("retailer-sample" if demo.sample else "retailer"),
        door=Door(url=place.url, write_key=place.keys.retailer),
    )


async def _load(
    demo: Demo, graph: Graph, data: tuple[tuple[DemoSource, ...], Story, Retailer], place: Place
) -> None:
    sources, story, retailer = data
    with _progress(demo.console) as bar:
        tasks = {source.name: bar.add_task(source.title, start=False, total=None) for source in sources}
        tasks[WEB_SOURCE] = bar.add_task(WEB_TITLE, start=False, total=None)
        tasks[PART] = bar.add_task(RETAILER_TITLE, start=False, total=None)

        def told(part: str, done: int, total: int) -> None:
            _show(bar, tasks[part], done, total)

        loader = Loader(graph=graph, clock=system_clock, region=demo.settings.default_region, told=told)
        for source in sources:
            await load_file(loader, source)
        await send_story(loader, story, Door(url=place.url, write_key=place.keys.write))
        await load_retailer(loader, retailer)


def _show(bar: Progress, task: TaskID, done: int, total: int) -> None:
    bar.start_task(task)
    bar.update(task, completed=done, total=total)


def _progress(console: Console) -> Progress:
    columns = (
        TextColumn("{task.description:36}"),
        BarColumn(bar_width=30),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    return Progress(*columns, console=console)


def _end_on_sigterm() -> None:
    """Let SIGTERM cancel what runs, as asyncio has Ctrl-C do."""
    task = asyncio.current_task()
    if task is not None:
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
