"""The pages of the service: GraphiQL and a start page, from files of the package, without any other host.

The content security policy allows nothing but the service's own files, so a page cannot be made to run or to send
anything else, and works without the internet.
"""

from collections.abc import Awaitable, Callable
from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Route

ASSETS = Path(__file__).resolve().parent / "assets"

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-cache",
}

FILES = {
    "page.css": "page.css",
    "graphiql.js": "graphiql.js",
    "graphiql.css": "graphiql.css",
    "graphiql.min.js": "vendor/graphiql.min.js",
    "graphiql.min.css": "vendor/graphiql.min.css",
    "react.production.min.js": "vendor/react.production.min.js",
    "react-dom.production.min.js": "vendor/react-dom.production.min.js",
}
"""What may be asked for below /assets/: nothing else is ever opened."""


def page_routes(*, graphiql: bool) -> list[Route]:
    """The start page, and GraphiQL unless it is switched off."""
    routes = [Route("/", _page("index.html")), Route("/assets/{name}", _asset)]
    return [*routes, Route("/graphiql", _page("graphiql.html"))] if graphiql else routes


def _page(name: str) -> Callable[[Request], Awaitable[Response]]:
    async def page(request: Request) -> Response:
        del request
        return FileResponse(ASSETS / name, headers=HEADERS)

    return page


async def _asset(request: Request) -> Response:
    path = FILES.get(request.path_params["name"])
    if path is None:
        return JSONResponse({"code": "NOT_FOUND", "message": "There is no such file."}, status_code=404)
    if not (ASSETS / path).is_file():
        message = "This file is fetched by the set-up, and was not: run `make setup`."
        return JSONResponse({"code": "MISCONFIGURED", "message": message}, status_code=503)
    return FileResponse(ASSETS / path, headers=HEADERS)
