"""The whole service, as it is composed: a message goes in, the person comes out."""

import asyncio
import re
from collections.abc import AsyncGenerator

import httpx
import pytest

from graph_cdp.access.model import NewKey
from graph_cdp.access.service import system_clock
from graph_cdp.api.graphiql import ASSETS, FILES
from graph_cdp.app import create_app
from graph_cdp.commands.keys import create_key
from graph_cdp.graph.driver import Neo4jTarget
from graph_cdp.graph.transactions import Graph
from graph_cdp.settings import Settings

pytestmark = pytest.mark.neo4j


@pytest.fixture
async def client(graph: Graph, neo4j_target: Neo4jTarget) -> AsyncGenerator[httpx.AsyncClient]:
    """A client of the running service."""
    app = create_app(Settings(warm_up_s=0.1), neo4j_target)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://service") as client,
    ):
        yield client


async def key(graph: Graph, new: NewKey) -> dict[str, str]:
    """The header with a new key."""
    _, secret = await create_key(graph, new, now=system_clock())
    return {"Authorization": f"Bearer {secret}"}


async def test_a_message_that_was_sent_is_seen_in_the_person(client: httpx.AsyncClient, graph: Graph) -> None:
    write = await key(graph, NewKey(name="web", role="ingest", source="web"))
    read = await key(graph, NewKey(name="frontend", role="app"))
    message = {
        "userId": "u1",
        "messageId": "m1",
        "traits": {"email": "Marie@Example.com", "firstName": "Marie"},
        "timestamp": "2026-01-01T00:00:00Z",
    }
    query = """{ person(identifier: {kind: "email", value: "marie@example.com"}) {
      is_known golden_record { first_name email provenance { field source } }
      records { edges { node { key } } } events { edges { node { type message_id source } } }
      identifiers { edges { node { kind value contested } } } } }"""

    sent = await client.post("/v1/identify", json=message, headers=write)
    answer = await client.post("/graphql", json={"query": query}, headers=read)

    assert (sent.status_code, sent.json()) == (200, {"success": True})
    person = answer.json()["data"]["person"]
    identifiers = [edge["node"] for edge in person.pop("identifiers")["edges"]]
    assert person == {
        "is_known": True,
        "golden_record": {
            "first_name": "Marie",
            "email": "marie@example.com",
            "provenance": [{"field": "first_name", "source": "web"}, {"field": "email", "source": "web"}],
        },
        "records": {"edges": [{"node": {"key": "web:user:u1"}}]},
        "events": {"edges": [{"node": {"type": "IDENTIFY", "message_id": "m1", "source": "web"}}]},
    }
    assert sorted((one["kind"], one["value"], one["contested"]) for one in identifiers) == [
        ("email", "marie@example.com", False),
        ("user_id", "u1", False),
    ]


async def test_a_write_key_reads_nothing_and_a_reading_key_writes_nothing(
    client: httpx.AsyncClient, graph: Graph
) -> None:
    write = await key(graph, NewKey(name="web", role="ingest", source="web"))
    read = await key(graph, NewKey(name="frontend", role="app"))

    reading = await client.post("/graphql", json={"query": "{ __typename }"}, headers=write)
    writing = await client.post("/v1/identify", json={"userId": "u1"}, headers=read)

    assert (reading.status_code, reading.json()["code"]) == (403, "FORBIDDEN")
    assert (writing.status_code, writing.json()["code"]) == (403, "FORBIDDEN")


async def test_the_service_becomes_ready(client: httpx.AsyncClient) -> None:
    ready = await client.get("/readyz")
    for _ in range(200):
        if ready.status_code == 200:
            break
        await asyncio.sleep(0.1)
        ready = await client.get("/readyz")

    assert ready.json() == {"ready": True, "database": True, "migrations": True, "warm": True}
    assert (await client.get("/healthz")).json() == {"alive": True}


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/nothing", 404, "NOT_FOUND"),
        ("POST", "/readyz", 405, "METHOD_NOT_ALLOWED"),
        ("GET", "/assets/..%2findex.html", 404, "NOT_FOUND"),
    ],
)
async def test_what_is_not_there_is_said_in_json(
    client: httpx.AsyncClient, method: str, path: str, status: int, code: str
) -> None:
    response = await client.request(method, path)

    assert (response.status_code, response.json()["code"]) == (status, code)


@pytest.mark.parametrize("page", ["/", "/graphiql"])
async def test_a_page_may_load_and_run_the_services_own_files_only(
    client: httpx.AsyncClient, page: str
) -> None:
    response = await client.get(page)

    assert response.status_code == 200
    assert response.headers["content-security-policy"] == (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self' data:; "
        "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
    assert re.findall(r"<script(?![^>]*\ssrc=)|<style|\son\w+=|\sstyle=", response.text) == []
    for address in re.findall(r'(?:src|href)="([^"]+)"', response.text):
        assert address.startswith(("/", "data:,"))
        if address.startswith("/assets/"):
            assert (await client.get(address)).status_code == 200


async def test_every_asset_is_there_and_typed(client: httpx.AsyncClient) -> None:
    for name, path in FILES.items():
        response = await client.get(f"/assets/{name}")
        assert response.status_code == 200, f"{path} is missing: run `make setup`"
        assert response.content == (ASSETS / path).read_bytes()
        assert response.headers["content-type"].split(";")[0] in {"text/css", "text/javascript"}
        assert response.headers["x-content-type-options"] == "nosniff"


async def test_graphiql_can_be_switched_off(graph: Graph, neo4j_target: Neo4jTarget) -> None:
    app = create_app(Settings(graphiql=False, warm_up_s=0), neo4j_target)

    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://service") as client,
    ):
        assert (await client.get("/graphiql")).status_code == 404


async def test_the_examples_of_graphiql_are_valid(client: httpx.AsyncClient, graph: Graph) -> None:
    """Each example of the page's script, executed as it is shown."""
    script = (await client.get("/assets/graphiql.js")).text
    person = 'person(identifier: { kind: "national_id", value: "8650329" })'
    examples = [
        part.replace("${person}", person).replace("${value}", '"8650329"')
        for part in re.findall(r"`(# .*?)`", script, re.DOTALL)
    ]
    steward = await key(graph, NewKey(name="me", role="steward"))

    answers = [
        (await client.post("/graphql", json={"query": example}, headers=steward)).json()
        for example in examples
    ]

    assert answers[:-2] == [{"data": {"person": None}}] * 5
    assert answers[-2] == {"data": {"people": {"edges": []}}}
    written = answers[-1]["data"]
    assert [result["error"] for part in written.values() for result in part["results"]] == [None, None]
