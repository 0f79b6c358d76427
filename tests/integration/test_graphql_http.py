"""The API's edge over HTTP: who may come in, and that every answer is JSON with a code."""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from typing import Any, LiteralString

import httpx
import pytest
from neo4j import AsyncDriver, Record
from neo4j.exceptions import ClientError

from graph_cdp.access.model import KeyId, Role
from graph_cdp.access.rules import hash_secret
from graph_cdp.access.service import list_keys, revoke_key, system_clock
from graph_cdp.api import endpoint as edge
from graph_cdp.api.health import Readiness
from graph_cdp.api.schema import schema
from graph_cdp.graph.driver import Neo4jTarget, open_driver
from graph_cdp.graph.migrations import Migration, load_migrations
from graph_cdp.graph.transactions import Graph, P, T, Work
from tests.integration.asking import code_of, codes, make_key, serve
from tests.integration.people import MARIE, NEW_YEAR, event, seed_events, seed_people
from tests.integration.querying import query

pytestmark = pytest.mark.neo4j

NAME = {"query": f'{{ person(id: "{MARIE}") {{ golden_record {{ first_name }} }} }}'}


ANSWER = {"data": {"person": {"golden_record": {"first_name": "Marie"}}}}


@pytest.mark.parametrize("role", ["admin", "app", "steward"])
@pytest.mark.parametrize("header", ["Authorization", "X-API-Key"])
async def test_a_key_of_a_reading_role_is_let_in(graph: Graph, role: Role, header: str) -> None:
    await seed_people(graph)
    secret = await make_key(graph, role)

    async with serve(graph) as client:
        value = f"Bearer {secret}" if header == "Authorization" else secret
        response = await client.post("/graphql", json=NAME, headers={header: value})

    assert (response.status_code, response.json()) == (200, ANSWER)


async def test_an_ingest_key_may_not_query(graph: Graph) -> None:
    secret = await make_key(graph, "ingest")

    async with serve(graph) as client:
        response = await client.post("/graphql", json=NAME, headers={"X-API-Key": secret})

    assert code_of(response) == (403, "FORBIDDEN")
    assert response.json()["message"] == (
        "A key with the role ingest may not query. Ask an administrator for one with the role app."
    )


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": "Bearer"},
        {"Authorization": "Bearer gcdp_short"},
        {"Authorization": "Bearer gcdp_" + "A" * 43},
        {"Authorization": "Basic Z2NkcDo="},
        {"X-API-Key": "gcdp_" + "A" * 43},
        {"X-API-Key": ""},
    ],
)
async def test_without_a_good_key_nothing_is_answered(graph: Graph, headers: dict[str, str]) -> None:
    async with serve(graph) as client:
        response = await client.post("/graphql", json=NAME, headers=headers)

    assert code_of(response) == (401, "UNAUTHENTICATED")
    assert response.headers["www-authenticate"] == "Bearer"


async def test_expired_and_revoked_keys_are_no_good(graph: Graph) -> None:
    expired, revoked = await make_key(graph, "app", lasts_ms=1), await make_key(graph, "app")
    await asyncio.sleep(0.01)
    await graph.write(revoke_key, key_id=await id_of(graph, revoked), now=system_clock())

    async with serve(graph) as client:
        for secret in (expired, revoked):
            response = await client.post("/graphql", json=NAME, headers={"X-API-Key": secret})
            assert code_of(response) == (401, "UNAUTHENTICATED")


async def id_of(graph: Graph, secret: str) -> KeyId:
    (found,) = [key.id for key in await graph.read(list_keys) if key.hash == hash_secret(secret)]
    return found


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "PATCH", "OPTIONS"])
async def test_queries_are_posted(api_client: httpx.AsyncClient, method: str) -> None:
    response = await api_client.request(method, "/graphql", params=NAME)

    assert code_of(response) == (405, "METHOD_NOT_ALLOWED")
    assert response.headers["allow"] == "POST"


