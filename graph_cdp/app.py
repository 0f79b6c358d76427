"""The composition root: the only place that wires the parts of the service together."""

import asyncio
import secrets
from collections.abc import AsyncGenerator, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from typing import cast

from neo4j import AsyncDriver
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route
from starlette.types import Lifespan

from graph_cdp.access.service import Keyring, system_clock
from graph_cdp.api.endpoint import Endpoint
from graph_cdp.api.health import Readiness
from graph_cdp.api.live.following import Live
from graph_cdp.api.live.socket import SubscriptionView
from graph_cdp.api.live.tail import Tail
from graph_cdp.api.metrics import CountRequests, MetricsRoute
from graph_cdp.api.mutations.writes import Letters, RefusedInput, Writes
from graph_cdp.api.recognition.recognise import Recognition, recognise_routes
from graph_cdp.api.routes import api_routes
from graph_cdp.api.schema import schema
from graph_cdp.candidates.repository import count_unmatched
from graph_cdp.collect.batcher import Batcher
from graph_cdp.collect.dead_letters import Bury, bury_in, make_dead_letter
from graph_cdp.collect.forget import Forget
from graph_cdp.collect.http import Collection, collect_routes
from graph_cdp.collect.replay import Replay
from graph_cdp.collect.segment import Receipt, Refused
from graph_cdp.flows.declared import Declared, read_declared
from graph_cdp.flows.give_verdict import GiveVerdict
from graph_cdp.flows.ingest import Ingest
from graph_cdp.flows.match_unmatched import MatchUnmatched
from graph_cdp.flows.once import DoRepeatably
from graph_cdp.flows.resolve_marked import ResolveMarked
from graph_cdp.flows.state_facts import StateFacts
from graph_cdp.flows.write_org_units import WriteOrgUnits
from graph_cdp.graph.driver import Neo4jTarget, open_driver
from graph_cdp.graph.migrations import load_migrations
from graph_cdp.graph.record_reader import RecordReader
from graph_cdp.graph.transactions import Graph
from graph_cdp.identity.marks import count_unresolved
from graph_cdp.identity.policy import DEFAULT_POLICY
from graph_cdp.insights.model import CollectionHealth, IdentityHealth
from graph_cdp.insights.service import HealthWatch, measure_collection, measure_identity
from graph_cdp.intake.json_body import JsonObject
from graph_cdp.metrics import Metrics
from graph_cdp.settings import Settings

HEALTH_SECONDS_MAX = 120.0
"""Longest time of one statement of the health report, for which nobody waits."""

CLOCKS_APART_S = 10.0
"""How far the clocks of the machines may be apart that write to one graph, for a subscription to miss nothing."""

STOP_SECONDS_MAX = 3.0
"""How long a background task that is asked to stop may take to; then it is cancelled."""

Work = Callable[[asyncio.Event], Coroutine[None, None, None]]
"""Something that goes on in the background until the event is set."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What more than one part of the service is made of."""

    settings: Settings
    driver: AsyncDriver
    reader: RecordReader
    target: Neo4jTarget
    declared: Declared
    metrics: Metrics

    def graph(self, timeout_s: float) -> Graph:
        """The database, whose transactions take so long at most."""
        return Graph(self.driver, database=self.target.database, timeout_s=timeout_s, reader=self.reader)

    @property
    def writing(self) -> Graph:
        """The database for whoever writes."""
        return self.graph(self.settings.neo4j_timeout_s)

    @property
    def reading(self) -> Graph:
        """The database for whoever reads while somebody waits."""
        return self.graph(self.settings.read_timeout_s)


