"""The composition root: the only place that wires the parts of the service together."""

import asyncio
import secrets
from collections.abc import AsyncGenerator, Callable, Coroutine, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import partial
from typing import cast

from neo4j import AsyncDriver
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from graph_cdp.access.service import Keyring, system_clock
from graph_cdp.api.endpoint import Endpoint
from graph_cdp.api.health import Readiness
from graph_cdp.api.metrics import CountRequests, MetricsRoute
from graph_cdp.api.mutations.writes import RefusedInput, Writes
from graph_cdp.api.recognition.recognise import Recognition, recognise_routes
from graph_cdp.api.routes import api_routes
from graph_cdp.api.schema import schema
from graph_cdp.collect.batcher import Batcher
from graph_cdp.collect.dead_letters import Bury, bury_in, make_dead_letter
from graph_cdp.collect.forget import Forget
from graph_cdp.collect.http import Collection, collect_routes
from graph_cdp.collect.json_body import JsonObject
from graph_cdp.collect.segment import Receipt, Refused
from graph_cdp.flows.declared import Declared, read_declared
from graph_cdp.flows.give_verdict import GiveVerdict
from graph_cdp.flows.ingest import Ingest
from graph_cdp.flows.resolve_marked import ResolveMarked
from graph_cdp.flows.write_org_units import WriteOrgUnits
from graph_cdp.graph.driver import Neo4jTarget, open_driver
from graph_cdp.graph.migrations import load_migrations
from graph_cdp.graph.transactions import Graph
from graph_cdp.identity.marks import count_unresolved
from graph_cdp.identity.policy import DEFAULT_POLICY
from graph_cdp.metrics import Metrics
from graph_cdp.settings import Settings

READ_SECONDS_MAX = 3.0
"""Longest time of one reading transaction: less than a request may take, so that its error can still be told."""

STOP_SECONDS_MAX = 3.0
"""How long a background task that is asked to stop may take to; then it is cancelled."""

Work = Callable[[asyncio.Event], Coroutine[None, None, None]]
"""Something that goes on in the background until the event is set."""


def create_app(settings: Settings, target: Neo4jTarget) -> Starlette:
    """The service on a database, as a plain ASGI application: uvicorn and granian run it alike.

    Nothing is sent to the database before the application starts; it is warmed up in the background then.
    """
    declared = read_declared(settings.sources_file)
    driver = open_driver(target, timeout_s=settings.neo4j_timeout_s)
    graph = Graph(driver, database=target.database, timeout_s=settings.neo4j_timeout_s)
    reading = Graph(driver, database=target.database, timeout_s=READ_SECONDS_MAX)
    keyring = Keyring(reading)
    readiness = Readiness(reading, load_migrations())
    metrics = Metrics()
    batcher = _batcher(settings, graph, declared, metrics)
    bury = metrics.counted_bury(bury_in(graph))
    region = settings.default_region
    verdicts, units = _give_verdict(graph, declared), WriteOrgUnits(graph=graph)
    writes = Writes(
        submit=batcher.submit, bury=partial(_bury_inputs, bury), give_verdict=verdicts, write_org_units=units,
        reading=reading, region=region, sources=declared.sources,
    )  # fmt: skip
    endpoint = Endpoint(schema=schema, graph=reading, keyring=keyring, default_region=region, writes=writes)
    collection = Collection(
        keyring=keyring,
        submit=batcher.submit,
        bury=bury,
        region=settings.default_region,
        sources=declared.sources,
        observe=metrics.count_outcomes,
    )
    metrics_route = _metrics_route(settings, keyring, reading, metrics, batcher)
    warm_up = partial(readiness.warm_up, schema, default_region=region, seconds_max=settings.warm_up_s)
    return Starlette(
        routes=[
            *api_routes(endpoint=endpoint, readiness=readiness, graphiql=settings.graphiql),
            *recognise_routes(_recognition(settings, reading, keyring)),
            *collect_routes(collection),
            metrics_route,
        ],
        middleware=[Middleware(CountRequests, metrics.count_request)],
        exception_handlers={HTTPException: _in_json},
        lifespan=_lifespan(
            driver, batcher, *_jobs(settings, graph, declared), lambda stop: warm_up(stopping=stop)
        ),
    )


