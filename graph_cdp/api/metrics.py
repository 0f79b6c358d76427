"""`GET /metrics`, for Prometheus: by the key of an administrator; deny by default. And the counting of requests."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Match, Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from graph_cdp.access.service import Keyring
from graph_cdp.api.auth import read_secret
from graph_cdp.api.endpoint import refuse
from graph_cdp.api.errors import as_known
from graph_cdp.errors import Forbidden

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
LOOPBACK = frozenset({"127.0.0.1", "::1"})
OF_A_PROXY = ("forwarded", "x-forwarded-for", "x-real-ip")
"""Headers of a request that came through a proxy: its sender is elsewhere, whatever address it comes from."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricsRoute:
    """Who may read the metrics, and where they come from. `is_open`: this machine needs no key."""

    keyring: Keyring
    read: Callable[[], Awaitable[bytes]]
    is_open: bool

    def route(self) -> Route:
        """The route, for the application to mount."""
        return Route("/metrics", self._answer)

    async def _answer(self, request: Request) -> Response:
        try:
            if not (self.is_open and _is_from_here(request)):
                await self._authorise(request.headers)
            return Response(await self.read(), headers={"Content-Type": CONTENT_TYPE})
        except Exception as error:
            known = as_known(error)
            if known is None:
                raise
            return refuse(known)

    async def _authorise(self, headers: Headers) -> None:
        principal = await self.keyring.authenticate(read_secret(headers))
        if principal.role != "admin":
            raise Forbidden("Metrics are read by a key with the role admin.")


def _is_from_here(request: Request) -> bool:
    direct = request.client is not None and request.client.host in LOOPBACK
    return direct and not any(name in request.headers for name in OF_A_PROXY)


class CountRequests:
    """Counts each request by the pattern of its route and its status; what fits no route is `unknown`."""

    def __init__(self, app: ASGIApp, count: Callable[[str, int], None]) -> None:
        self._app = app
        self._count = count

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer as the application does, and count the answer."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        route = _pattern(scope)

        async def counted(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._count(route, message["status"])
            await send(message)

        await self._app(scope, receive, counted)


def _pattern(scope: Scope) -> str:
    for route in scope["app"].routes:
        if isinstance(route, Route) and route.matches(scope)[0] is not Match.NONE:
            return route.path
    return "unknown"
