"""`graph-cdp demo`: everything at once, on real data."""

from typing import Annotated

import typer
from rich.console import Console

from graph_cdp.settings import Settings


def demo_command(
    stay: Annotated[
        bool, typer.Option("--stay/--no-stay", help="Serve until Ctrl-C, or end once all is loaded.")
    ] = True,
) -> None:
    """Start the database, serve, load real data, and say what to try next.

    10,000 customers of two sources (FEBRL 4), 69,659 purchases of a shop (CDNOW) and 2,600 web events, resolved into
    people. Data is kept: a second start is quick. Ends with Ctrl-C, and stops the database if it started it.
    """
    from graph_cdp.demo.run import run_demo

    run_demo(Settings(), Console(), stay=stay)
