"""Asking the API in tests: without HTTP, and with it."""

import secrets

import httpx
from starlette.applications import Starlette

from graph_cdp.access.model import KeyId, NewKey, Principal, Role
from graph_cdp.access.rules import SECRET_BYTES, make_secret
from graph_cdp.access.service import Keyring, issue_key, system_clock
from graph_cdp.api.context import Context
from graph_cdp.api.endpoint import Endpoint
from graph_cdp.api.errors import Body, format_error
from graph_cdp.api.health import Readiness
from graph_cdp.api.routes import api_routes
from graph_cdp.api.schema import schema
from graph_cdp.graph.migrations import load_migrations
from graph_cdp.graph.transactions import Graph
from graph_cdp.ids import new_id


async def ask(graph: Graph, query: str, role: Role = "app", **variables: object) -> Body:
    """The answer as the endpoint would give it."""
    context = Context(principal=Principal(key_id=KeyId("key"), role=role), graph=graph, default_region="FR")
    result = await schema.execute(query, variable_values=variables, context_value=context)
    errors = [format_error(error) for error in result.errors or ()]
    return {"data": result.data, **({"errors": errors} if errors else {})}


async def refusal(graph: Graph, query: str, role: Role = "app", **variables: object) -> tuple[str, str]:
    """Code and message of the one error that a query gets."""
    answer = await ask(graph, query, role, **variables)
    (error,) = answer["errors"]
    return error["extensions"]["code"], error["message"]


async def make_key(
    graph: Graph, role: Role, *, lasts_ms: int | None = None, org_unit: str | None = None
) -> str:
    """The secret of a new key, bound to a unit that was declared."""
    secret = make_secret(secrets.token_bytes(SECRET_BYTES))
    now = system_clock()
    expires_at = None if lasts_ms is None else now + lasts_ms
    source = "web" if role == "ingest" else None
    new = NewKey(name=role, role=role, source=source, expires_at=expires_at, org_unit=org_unit)
    await graph.write(issue_key, new, key_id=KeyId(new_id()), secret=secret, now=now)
    return secret


def serve(
    graph: Graph, readiness: Readiness | None = None, *, seconds_max: float = 60.0
) -> httpx.AsyncClient:
    """A client of the API on a graph, without a network in between."""
    endpoint = Endpoint(
        schema=schema,
        graph=graph,
        keyring=Keyring(graph),
        default_region="FR",
        seconds_max=seconds_max,
    )
    readiness = readiness or Readiness(graph, load_migrations())
    app = Starlette(
        routes=api_routes(endpoint=endpoint, subscriptions=None, readiness=readiness, graphiql=True)
    )
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://service")


def code_of(response: httpx.Response) -> tuple[int, str]:
    """Status and code of a refusal of the whole request, whose two forms must say the same."""
    body = response.json()
    assert response.headers["content-type"] == "application/json"
    assert body["errors"] == [{"message": body["message"], "extensions": {"code": body["code"]}}]
    return response.status_code, body["code"]


def codes(response: httpx.Response) -> list[str]:
    """The codes of the errors of a document that was answered."""
    assert response.status_code == 200
    return [error["extensions"]["code"] for error in response.json()["errors"]]
