"""What the edge of subscriptions refuses, with which code; and who is shown what."""

import asyncio
import json
from collections.abc import AsyncGenerator
from typing import Any

import pytest

from graph_cdp.access import service as access
from graph_cdp.access.model import NewKey, Role
from graph_cdp.access.service import revoke_key, system_clock
from graph_cdp.api.live import following, socket, tail
from graph_cdp.commands.keys import create_key
from graph_cdp.flows.declared import parse_declared, write_declared
from graph_cdp.graph.driver import Neo4jTarget
from graph_cdp.graph.transactions import Graph
from tests.integration.asking import make_key
from tests.integration.listening import (
    CHANGES,
    FACTS,
    Running,
    closing_of,
    code_in,
    running,
    say_hello,
    told_in,
)
from tests.integration.people import MARIE, MARIE_ONCE, NOBODY, PAUL, event, seed_events, seed_people

pytestmark = pytest.mark.neo4j

HELLO = {"type": "connection_init"}
WANTED = {"type": "subscribe", "id": "1", "payload": {"query": CHANGES, "variables": {"id": MARIE}}}
UNKNOWN = "gcdp_" + "A" * 43
DEEP = "person { records { edges { node { person { records { edges { node { key } } } } } } } }"
COSTLY = f"""facts {{ event {{ record {{ person {{
  {" ".join(f"a{n}: events(first: 100) {{ edges {{ cursor }} }}" for n in range(4))} }} }} }} }}"""


@pytest.fixture
async def service(
    graph: Graph, neo4j_target: Neo4jTarget, monkeypatch: pytest.MonkeyPatch
) -> AsyncGenerator[Running]:
    monkeypatch.setattr(socket, "INIT_SECONDS_MAX", 0.3)
    await seed_people(graph)
    async with running(neo4j_target) as service:
        yield service


async def test_whoever_has_no_good_key_is_closed(service: Running, graph: Graph) -> None:
    ingest = await make_key(graph, "ingest")
    cases: list[tuple[dict[str, str], object, tuple[int, str]]] = [
        ({}, {}, (4401, "UNAUTHENTICATED")),
        ({}, {"authorization": f"Bearer {UNKNOWN}"}, (4401, "UNAUTHENTICATED")),
        ({}, {"authorization": 17}, (4401, "UNAUTHENTICATED")),
        ({"Authorization": f"Bearer {UNKNOWN}"}, {}, (4401, "UNAUTHENTICATED")),
        ({}, {"x-api-key": ingest}, (4403, "FORBIDDEN")),
        ({"X-API-Key": ingest}, {}, (4403, "FORBIDDEN")),
    ]
    for headers, payload, expected in cases:
        async with service.connect(additional_headers=headers) as socket_:
            assert await closing_of(socket_, {**HELLO, "payload": payload}) == expected


async def test_a_key_that_is_bound_to_a_unit_is_closed(service: Running, graph: Graph) -> None:
    await graph.write(write_declared, parse_declared("org_units: {lille: {}}"), now=system_clock())
    bound = {"Authorization": f"Bearer {await make_key(graph, 'app', org_unit='lille')}"}
    async with service.connect(additional_headers=bound) as socket_:
        assert await closing_of(socket_, HELLO) == (4403, "FORBIDDEN")


async def test_a_key_of_the_handshake_lets_in_and_one_of_the_payload_comes_first(
    service: Running, graph: Graph
) -> None:
    good = {"Authorization": f"Bearer {await make_key(graph, 'app')}"}
    async with service.connect(additional_headers=good) as socket_:
        await say_hello(socket_)
    async with service.connect(additional_headers=good) as socket_:
        bad = {**HELLO, "payload": {"Authorization": f"Bearer {UNKNOWN}"}}
        assert await closing_of(socket_, bad) == (4401, "UNAUTHENTICATED")