@pytest.mark.parametrize(
    ("content", "media_type", "expected"),
    [
        (b"", "application/json", (400, "BAD_REQUEST")),
        (b"{", "application/json", (400, "BAD_REQUEST")),
        (b"null", "application/json", (400, "BAD_REQUEST")),
        (b"[" * 60_000, "application/json", (400, "TOO_DEEP")),
        (b'[{"query":"{ __typename }"}]', "application/json", (400, "BAD_REQUEST")),
        (b"{}", "application/json", (400, "BAD_REQUEST")),
        (b'{"query": 1}', "application/json", (400, "BAD_REQUEST")),
        (b'{"query": ""}', "application/json", (400, "BAD_REQUEST")),
        (b'{"query": "{ __typename }", "variables": []}', "application/json", (400, "BAD_REQUEST")),
        (b'{"query": "{ __typename }", "operationName": 1}', "application/json", (400, "BAD_REQUEST")),
        (b'{"query": "{ __typename }", "operationName": "X"}', "application/json", (400, "BAD_OPERATION")),
        (
            b'{"query": "query A { a: __typename } query B { __typename }"}',
            "application/json",
            (400, "BAD_OPERATION"),
        ),
        (b'{"query": "mutation { x }"}', "application/json", None),
        (b'{"query": "subscription { x }"}', "application/json", (400, "BAD_OPERATION")),
        (b"query={ __typename }", "application/x-www-form-urlencoded", (415, "WRONG_MEDIA_TYPE")),
        (b"{ __typename }", "application/graphql", (415, "WRONG_MEDIA_TYPE")),
        (b'{"query": "{ __typename }"}', "text/plain", (415, "WRONG_MEDIA_TYPE")),
        (b'{"query": "\xff"}', "application/json", (400, "INVALID_TEXT")),
    ],
)
async def test_a_body_that_is_no_operation_is_refused(
    api_client: httpx.AsyncClient, content: bytes, media_type: str, expected: tuple[int, str] | None
) -> None:
    response = await api_client.post("/graphql", content=content, headers={"Content-Type": media_type})

    if expected:
        assert code_of(response) == expected
    else:
        assert codes(response) == ["GRAPHQL_INVALID"]


async def test_a_large_body_is_refused(api_client: httpx.AsyncClient) -> None:
    frame = len(json.dumps({"query": "{ __typename }", "variables": {"x": ""}}))
    fits = {"query": "{ __typename }", "variables": {"x": "y" * (64 * 1024 - frame)}}
    too_large = {"query": "{ __typename }", "variables": {"x": "y" * (64 * 1024 - frame + 1)}}

    accepted = await api_client.post(
        "/graphql", content=json.dumps(fits), headers={"Content-Type": "application/json"}
    )
    refused = await api_client.post(
        "/graphql", content=json.dumps(too_large), headers={"Content-Type": "application/json"}
    )

    assert accepted.json() == {"data": {"__typename": "Query"}}
    assert code_of(refused) == (413, "BODY_TOO_LARGE")


