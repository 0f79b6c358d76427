"""`graph-cdp demo`: everything at once, on real data."""

import time
from typing import Annotated

import typer
from rich.console import Console


def demo_command(
    stay: Annotated[
        bool, typer.Option("--stay/--no-stay", help="Serve until Ctrl-C, or end once all is loaded.")
    ] = True,
    sample: Annotated[
        bool, typer.Option("--sample", help="Load 200 customers and 700 purchases only: for a quick look.")
    ] = False,
) -> None:
    """Start the database, serve, load real data, and say what to try next.

    10,000 customers of two sources (FEBRL 4), 69,659 purchases of a shop (CDNOW) and 2,638 web events, resolved
    into people. Data is kept: a second start is quick. Ends with Ctrl-C, and stops the database if it started it.
    """
    started = time.monotonic()  # before the imports: they are part of what a person waits for
    from graph_cdp.demo.run import Demo, run_demo
    from graph_cdp.settings import Settings

    run_demo(Demo(settings=Settings(), console=Console(), stay=stay, sample=sample, started=started))
