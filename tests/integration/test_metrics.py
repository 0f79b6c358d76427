"""GET /metrics of the whole service: who may read it, and what it counts."""

import re
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import httpx
import pytest

from graph_cdp.app import create_app
from graph_cdp.collect.batcher import LANES
from graph_cdp.graph.driver import Neo4jTarget
from graph_cdp.graph.transactions import Graph
from graph_cdp.metrics import GAUGES
from graph_cdp.settings import Settings
from tests.integration.asking import make_key
from tests.integration.querying import query

pytestmark = pytest.mark.neo4j


@asynccontextmanager
async def service(target: Neo4jTarget, *, is_open: bool = False) -> AsyncGenerator[httpx.AsyncClient]:
    """A client of the service, as it is composed."""
    app = create_app(Settings(warm_up_s=0, metrics_open=is_open), target)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://service") as client,
    ):
        yield client


async def read(client: httpx.AsyncClient, secret: str) -> dict[str, float]:
    """Each series that is not of a bucket, a time or the health report, with its value."""
    answer = await client.get("/metrics", headers={"Authorization": f"Bearer {secret}"})
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
    found = re.findall(r"^graph_cdp_(\S+) (\S+)$", answer.text, re.MULTILINE)
    return {
        name: float(value)
        for name, value in found
        if name not in GAUGES and not re.search("_bucket|_created|_seconds_sum", name)
    }


IDLE = dict.fromkeys(
    ("queue_messages", "pending_marks", "unmatched_records", "subscriptions", "collection_alarms"), 0.0
)
"""The gauges of a service that has nothing to do."""


async def test_what_was_sent_is_counted(graph: Graph, neo4j_target: Neo4jTarget) -> None:
    admin = await make_key(graph, "admin")
    write = {"Authorization": f"Bearer {await make_key(graph, 'ingest')}"}
    good = {"type": "identify", "userId": "u1", "messageId": "m1", "traits": {"email": "a@x.fr"}}
    other = {"type": "identify", "userId": "u2", "messageId": "m2", "traits": {"email": "a@x.fr"}}
    async with service(neo4j_target) as client:
        before = await read(client, admin)
        for batch in ([good], [good, other], [{"type": "nonsense", "messageId": "m3"}]):
            sent = await client.post("/v1/batch", json={"batch": batch}, headers=write)
            assert sent.status_code == 200
        await client.get("/someone@example.com")
        counted = await read(client, admin)

    assert before == {
        "batch_messages_count": 0.0,
        "batch_messages_sum": 0.0,
        "batch_duration_seconds_count": 0.0,
        **IDLE,
    }
    lanes = {hash(f"web:user:{user}") % LANES for user in ("u1", "u2")}
    letters = await query(graph, "MATCH (letter:DeadLetter) RETURN letter.code AS code")
    (code,) = [letter["code"] for letter in letters]
    assert counted == {
        'messages_total{code="",source="web",status="accepted"}': 2.0,
        'messages_total{code="",source="web",status="duplicate"}': 1.0,
        f'messages_total{{code="{code}",source="web",status="refused"}}': 1.0,
        f'dead_letters_total{{code="{code}",source="web"}}': 1.0,
        'identity_changes_total{kind="attach"}': 2.0,
        'identity_refusals_total{code="LIMIT_EXCEEDED"}': 1.0,
        'http_requests_total{route="/metrics",status="2xx"}': 1.0,
        'http_requests_total{route="/v1/{call}",status="2xx"}': 3.0,
        'http_requests_total{route="unknown",status="4xx"}': 1.0,
        "batch_messages_count": 1.0 + len(lanes),
        "batch_messages_sum": 3.0,
        "batch_duration_seconds_count": 1.0 + len(lanes),
        **IDLE,
    }


async def test_only_an_administrator_reads_metrics(graph: Graph, neo4j_target: Neo4jTarget) -> None:
    async with service(neo4j_target) as client:
        anonymous = await client.get("/metrics")
        app = await client.get("/metrics", headers={"X-API-Key": await make_key(graph, "app")})

    assert (anonymous.status_code, anonymous.json()["code"]) == (401, "UNAUTHENTICATED")
    assert (app.status_code, app.json()["code"]) == (403, "FORBIDDEN")


async def test_open_metrics_need_no_key_on_this_machine_but_through_a_proxy(
    graph: Graph, neo4j_target: Neo4jTarget
) -> None:
    assert graph is not None
    async with service(neo4j_target, is_open=True) as client:
        direct = await client.get("/metrics")
        through = await client.get("/metrics", headers={"X-Forwarded-For": "127.0.0.1"})

    assert direct.status_code == 200
    assert (through.status_code, through.json()["code"]) == (401, "UNAUTHENTICATED")