def _recognition(settings: Settings, reading: Graph, keyring: Keyring) -> Recognition:
    """Recognition; where no secret is set, its links hold within this process only."""
    set_ = settings.link_secret
    secret = set_.get_secret_value().encode() if set_ else secrets.token_bytes(32)
    return Recognition(graph=reading, keyring=keyring, secret=secret, clock=system_clock)


def _metrics_route(
    settings: Settings, keyring: Keyring, reading: Graph, metrics: Metrics, batcher: Batcher
) -> Route:
    async def read() -> bytes:
        return metrics.text(queue_messages=batcher.held, pending_marks=await reading.read(count_unresolved))

    return MetricsRoute(keyring=keyring, read=read, is_open=settings.metrics_open).route()


def _jobs(settings: Settings, graph: Graph, declared: Declared) -> list[Work]:
    """What goes on beside the answering of requests: components too large for a request, and what is to be forgotten."""
    resolve_marked = ResolveMarked(
        graph=graph, policy=DEFAULT_POLICY, clock=system_clock, survivorship=declared.survivorship
    )
    forget = Forget(graph=graph, clock=system_clock, days=settings.dead_letters_days)
    return [resolve_marked.run_until, forget.run_until]


def _give_verdict(graph: Graph, declared: Declared) -> GiveVerdict:
    return GiveVerdict(
        graph=graph, policy=DEFAULT_POLICY, clock=system_clock, survivorship=declared.survivorship
    )


async def _bury_inputs(bury: Bury, refused: Sequence[RefusedInput]) -> None:
    """Keep refused inputs of mutations as every other door keeps what it refuses."""
    await bury(
        [
            make_dead_letter(
                {"messageId": one.message_id, **cast("JsonObject", one.said)},
                refused=Refused(code=one.code, message=one.message),
                receipt=Receipt(source=one.source, received_at=one.received_at, region=""),
                door="graphql",
            )
            for one in refused
        ]
    )


def _batcher(settings: Settings, graph: Graph, declared: Declared, metrics: Metrics) -> Batcher:
    ingest = Ingest(
        graph=graph,
        policy=DEFAULT_POLICY,
        clock=system_clock,
        survivorship=declared.survivorship,
        observe=metrics.count_resolved,
    )
    return Batcher(
        metrics.timed(ingest),
        messages_max=settings.batch_messages_max,
        wait_ms=settings.batch_wait_ms,
        queue_max=settings.queue_messages_max,
    )


def _lifespan(
    driver: AsyncDriver, batcher: Batcher, *works: Work
) -> Callable[[Starlette], AbstractAsyncContextManager[None]]:
    """Runs `works` while the application does; each is given the event that asks it to stop, and is waited for."""

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncGenerator[None]:
        stopping = asyncio.Event()
        async with driver, batcher:
            tasks = [asyncio.create_task(work(stopping)) for work in works]
            try:
                yield
            finally:
                stopping.set()
                for late in (await asyncio.wait(tasks, timeout=STOP_SECONDS_MAX))[1]:
                    late.cancel()

    return lifespan


async def _in_json(request: Request, error: Exception) -> Response:
    """What Starlette refuses (an unknown path, a wrong method), in the form of every other error."""
    del request
    status = error.status_code if isinstance(error, HTTPException) else 500
    code = {404: "NOT_FOUND", 405: "METHOD_NOT_ALLOWED"}.get(status, "REFUSED")
    message = {404: "There is nothing here.", 405: "This method is not allowed here."}.get(status, "Refused.")
    headers = error.headers if isinstance(error, HTTPException) else None
    return JSONResponse({"code": code, "message": message}, status_code=status, headers=headers)