def create_app(settings: Settings, target: Neo4jTarget) -> Starlette:
    """The service on a database, as a plain ASGI application: uvicorn and granian run it alike.

    Nothing is sent to the database before the application starts; it is warmed up in the background then.
    """
    parts = Parts(
        settings=settings,
        driver=open_driver(target, timeout_s=settings.neo4j_timeout_s),
        reader=RecordReader(target),
        target=target,
        declared=read_declared(settings.sources_file),
        metrics=Metrics(),
    )
    keyring = Keyring(parts.reading)
    readiness = Readiness(parts.reading, load_migrations())
    batcher = _batcher(parts)
    bury = parts.metrics.counted_bury(bury_in(parts.writing))
    health, collection = _health_watches(parts)
    tail = Tail(parts.reading)
    endpoint = Endpoint(
        schema=schema, graph=parts.reading, keyring=keyring, default_region=settings.default_region,
        seconds_max=settings.request_timeout_s, writes=_writes(parts, batcher, bury), health=health, collection=collection,
    )  # fmt: skip
    warm_up = partial(
        readiness.warm_up, schema, default_region=settings.default_region, seconds_max=settings.warm_up_s
    )
    watches = (health.run_until, collection.run_until)
    works: list[Work] = [*_jobs(parts), *watches, lambda stop: warm_up(stopping=stop)]
    return Starlette(
        routes=[
            *_api_routes(parts, endpoint, keyring, readiness, tail),
            *recognise_routes(_recognition(parts, keyring)),
            *collect_routes(_collection(parts, keyring, batcher, bury)),
            _metrics_route(parts, keyring, batcher, tail),
        ],
        middleware=[Middleware(CountRequests, parts.metrics.count_request)],
        exception_handlers={HTTPException: _in_json},
        lifespan=_lifespan(parts, batcher, *works),
    )


def _batcher(parts: Parts) -> Batcher:
    ingest = Ingest(
        graph=parts.writing,
        policy=DEFAULT_POLICY,
        clock=system_clock,
        survivorship=parts.declared.survivorship,
        observe=parts.metrics.count_resolved,
    )
    return Batcher(
        parts.metrics.timed(ingest),
        messages_max=parts.settings.batch_messages_max,
        wait_ms=parts.settings.batch_wait_ms,
        queue_max=parts.settings.queue_messages_max,
    )


def _collection(parts: Parts, keyring: Keyring, batcher: Batcher, bury: Bury) -> Collection:
    return Collection(
        keyring=keyring,
        submit=batcher.submit,
        require_room=batcher.require_room,
        bury=bury,
        region=parts.settings.default_region,
        sources=parts.declared.sources,
        observe=parts.metrics.count_outcomes,
    )


def _writes(parts: Parts, batcher: Batcher, bury: Bury) -> Writes:
    verdicts = GiveVerdict(
        graph=parts.writing,
        policy=DEFAULT_POLICY,
        clock=system_clock,
        survivorship=parts.declared.survivorship,
        observe=parts.metrics.count_resolved,
    )
    return Writes(
        submit=batcher.submit,
        bury=partial(_bury_inputs, bury),
        give_verdict=verdicts,
        write_org_units=WriteOrgUnits(graph=parts.writing),
        letters=_letters(parts, batcher),
        reading=parts.reading,
        region=parts.settings.default_region,
        sources=parts.declared.sources,
    )


def _api_routes(
    parts: Parts, endpoint: Endpoint, keyring: Keyring, readiness: Readiness, tail: Tail
) -> list[BaseRoute]:
    subscriptions = _subscriptions(parts, keyring, tail)
    return api_routes(
        endpoint=endpoint, subscriptions=subscriptions, readiness=readiness, graphiql=parts.settings.graphiql
    )


def _subscriptions(parts: Parts, keyring: Keyring, tail: Tail) -> SubscriptionView:
    """Subscriptions: a fact is seen when its transaction ends, at the latest."""
    late_s = parts.settings.neo4j_timeout_s + CLOCKS_APART_S
    live = Live(graph=parts.reading, tail=tail, clock=system_clock, late_ms=round(late_s * 1_000))
    return SubscriptionView(schema, live=live, keyring=keyring, default_region=parts.settings.default_region)


def _recognition(parts: Parts, keyring: Keyring) -> Recognition:
    """Recognition; where no secret is set, its links hold within this process only."""
    set_, seconds_max = parts.settings.link_secret, parts.settings.request_timeout_s
    secret = set_.get_secret_value().encode() if set_ else secrets.token_bytes(32)
    return Recognition(
        graph=parts.reading, keyring=keyring, secret=secret, clock=system_clock, seconds_max=seconds_max
    )


