"""The routes of the API: GraphQL, its pages, and what a load balancer asks."""

from dataclasses import asdict

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from graph_cdp.api.endpoint import Endpoint
from graph_cdp.api.graphiql import page_routes
from graph_cdp.api.health import Readiness
from graph_cdp.api.live.socket import SubscriptionView

METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
"""All are routed to the endpoint, so that the answer to a wrong one is JSON too."""


def api_routes(
    *, endpoint: Endpoint, subscriptions: SubscriptionView | None, readiness: Readiness, graphiql: bool
) -> list[BaseRoute]:
    """The routes of the API, for the application to mount."""

    async def answer(request: Request) -> Response:
        return await endpoint(request)

    async def healthz(request: Request) -> Response:
        """The process is alive; nothing else is looked at, so that a slow database does not restart it."""
        del request
        return JSONResponse({"alive": True})

    async def readyz(request: Request) -> Response:
        """Whether requests may be sent: 200, else 503 with what is missing."""
        del request
        report = await readiness.report()
        return JSONResponse(
            {"ready": report.ready, **asdict(report)}, status_code=200 if report.ready else 503
        )

    return [
        Route("/graphql", answer, methods=METHODS),
        *([subscriptions.route()] if subscriptions else []),
        Route("/healthz", healthz),
        Route("/readyz", readyz),
        *page_routes(graphiql=graphiql),
    ]
