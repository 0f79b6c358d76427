"""`graph-cdp keys`: who may come in."""

import secrets
from datetime import UTC, datetime
from typing import Annotated, cast, get_args

import typer
from rich.console import Console
from rich.table import Column, Table

from graph_cdp.access.model import ApiKey, KeyId, NewKey, Role
from graph_cdp.access.rules import SECRET_BYTES, make_secret
from graph_cdp.access.service import issue_key, list_keys, revoke_key, system_clock
from graph_cdp.commands.on_graph import run_on_graph
from graph_cdp.errors import Invalid
from graph_cdp.graph.transactions import Graph
from graph_cdp.ids import Millis, new_id

DAY_MS = 24 * 60 * 60 * 1000

keys_app = typer.Typer(help="Make, list and revoke API keys.", no_args_is_help=True)


@keys_app.command("create", epilog="Example: `graph-cdp keys create --role ingest --source web --name shop`")
def create_command(
    name: Annotated[str, typer.Option(help="What the key is for, for example 'shop frontend'.")],
    role: Annotated[str, typer.Option(help=f"What it may do: {', '.join(get_args(Role))}.")],
    source: Annotated[
        str | None, typer.Option(help="The source that an ingest key writes for, for example 'web'.")
    ] = None,
    org_unit: Annotated[
        str | None,
        typer.Option(
            help="The unit of the network that it is bound to, for example 'lille'; none if left out."
        ),
    ] = None,
    expires_in_days: Annotated[
        int | None, typer.Option(help="When it stops working; never if left out.")
    ] = None,
) -> None:
    """Make a key and show its secret, once: only its hash is kept."""
    if role not in get_args(Role):
        raise Invalid(f"There is no role '{role}'; there are {', '.join(get_args(Role))}.")
    now = system_clock()
    expires_at = None if expires_in_days is None else now + expires_in_days * DAY_MS
    new = NewKey(name=name, role=cast("Role", role), source=source, expires_at=expires_at, org_unit=org_unit)
    key, secret = run_on_graph(lambda graph: create_key(graph, new, now=now))
    console = Console(stderr=True, soft_wrap=True)
    console.print(f"Key {key.id} ({key.role}). This is its secret; it is not shown again:")
    print(secret)


@keys_app.command("list")
def list_command() -> None:
    """Show all keys, those that no longer work too; never their secrets."""
    table = Table(Column("id", no_wrap=True), "key", "name", "role", "source", "unit", "made", "state")
    now = system_clock()
    for key in run_on_graph(lambda graph: graph.read(list_keys)):
        table.add_row(
            key.id,
            f"{key.prefix}…",
            key.name,
            key.role,
            key.source or "",
            key.org_unit or "",
            _day(key.created_at),
            _state(key, now),
        )
    Console().print(table)


@keys_app.command("revoke")
def revoke_command(
    key_id: Annotated[
        str, typer.Argument(metavar="ID", help="The key's id, as `graph-cdp keys list` shows it.")
    ],
) -> None:
    """Revoke a key, for ever. A running service notices within seconds."""
    run_on_graph(lambda graph: graph.write(revoke_key, key_id=KeyId(key_id), now=system_clock()))
    Console().print(f"Key {key_id} is revoked.")


async def create_key(graph: Graph, new: NewKey, *, now: Millis) -> tuple[ApiKey, str]:
    """Store a new key; the key and its secret, which only the caller knows from now on."""
    secret = make_secret(secrets.token_bytes(SECRET_BYTES))
    key = await graph.write(issue_key, new, key_id=KeyId(new_id()), secret=secret, now=now)
    return key, secret


def _day(at: Millis) -> str:
    return f"{datetime.fromtimestamp(at / 1000, UTC):%Y-%m-%d}"


def _state(key: ApiKey, now: Millis) -> str:
    if key.revoked_at is not None:
        return f"revoked {_day(key.revoked_at)}"
    if key.expires_at is None:
        return "active"
    return f"{'active until' if key.expires_at > now else 'expired'} {_day(key.expires_at)}"