def _metrics_route(parts: Parts, keyring: Keyring, batcher: Batcher, tail: Tail) -> Route:
    async def read() -> bytes:
        held = {"queue_messages": batcher.held, "subscriptions": tail.watching}
        held["pending_marks"] = await parts.reading.read(count_unresolved)
        held["unmatched_records"] = await parts.reading.read(count_unmatched)
        return parts.metrics.text(held)

    return MetricsRoute(keyring=keyring, read=read, is_open=parts.settings.metrics_open).route()


def _jobs(parts: Parts) -> list[Work]:
    """What goes on beside the answering of requests: matching, components too large for a request, what is to be forgotten."""
    resolve_marked = ResolveMarked(
        graph=parts.writing,
        policy=DEFAULT_POLICY,
        clock=system_clock,
        survivorship=parts.declared.survivorship,
        observe=parts.metrics.count_resolved,
    )
    match = MatchUnmatched(graph=parts.writing, clock=system_clock, resolve=resolve_marked.run)
    forget = Forget(graph=parts.writing, clock=system_clock, days=parts.settings.dead_letters_days)
    return [resolve_marked.run_until, match.run_until, forget.run_until]


def _health_watches(parts: Parts) -> tuple[HealthWatch[IdentityHealth], HealthWatch[CollectionHealth]]:
    patient, interval_s = parts.graph(HEALTH_SECONDS_MAX), parts.settings.health_interval_s

    async def identity() -> IdentityHealth:
        return await measure_identity(patient, policy=DEFAULT_POLICY, now=system_clock())

    async def collection() -> CollectionHealth:
        return await measure_collection(patient, now=system_clock())

    return (
        HealthWatch(identity, interval_s=interval_s, observe=parts.metrics.set_identity),
        HealthWatch(collection, interval_s=interval_s, observe=parts.metrics.set_collection),
    )


def _letters(parts: Parts, batcher: Batcher) -> Letters:
    replay = Replay(
        graph=parts.writing,
        ingest=batcher.submit,
        region=parts.settings.default_region,
        sources=parts.declared.sources,
        state=StateFacts(graph=parts.writing, clock=system_clock),
    )
    return Letters(graph=parts.writing, replay=replay, do=DoRepeatably(graph=parts.writing))


async def _bury_inputs(bury: Bury, refused: Sequence[RefusedInput]) -> None:
    """Keep refused inputs of mutations as every other door keeps what it refuses."""
    await bury(
        [
            make_dead_letter(
                {"messageId": one.message_id, **cast("JsonObject", one.said)},
                refused=Refused(code=one.code, message=one.message, rule=one.rule),
                receipt=Receipt(source=one.source, received_at=one.received_at, region=""),
                door="graphql",
            )
            for one in refused
        ]
    )


def _lifespan(parts: Parts, batcher: Batcher, *works: Work) -> Lifespan[Starlette]:
    """Runs `works` while the application does; each is given the event that asks it to stop, and is waited for."""

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncGenerator[None]:
        stopping = asyncio.Event()
        async with parts.driver, parts.reader, batcher:
            tasks = [asyncio.create_task(work(stopping)) for work in works]
            try:
                yield
            finally:
                stopping.set()
                for late in (await asyncio.wait(tasks, timeout=STOP_SECONDS_MAX))[1]:
                    late.cancel()

    return lifespan


async def _in_json(_request: Request, error: Exception) -> Response:
    """What Starlette refuses (an unknown path, a wrong method), in the form of every other error."""
    status = error.status_code if isinstance(error, HTTPException) else 500
    code = {404: "NOT_FOUND", 405: "METHOD_NOT_ALLOWED"}.get(status, "REFUSED")
    message = {404: "There is nothing here.", 405: "This method is not allowed here."}.get(status, "Refused.")
    headers = error.headers if isinstance(error, HTTPException) else None
    return JSONResponse({"code": code, "message": message}, status_code=status, headers=headers)
