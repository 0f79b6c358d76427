"""`graph-cdp sdl`: the GraphQL schema as text."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from graph_cdp.errors import Misconfigured
from graph_cdp.graph.queries import cypher_folder


def sdl_command(
    write: Annotated[
        bool, typer.Option("--write", help="Write schema/schema.graphql of the checkout.")
    ] = False,
) -> None:
    """Print the GraphQL schema of this version, for code generators; --write commits it to the checkout."""
    from graph_cdp.api.permissions.table import FIELDS_PAGE, print_table
    from graph_cdp.api.schema import print_sdl

    if not write:
        print(print_sdl(), end="")
        return
    path = schema_file()
    path.write_text(print_sdl(), encoding="utf-8")
    (path.parents[1] / FIELDS_PAGE).write_text(print_table(), encoding="utf-8")
    Console(stderr=True).print(f"Written: {path}")


def schema_file() -> Path:
    """`schema/schema.graphql` of the checkout that this code runs from.

    Raises:
        Misconfigured: this is an installed package, which has no checkout.
    """
    checkout = cypher_folder().parent
    if not (checkout / "pyproject.toml").is_file():
        raise Misconfigured("There is no checkout to write to. Print the schema instead: graph-cdp sdl")
    return checkout / "schema" / "schema.graphql"