async def test_what_is_not_of_the_protocol_is_closed(service: Running, graph: Graph) -> None:
    hello = {**HELLO, "payload": {"authorization": f"Bearer {await make_key(graph, 'app')}"}}
    parse = "Failed to parse message"
    cases: list[tuple[list[Any], tuple[int, str]]] = [
        ([], (4408, "Connection initialisation timeout")),
        ([WANTED], (4401, "Unauthorized")),
        (["{"], (4400, "WebSocket message must be valid JSON")),
        (["[" * 60_000], (4400, "WebSocket message must be valid JSON")),
        ([b"{}"], (4400, "WebSocket message type must be text")),
        (["null"], (4400, parse)),
        ([[]], (4400, parse)),
        ([{"type": "connection_init", "payload": []}], (4400, "Invalid connection init payload")),
        ([hello, hello], (4429, "Too many initialisation requests")),
        ([hello, {"type": "subscribe"}], (4400, parse)),
        ([hello, {"type": "subscribe", "id": [], "payload": {"query": "{ x }"}}], (4400, parse)),
        ([hello, {"type": "subscribe", "id": "1", "payload": {"query": 1}}], (4400, parse)),
        ([hello, {**WANTED, "payload": {"query": CHANGES, "variables": []}}], (4400, parse)),
        ([hello, WANTED, WANTED], (4409, "Subscriber for 1 already exists")),
        ([hello, {"type": "start", "id": "1"}], (4400, "Unknown message type: start")),
    ]
    for frames, expected in cases:
        async with service.connect() as socket_:
            assert await closing_of(socket_, *frames) == expected
    async with service.connect() as socket_:
        code, _ = await closing_of(socket_, hello, {**WANTED, "more": "x" * 65_536})
        assert code == 1009


@pytest.mark.parametrize(
    ("document", "variables", "code"),
    [
        (FACTS, {"id": NOBODY}, "NOT_FOUND"),
        (FACTS, {"identifier": {"kind": "email", "value": "nobody@example.com"}}, "NOT_FOUND"),
        (CHANGES, {"identifier": {"kind": "phone", "value": "+33612345678"}}, "CONTESTED_IDENTIFIER"),
        (CHANGES, {"id": "x"}, "BAD_ID"),
        (CHANGES, {}, "BAD_ARGUMENTS"),
        (CHANGES, {"id": MARIE, "after": "x"}, "BAD_CURSOR"),
        (FACTS, {"id": MARIE, "identifier": {"kind": "email", "value": "a@x.fr"}}, "BAD_ARGUMENTS"),
        ("subscription {", {}, "GRAPHQL_SYNTAX"),
        ("subscription { everything }", {}, "GRAPHQL_INVALID"),
        ("{ __typename }", {}, "BAD_OPERATION"),
        ("mutation { __typename }", {}, "BAD_OPERATION"),
        (f'subscription {{ person_changed(id: "{MARIE}") {{ {DEEP} }} }}', {}, "QUERY_TOO_DEEP"),
        (f'subscription {{ facts_added(id: "{MARIE}") {{ {COSTLY} }} }}', {}, "QUERY_TOO_COSTLY"),
        (
            f'subscription {{ person_changed(id: "{MARIE}") {{ {" ".join(f"a{n}: cursor" for n in range(16))} }} }}',
            {},
            "TOO_MANY_ALIASES",
        ),
        (
            f'subscription {{ person_changed(id: "{MARIE}") {{ {"cursor " * 1_000} }} }}',
            {},
            "GRAPHQL_SYNTAX",
        ),
    ],
)
async def test_what_cannot_be_listened_to_is_refused_with_a_code(
    service: Running, graph: Graph, document: str, variables: dict[str, Any], code: str
) -> None:
    async with service.listen(await make_key(graph, "app")) as listener:
        assert code_in(await listener.subscribe(document, **variables)) == code
        assert told_in(await listener.subscribe(CHANGES, "2", id=MARIE_ONCE))["changes"] == []


