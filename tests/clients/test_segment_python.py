"""The real `segment-analytics-python` against the real service: everything arrives, exactly once."""

import asyncio
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib import import_module
from typing import Any

import pytest
from requests import sessions

from graph_cdp.graph.transactions import Graph
from tests.clients.conftest import Server
from tests.clients.stored import COUNTS, EACH_CALL_ONCE, ONE_VISITOR, PEOPLE, count_events, count_letters
from tests.integration.querying import query

pytestmark = pytest.mark.neo4j

client_module: Any = import_module("segment.analytics.client")  # the library has no types
request_module: Any = import_module("segment.analytics.request")

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def session() -> Iterator[None]:
    """A session of the test's own: the library's is global, and would outlive the server."""
    request_module._session.close()
    request_module._session = sessions.Session()
    yield
    request_module._session.close()


@contextmanager
def sdk_client(server: Server, key: str, **options: Any) -> Generator[tuple[Any, list[Exception]]]:
    """A client that tells its failures, and gives up within a minute."""
    errors: list[Exception] = []

    def on_error(error: Exception, _items: object) -> None:
        errors.append(error)

    client = client_module.Client(
        key,
        host=server.url,
        on_error=on_error,
        max_total_backoff_duration=60,
        max_rate_limit_duration=60,
        upload_interval=0.1,
        **options,
    )
    try:
        yield client, errors
    finally:
        client.shutdown()


@pytest.mark.parametrize("gzip", [False, True], ids=["plain", "gzip"])
@pytest.mark.parametrize("sync_mode", [False, True], ids=["queued", "sync"])
async def test_every_call_arrives_once(
    server: Server, write_key: str, graph: Graph, gzip: bool, sync_mode: bool
) -> None:
    options = {"gzip": gzip, "sync_mode": sync_mode}
    errors = await asyncio.to_thread(_visit, server, write_key, options)
    assert errors == []
    assert await query(graph, COUNTS) == EACH_CALL_ONCE
    assert await query(graph, PEOPLE) == ONE_VISITOR
    assert await query(graph, "MATCH (e:Event {message_id: 'bought'}) RETURN e.name AS name") == [
        {"name": "Order Completed"}
    ]
    assert await count_letters(graph) == 0


def _visit(server: Server, key: str, options: dict[str, Any]) -> list[Exception]:
    if options["sync_mode"]:
        client, errors = client_module.Client(key, host=server.url, **options), list[Exception]()
        _calls(client)
        return errors
    with sdk_client(server, key, **options) as (client, errors):
        _calls(client)
    return errors


def _calls(client: Any) -> None:
    client.page(anonymous_id="a0", name="Home")
    client.track(anonymous_id="a1", event="Product Viewed", properties={"sku": "é1", "price": 12.5})
    client.identify(
        "u1", {"email": "Jean@Martin.fr", "createdAt": datetime(2026, 1, 1, tzinfo=UTC)}, anonymous_id="a1"
    )
    client.alias("a0", "u1")
    client.group("u1", "g1", {"name": "Acme"})
    client.screen("u1", name="Basket")
    for _ in range(2):
        client.track("u1", "Order Completed", {"total": 10}, message_id="bought", timestamp=NOON)


async def test_a_thousand_messages_on_four_threads_arrive_once(
    server: Server, write_key: str, graph: Graph
) -> None:
    def send() -> list[Exception]:
        with sdk_client(server, write_key, gzip=True, thread=4, upload_size=50) as (client, errors):
            for number in range(1_000):
                client.track(f"u{number % 30}", "A", message_id=f"m{number % 900}", timestamp=NOON)
            client.flush()
        return errors

    assert await asyncio.to_thread(send) == []
    assert await query(
        graph, "MATCH (e:Event) RETURN count(e) AS events, count(DISTINCT e.message_id) AS ids"
    ) == [{"events": 900, "ids": 900}]


async def test_what_is_sent_while_the_server_dies_and_returns_arrives_once(
    server: Server, write_key: str, graph: Graph
) -> None:
    def send() -> list[Exception]:
        with sdk_client(server, write_key, upload_size=10) as (client, errors):
            for number in range(400):
                client.track("u1", "A", message_id=f"m{number}")
            client.flush()
        return errors

    sending = asyncio.create_task(asyncio.to_thread(send))
    for enough in (20, 150):
        while await count_events(graph) < enough:  # noqa: ASYNC110 - what is awaited happens in another process
            await asyncio.sleep(0.02)
        server.kill()
        await asyncio.sleep(0.5)
        await server.start()
    assert await sending == []
    assert await count_events(graph) == 400
    assert await count_letters(graph) == 0


async def test_an_unknown_key_is_told_to_the_caller_and_not_tried_again(server: Server, graph: Graph) -> None:
    def send() -> list[Exception]:
        with sdk_client(server, "gcdp_unknown") as (client, errors):
            client.track("u1", "A")
            client.flush()
        return errors

    errors = await asyncio.to_thread(send)
    told: list[Any] = list(errors)
    assert [(error.status, error.code) for error in told] == [(401, "UNAUTHENTICATED")]
    assert await count_events(graph) == 0
