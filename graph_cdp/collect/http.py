"""`POST /v1/*`: Segment's HTTP specification, as its real clients use it.

A request is answered after its messages are committed. Success is exactly 200 and `{"success": true}`, as old
clients take anything else for a failure; a message that is refused does not change that, it becomes a dead letter
(or send `X-Strict-Mode: 1`, and each message is answered). An error's body is `{"code": ..., "message": ...}`.
"""

import asyncio
import base64
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol, TypeAlias

import structlog
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from graph_cdp.access.model import Principal
from graph_cdp.collect.answers import CORS, answer_error, answer_preflight, answer_strictly, answer_success
from graph_cdp.collect.body import Bodies, BodyTooSlow, Hold, drain_body, read_body
from graph_cdp.collect.dead_letters import Bury, make_dead_letter
from graph_cdp.collect.fields import read_text
from graph_cdp.collect.openapi import openapi_json
from graph_cdp.collect.segment import Receipt, Refused, parse_message, read_message_id
from graph_cdp.collect.unpack import CALLS, require_object, unpack
from graph_cdp.errors import Forbidden, Invalid, NotFound, Unauthenticated
from graph_cdp.flows.outcome import Outcome
from graph_cdp.ids import Millis
from graph_cdp.intake.json_body import JsonValue, read_json
from graph_cdp.source.business_rules.model import DeclaredSources
from graph_cdp.source.model import Message

log = structlog.get_logger(__name__)

Submit: TypeAlias = Callable[[Sequence[Message]], Awaitable[list[Outcome]]]
"""Stores messages, and returns one outcome a message once they are committed."""

Observe: TypeAlias = Callable[[str, Sequence[Outcome]], None]
"""Is told the source of each request and what became of its messages."""

METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
"""All are routed here, so that the answer to a wrong one is JSON too."""

PARSED_AT_ONCE_MAX = 50
"""Messages parsed before other requests get a turn: about 5 ms."""


class Authenticates(Protocol):
    """What is needed of `access.service.Keyring`."""

    async def authenticate(self, secret: str | None) -> Principal:
        """Whom the secret stands for; raises `Unauthenticated`."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Collection:
    """What answering a request needs: who may come in, where messages and dead letters go and whether there is room,
    where phones are read, and what is declared of sources.
    """

    keyring: Authenticates
    submit: Submit
    bury: Bury
    region: str
    sources: DeclaredSources = field(default_factory=DeclaredSources)
    bodies: Bodies = field(default_factory=Bodies)
    clock: Callable[[], Millis] = lambda: time.time_ns() // 1_000_000
    observe: Observe = lambda _source, _outcomes: None
    require_room: Callable[[int], None] = lambda _count: None


@dataclass(frozen=True, slots=True, kw_only=True)
class Writer:
    """Whom a write key writes for: one source and, where it is bound to one, a unit of the network."""

    source: str
    org_unit: str | None


def collect_routes(collection: Collection) -> list[Route]:
    """The routes of collection, for the application to mount."""

    async def collect(request: Request) -> Response:
        if request.method == "OPTIONS":
            return answer_preflight()
        try:
            with collection.bodies.room() as hold:
                return await _collect(request, collection, hold)
        except Exception as error:  # noqa: BLE001 - the edge: every error becomes an answer that clients understand
            if not isinstance(error, BodyTooSlow):
                await drain_body(request)
            return answer_error(error)

    async def openapi(request: Request) -> Response:
        del request
        return Response(openapi_json(), media_type="application/json", headers=CORS)

    return [
        Route("/v1/openapi.json", openapi),
        Route("/v1/{call}", collect, methods=METHODS),
        Route("/v1/{call}/", collect, methods=METHODS),  # a redirect would lose what most clients post
    ]


async def _collect(request: Request, collection: Collection, hold: Hold) -> Response:
    call = CALLS.get(request.path_params["call"])
    if call is None:
        raise NotFound(
            f"There is no such call; there are {', '.join(name for name in CALLS if len(name) > 1)}."
        )
    if request.method != "POST":
        raise Invalid("Send a POST.", code="METHOD_NOT_ALLOWED")
    key = _key_of_header(request)
    writer = await _authenticate(key, collection) if key else None
    body = require_object(read_json(await read_body(request, hold)))
    writer = writer or await _authenticate(read_text(body, "writeKey"), collection)
    receipt = Receipt(
        source=writer.source,
        received_at=collection.clock(),
        region=collection.region,
        rules=collection.sources.rules(writer.source),
        org_unit=writer.org_unit,
    )
    items = unpack(call, body)
    collection.require_room(len(items))
    outcomes = await _store(items, receipt=receipt, collection=collection)
    if request.headers.get("x-strict-mode") != "1":
        return answer_success()
    return answer_strictly(outcomes, [read_message_id(item) for item in items], is_batch=call == "batch")


async def _store(items: Sequence[JsonValue], *, receipt: Receipt, collection: Collection) -> list[Outcome]:
    """What became of each message; the refused ones are dead letters by then."""
    parsed: list[Message | Refused] = []
    for index, item in enumerate(items):
        if index and index % PARSED_AT_ONCE_MAX == 0:
            await asyncio.sleep(0)
        parsed.append(parse_message(item, receipt=replace(receipt, index=index)))
    stored = iter(await collection.submit([one for one in parsed if isinstance(one, Message)]))
    outcomes = [
        next(stored)
        if isinstance(one, Message)
        else Outcome(status="refused", code=one.code, message=one.message, rule=one.rule)
        for one in parsed
    ]
    collection.observe(receipt.source, outcomes)
    letters = [
        make_dead_letter(item, refused=_refusal(outcome), receipt=replace(receipt, index=index))
        for index, (item, outcome) in enumerate(zip(items, outcomes, strict=True))
        if outcome.status == "refused"
    ]
    if letters:
        await collection.bury(letters)
        log.info(
            "messages_refused", source=receipt.source, codes=dict(Counter(letter.code for letter in letters))
        )
    return outcomes


def _refusal(outcome: Outcome) -> Refused:
    return Refused(code=outcome.code or "REFUSED", message=outcome.message or "", rule=outcome.rule)


async def _authenticate(key: str | None, collection: Collection) -> Writer:
    """Whom a write key writes for.

    Raises:
        Unauthenticated: there is no key, or it is not good.
        Forbidden: it is a key for something else.
    """
    if key is None:
        raise Unauthenticated(
            "Send your write key: as the user name of Basic, as Bearer, or as writeKey in the body."
        )
    principal = await collection.keyring.authenticate(key)
    if principal.role != "ingest" or principal.source is None:
        raise Forbidden(
            "This key is no write key. To make one: graph-cdp keys create --role ingest --source web --name shop"
        )
    return Writer(source=principal.source, org_unit=principal.org_unit)


def _key_of_header(request: Request) -> str | None:
    """The write key in `Authorization`; None where there is none, or in a form that is not ours."""
    scheme, _, credentials = request.headers.get("authorization", "").strip().partition(" ")
    match scheme.lower():
        case "bearer":
            return credentials.strip() or None
        case "basic":
            try:
                user = base64.b64decode(credentials, validate=True).decode().partition(":")[0]
            except ValueError:  # no base64, or no text; or bytes that are not ASCII
                return None
            return user or None
        case _:
            return None
