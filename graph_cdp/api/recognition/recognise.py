"""`POST /recognise` and `POST /recognise/link`: for browsers, with the public key of their source.

The answer says whether the visitor is known, and by what, and holds no personal data and no id of a person: whoever reads it learns
nothing but what the page may show ("Welcome back").
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import orjson
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Route

from graph_cdp.access.service import Keyring
from graph_cdp.api.auth import read_secret
from graph_cdp.api.deadline import Deadline
from graph_cdp.api.endpoint import as_refusal, read_body
from graph_cdp.api.reads.person import recognise_device
from graph_cdp.api.recognition.links import read_link, sign_link
from graph_cdp.errors import Forbidden, Invalid
from graph_cdp.graph.transactions import Graph
from graph_cdp.ids import Millis
from graph_cdp.matching.normalise import Normalised, normalise_identifier

CORS = {"Access-Control-Allow-Origin": "*", "Cache-Control": "no-store"}
PREFLIGHT = CORS | {
    "Access-Control-Allow-Methods": "POST, OPTIONS",
    "Access-Control-Allow-Headers": "Authorization, Content-Type, X-API-Key",
    "Access-Control-Max-Age": "86400",
}
SCRIPT = Path(__file__).resolve().parents[1] / "assets" / "recognise.js"
SCRIPT_HEADERS = {
    "Access-Control-Allow-Origin": "*",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "Cache-Control": "public, max-age=3600",
    "X-Content-Type-Options": "nosniff",
}


class BadBody(Invalid):
    """The body is not what the call takes."""

    code = "BAD_REQUEST"


@dataclass(frozen=True, slots=True, kw_only=True)
class Recognition:
    """What the calls need; `secret` signs links, and is the same for all processes of a service."""

    graph: Graph
    keyring: Keyring
    secret: bytes
    clock: Callable[[], Millis]
    seconds_max: float
    """Longest time of one call: a page waits for it."""

    async def recognise(self, request: Request) -> Response:
        """Whether the visitor is known: by the link that led here, else by the browser's own id."""
        deadline = Deadline(self.seconds_max)
        said = await self._read(request, deadline)
        token = said.get("link")
        if token is not None:
            anonymous_id = read_link(token, secret=self.secret, now=self.clock())
        else:
            anonymous_id = self._own_id(said)
        is_known = await deadline.wait_for(self.graph.read(recognise_device, anonymous_id=anonymous_id))
        by = None if not is_known else "device" if token is None else "link"
        return _answer({"is_known": is_known, "recognised_by": by, "anonymous_id": anonymous_id})

    async def link(self, request: Request) -> Response:
        """A token that takes the browser's id to another domain of the network."""
        anonymous_id = self._own_id(await self._read(request, Deadline(self.seconds_max)))
        return _answer({"link": sign_link(anonymous_id, secret=self.secret, now=self.clock())})

    async def _read(self, request: Request, deadline: Deadline) -> dict[str, str]:
        principal = await deadline.wait_for(self.keyring.authenticate(read_secret(request.headers)))
        if principal.role != "ingest":
            raise Forbidden("Only the key of a source may be in a page: never put another one there.")
        try:
            parsed: object = orjson.loads(await read_body(request))
        except orjson.JSONDecodeError:
            raise BadBody("The body is not JSON.") from None
        if not isinstance(parsed, dict):
            raise BadBody('The body must be an object: `{"anonymous_id": "a-7f3c"}`.')
        return {
            key: value for key, value in cast("dict[str, object]", parsed).items() if isinstance(value, str)
        }

    @staticmethod
    def _own_id(said: dict[str, str]) -> str:
        found = normalise_identifier("anonymous_id", said.get("anonymous_id", ""), region="FR")
        if not isinstance(found, Normalised):
            raise BadBody("`anonymous_id` is missing, or a placeholder that many share.")
        return found.value


def recognise_routes(recognition: Recognition) -> list[Route]:
    """The routes of recognition."""

    async def script(_request: Request) -> Response:
        return FileResponse(SCRIPT, media_type="text/javascript", headers=SCRIPT_HEADERS)

    methods = ["POST", "OPTIONS"]
    return [
        Route("/recognise", _browser_safe(recognition.recognise), methods=methods),
        Route("/recognise/link", _browser_safe(recognition.link), methods=methods),
        Route("/recognise.js", script),
    ]


def _browser_safe(
    call: Callable[[Request], Awaitable[Response]],
) -> Callable[[Request], Awaitable[Response]]:
    """A call that any page may make, whose errors a page may read."""

    async def answer(request: Request) -> Response:
        if request.method == "OPTIONS":
            return Response(status_code=204, headers=PREFLIGHT)
        try:
            return await call(request)
        except Exception as error:  # noqa: BLE001 - the edge: nothing of the inside may leave
            refused = as_refusal(error)
            refused.headers.update(CORS)
            return refused

    return answer


def _answer(body: dict[str, object]) -> Response:
    return JSONResponse(body, headers=CORS)