@pytest.mark.parametrize(
    ("role", "email", "payload"),
    [
        ("marketer", "m***@e***.com", "FORBIDDEN"),
        ("app", "marie@example.com", "FORBIDDEN"),
        ("privacy", "marie@example.com", {"messageId": "m1"}),
    ],
)
async def test_a_subscription_shows_what_a_query_shows(
    service: Running, graph: Graph, role: Role, email: str, payload: object
) -> None:
    document = f"""subscription {{ facts_added(id: "{MARIE}") {{
      person {{ golden_record {{ email }} }} facts {{ event {{ payload }} }} }} }}"""
    now = service.view.live.clock()
    async with service.listen(await make_key(graph, role)) as listener:
        first = told_in(await listener.subscribe(document))
        await seed_events(graph, [{**event(1, record_key="web:user:u1", occurred_at=1), "recorded_at": now}])
        told = (await listener.frame())["payload"]

    assert first == {"person": {"golden_record": {"email": email}}, "facts": []}
    (fact,) = told["data"]["facts_added"]["facts"]
    errors = [error["extensions"]["code"] for error in told.get("errors", [])]
    assert fact["event"]["payload"] == (None if errors else payload)
    assert errors == ([payload] if isinstance(payload, str) else [])


async def test_a_connection_and_a_process_take_so_many_subscriptions(
    service: Running, graph: Graph, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(socket, "SUBSCRIPTIONS_MAX", 2)
    monkeypatch.setattr(tail, "WATCHES_MAX", 3)
    secret = await make_key(graph, "app")
    async with service.listen(secret) as listener, service.listen(secret) as other:
        for id_ in ("1", "2"):
            told_in(await listener.subscribe(CHANGES, id_, id=MARIE))
        assert code_in(await listener.subscribe(CHANGES, "3", id=MARIE)) == "TOO_MANY_SUBSCRIPTIONS"
        told_in(await other.subscribe(CHANGES, "1", id=PAUL))
        assert code_in(await other.subscribe(CHANGES, "2", id=PAUL)) == "TOO_MANY_SUBSCRIPTIONS"
        await listener.complete("1")
        while service.watching != 2:  # noqa: ASYNC110 - what is awaited happens in the service
            await asyncio.sleep(0.02)
        told_in(await listener.subscribe(CHANGES, "4", id=MARIE))


async def test_a_revoked_key_ends_its_subscriptions(
    service: Running, graph: Graph, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(following, "CHECK_S", 0.05)
    monkeypatch.setattr(access, "CACHE_TTL_MS", 0)
    key, secret = await create_key(graph, NewKey(name="app", role="app"), now=system_clock())
    async with service.listen(secret) as listener:
        told_in(await listener.subscribe(CHANGES, id=MARIE))
        await graph.write(revoke_key, key_id=key.id, now=system_clock())
        assert code_in(await listener.frame()) == "UNAUTHENTICATED"


async def test_whoever_does_not_read_is_closed_with_a_code(
    service: Running, graph: Graph, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(socket, "SEND_SECONDS_MAX", 0.2)
    document = (
        f'subscription {{ facts_added(id: "{MARIE}") {{ cursor facts {{ event {{ event_id payload }} }} }} }}'
    )
    secret = await make_key(graph, "privacy")
    large = json.dumps({"text": "x" * 50_000})
    now = service.view.live.clock()
    async with service.listen(
        secret, max_queue=1, max_size=None, compression=None, ping_interval=None
    ) as listener:
        told_in(await listener.subscribe(document))
        events = [
            {**event(number, record_key="web:user:u1", occurred_at=1, payload=large), "recorded_at": now}
            for number in range(400)
        ]
        await seed_events(graph, events)
        while service.watching:  # noqa: ASYNC110 - what is awaited happens in the service
            await asyncio.sleep(0.02)
        assert await closing_of(listener.socket) == (4510, "SLOW_CONSUMER")