async def test_a_body_that_does_not_arrive_is_refused(
    api_client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(edge, "BODY_SECONDS_MAX", 0.05)

    async def slow() -> AsyncIterator[bytes]:
        yield b"{"
        await asyncio.sleep(5)

    response = await api_client.post("/graphql", content=slow(), headers={"Content-Type": "application/json"})

    assert code_of(response) == (408, "BODY_TOO_SLOW")


async def test_who_asks_for_it_gets_the_media_type_and_status_of_graphql_over_http(
    api_client: httpx.AsyncClient,
) -> None:
    accept = {"Accept": "application/graphql-response+json, application/json;q=0.9"}

    good = await api_client.post("/graphql", json=NAME, headers=accept)
    failed = await api_client.post("/graphql", json={"query": '{ person(id: "x") { id } }'}, headers=accept)
    invalid = await api_client.post("/graphql", json={"query": "{ persn }"}, headers=accept)

    kind = "application/graphql-response+json"
    assert [(r.status_code, r.headers["content-type"]) for r in (good, failed, invalid)] == [
        (200, kind),
        (200, kind),
        (400, kind),
    ]


async def test_an_unexpected_error_shows_nothing_of_the_inside(
    api_client: httpx.AsyncClient, graph: Graph, capsys: pytest.CaptureFixture[str]
) -> None:
    await seed_events(graph, [event(1, record_key="web:user:u1", occurred_at=NEW_YEAR, type="unheard of")])
    query = f'{{ person(id: "{MARIE}") {{ person_id events {{ edges {{ node {{ type }} }} }} }} }}'

    response = await api_client.post("/graphql", json={"query": query})

    assert codes(response) == ["INTERNAL"]
    assert response.json()["errors"][0]["message"] == (
        "Something went wrong in the service. It has been logged; try again, and tell the operator if it lasts."
    )
    assert "unheard" not in response.text
    logged = capsys.readouterr().out
    assert "unexpected_error" in logged
    assert "ValueError" in logged
    assert "unheard" not in logged
    assert MARIE not in logged


async def test_a_database_that_does_not_answer_is_unavailable() -> None:
    target = Neo4jTarget(uri="bolt://127.0.0.1:1", user="neo4j", password="x", database="neo4j")
    async with open_driver(target, timeout_s=0.1) as driver:
        graph = Graph(driver, database="neo4j", timeout_s=1)
        async with serve(graph, Readiness(graph, load_migrations()), seconds_max=0.5) as client:
            response = await client.post("/graphql", json=NAME, headers={"X-API-Key": "gcdp_" + "A" * 43})
            alive, ready = await client.get("/healthz"), await client.get("/readyz")

    assert code_of(response) in {(503, "UNAVAILABLE"), (503, "TIMED_OUT")}
    assert (alive.status_code, alive.json()) == (200, {"alive": True})
    assert (ready.status_code, ready.json()) == (
        503,
        {"ready": False, "database": False, "migrations": False, "warm": False},
    )


async def test_who_asks_and_what_is_asked_have_one_time(people_graph: Graph, driver: AsyncDriver) -> None:
    """The database does not answer either: half of the limit was waited for twice."""
    secret = await make_key(people_graph, "app")
    slow = SlowGraph(driver, database="neo4j", timeout_s=60)
    async with serve(slow, seconds_max=1.5 * SlowGraph.seconds) as client:
        response = await client.post("/graphql", json=NAME, headers={"X-API-Key": secret})

    assert code_of(response) == (503, "TIMED_OUT")


class SlowGraph(Graph):
    """A database that takes its time."""

    seconds = 0.4

    async def read(self, work: Work[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        await asyncio.sleep(self.seconds)
        return await super().read(work, *args, **kwargs)

    async def read_record(self, text: LiteralString, params: Mapping[str, Any]) -> Record:
        await asyncio.sleep(self.seconds)
        return await super().read_record(text, params)


async def test_a_subscription_by_post_is_told_where_to_go(api_client: httpx.AsyncClient) -> None:
    query = f'subscription {{ facts_added(id: "{MARIE}") {{ cursor }} }}'

    response = await api_client.post("/graphql", json={"query": query})

    assert code_of(response) == (400, "BAD_OPERATION")
    assert "websocket" in response.json()["message"]


async def test_the_service_is_ready_once_it_is_warm(graph: Graph) -> None:
    await seed_people(graph)
    readiness = Readiness(graph, load_migrations(), clock=iter(range(100)).__next__)

    async with serve(graph, readiness) as client:
        before = await client.get("/readyz")
        await readiness.warm_up(schema, default_region="FR", seconds_max=0.2, stopping=asyncio.Event())
        after = await client.get("/readyz")

    assert (before.status_code, before.json()) == (
        503,
        {"ready": False, "database": True, "migrations": True, "warm": False},
    )
    assert (after.status_code, after.json()) == (
        200,
        {"ready": True, "database": True, "migrations": True, "warm": True},
    )


async def test_a_pending_migration_is_not_ready(graph: Graph) -> None:
    pending = Migration(id="V9999__never", statements=("RETURN 1",), checksum="0")

    async with serve(graph, Readiness(graph, [*load_migrations(), pending])) as client:
        response = await client.get("/readyz")

    assert (response.status_code, response.json()["migrations"]) == (503, False)


async def test_what_the_database_ended_for_its_time_is_timed_out_not_a_defect(
    graph: Graph, driver: AsyncDriver
) -> None:
    hurried = Graph(driver, database="neo4j", timeout_s=0.01)

    with pytest.raises(ClientError) as ended:
        await query(hurried, "UNWIND range(1, 1000000000) AS number RETURN sum(number) AS sum")
    response = edge.as_refusal(ended.value)

    assert (response.status_code, json.loads(bytes(response.body))["code"]) == (503, "TIMED_OUT")
