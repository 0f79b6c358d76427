"""`/graphql` as a websocket: graphql-transport-ws, for subscriptions only."""

import asyncio
from collections.abc import Mapping
from contextlib import aclosing, suppress
from dataclasses import replace
from datetime import timedelta
from typing import Any, TypeAlias, cast

import orjson
from graphql import GraphQLError
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect
from strawberry.asgi import GraphQL
from strawberry.http.exceptions import WebSocketDisconnected
from strawberry.subscriptions import GRAPHQL_TRANSPORT_WS_PROTOCOL
from strawberry.subscriptions.protocols.graphql_transport_ws.handlers import (
    BaseGraphQLTransportWSHandler,
    Operation,
)
from strawberry.types import ExecutionResult
from strawberry.types.unset import UNSET, UnsetType

from graph_cdp.access.model import Principal
from graph_cdp.access.service import Keyring
from graph_cdp.api.auth import may_not_query, may_query, read_secret
from graph_cdp.api.context import Context
from graph_cdp.api.errors import INTERNAL_MESSAGE, Body, as_known, format_error, log_error
from graph_cdp.api.limits import INIT_SECONDS_MAX, SEND_SECONDS_MAX, SUBSCRIPTIONS_MAX
from graph_cdp.api.live.following import Live
from graph_cdp.api.live.tail import TooManySubscriptions
from graph_cdp.api.schema import ApiSchema
from graph_cdp.errors import Forbidden, GraphCdpError, Unauthenticated

BAD_REQUEST, UNAUTHENTICATED, FORBIDDEN, SLOW, INTERNAL, TRY_AGAIN = 4400, 4401, 4403, 4510, 4500, 1013
"""Close codes: those of the protocol, one of our own, and the one of websockets for whoever may come back at once."""

Frame: TypeAlias = dict[str, Any]

Incoming: TypeAlias = Any
"""A message as it came: nobody has looked at its form yet."""


class Caller:
    """Whoever opened a socket, and who it is once it was let in; `connection_params` is written by the library."""

    __slots__ = ("connection_params", "headers", "principal", "secret")

    def __init__(self, headers: Mapping[str, str]) -> None:
        self.headers = headers
        self.connection_params: Mapping[str, object] | None = None
        self.secret: str | None = None
        self.principal: Principal | None = None

    def read_secret(self) -> str | None:
        """The key of the first message, else that of the handshake."""
        said = {
            name.lower(): value
            for name, value in (self.connection_params or {}).items()
            if isinstance(value, str)
        }
        return read_secret(said) or read_secret(self.headers)


class Socket(BaseGraphQLTransportWSHandler[Caller, None]):
    """One connection."""

    view: "SubscriptionView"
    context: Caller
    _closing: asyncio.Task[None] | None = None

    async def handle_message(self, message: Incoming) -> None:
        """Take a message; one that has not the form of the protocol ends the connection."""
        try:
            await super().handle_message(message)
        except (TypeError, AttributeError):
            await self.handle_invalid_message("Failed to parse message")

    async def handle_connection_init(self, message: Incoming) -> None:
        """Let whoever has a good key in, and nobody else."""
        try:
            await super().handle_connection_init(message)
        except Exception as error:  # noqa: BLE001 - the edge: nothing of the inside may leave
            known = as_known(error)
            if known is None:
                log_error(error)
            code, reason = closing(known)
            await self.websocket.close(code, reason)

    async def handle_subscribe(self, message: Incoming) -> None:
        """Begin a subscription, unless there are too many."""
        asked = message["payload"]
        is_well_formed = (
            isinstance(message["id"], str)
            and isinstance(asked["query"], str)
            and isinstance(asked.get("variables"), dict | None)
            and isinstance(asked.get("operationName"), str | None)
        )
        if not is_well_formed:
            await self.handle_invalid_message("Failed to parse message")
        elif self.connection_acknowledged and len(self.operations) >= SUBSCRIPTIONS_MAX:
            refused = TooManySubscriptions(
                f"A connection holds {SUBSCRIPTIONS_MAX} subscriptions at most. Complete one first."
            )
            await self.send_message(_error(message["id"], [as_body(refused)]))
        else:
            await super().handle_subscribe(message)

    async def run_operation(self, operation: Operation[Caller, None]) -> None:
        """Tell what a subscription hears, until it ends."""
        try:
            await self._run(operation)
        except WebSocketDisconnected:
            return
        except GraphQLError as error:  # of a document that cannot be parsed: raised while nothing is told yet
            await self._end(operation, [format_error(error)])
        except Exception as error:  # noqa: BLE001 - the edge: nothing of the inside may leave
            log_error(error)
            await self._end(operation, [as_body(GraphCdpError(INTERNAL_MESSAGE, code="INTERNAL"))])

    async def _run(self, operation: Operation[Caller, None]) -> None:
        stream: Any = await self.schema.subscribe(  # pyright: ignore[reportUnknownMemberType] - of an untyped base
            operation.query,
            variable_values=operation.variables,
            context_value=self._as_context(),
            operation_name=operation.operation_name,
        )
        async with aclosing(stream):
            async for result in stream:
                errors = [format_error(error) for error in cast("ExecutionResult", result).errors or ()]
                if result.data is None:
                    await self._end(operation, errors)
                    return
                payload: Body = {"data": result.data, **({"errors": errors} if errors else {})}
                await operation.send_operation_message(
                    cast("Any", {"id": operation.id, "type": "next", "payload": payload})
                )
        await operation.send_operation_message({"id": operation.id, "type": "complete"})

    async def _end(self, operation: Operation[Caller, None], errors: list[Body]) -> None:
        await operation.send_operation_message(cast("Any", _error(operation.id, errors)))

    def _as_context(self) -> Context:
        view = self.view
        principal = self.context.principal
        if principal is None:  # pragma: no cover - nobody subscribes before
            raise Unauthenticated("Send connection_init first.")
        return Context(
            principal=principal,
            graph=view.live.graph,
            default_region=view.default_region,
            live=replace(view.live, check=self._check),
        )

    async def _check(self) -> None:
        """Go on only while the key is good, and may do what it could.

        Raises:
            Unauthenticated, Forbidden: it is not, or may not.
        """
        now = await self.view.keyring.authenticate(self.context.secret)
        if now != self.context.principal:
            raise Forbidden("The key was changed. Connect again.")

    async def send_message(self, message: Incoming) -> None:
        """Send a message to somebody who takes it in time."""
        try:
            async with asyncio.timeout(SEND_SECONDS_MAX):
                await super().send_message(message)
        except TimeoutError:
            self._give_up()
            raise WebSocketDisconnected from None
        except RuntimeError:  # what is sent after the end of a connection
            raise WebSocketDisconnected from None

    def _give_up(self) -> None:
        """End the subscriptions of somebody who does not read; the code waits until it reads on, or answers no ping."""
        if self._closing is not None:
            return
        for operation in self.operations.values():
            task: Any = operation.task  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
            if task is not None and task is not asyncio.current_task():
                task.cancel()
        self._closing = asyncio.create_task(self._close(SLOW, "SLOW_CONSUMER"))

    async def _close(self, code: int, reason: str) -> None:
        """Close, unless the other side is gone."""
        with suppress(WebSocketDisconnect, RuntimeError):
            await self.websocket.close(code, reason)


class SubscriptionView(GraphQL[Caller, None]):
    """The endpoint of subscriptions."""

    graphql_transport_ws_handler_class = Socket

    def __init__(self, schema: ApiSchema, *, live: Live, keyring: Keyring, default_region: str) -> None:
        super().__init__(
            schema,
            graphql_ide=None,
            subscription_protocols=[GRAPHQL_TRANSPORT_WS_PROTOCOL],
            connection_init_wait_timeout=timedelta(seconds=INIT_SECONDS_MAX),
            max_subscriptions_per_connection=None,
        )
        self.live = live
        self.keyring = keyring
        self.default_region = default_region

    def route(self) -> WebSocketRoute:
        """The route, for the application to mount."""
        return WebSocketRoute("/graphql", self)

    async def get_context(self, request: Request | WebSocket, response: Response | WebSocket) -> Caller:
        """Whoever opens a socket."""
        del response
        return Caller(request.headers)

    async def on_ws_connect(self, context: Caller) -> UnsetType:
        """Let in whoever may query.

        Raises:
            Unauthenticated: no good key.
            Forbidden: its role may not query.
        """
        context.secret = context.read_secret()
        context.principal = await self.keyring.authenticate(context.secret)
        if not may_query(context.principal):
            raise may_not_query(context.principal)
        return UNSET

    def is_websocket_origin_allowed(self, request: WebSocket, origin: str) -> bool:
        """From everywhere: a key lets in, and no cookie, so a page of another origin has nothing to misuse."""
        del request, origin
        return True

    def decode_json(self, data: str | bytes) -> object:
        """JSON of a bounded depth."""
        return orjson.loads(data)

    def encode_json(self, data: object) -> str:
        """A message as text."""
        return orjson.dumps(data).decode()


def closing(error: GraphCdpError | None) -> tuple[int, str]:
    """The close code and reason of a connection that is not let in; None: nobody expected it."""
    match error:
        case None:
            return INTERNAL, "INTERNAL"
        case Unauthenticated():
            return UNAUTHENTICATED, error.code
        case Forbidden():
            return FORBIDDEN, error.code
        case _:
            return TRY_AGAIN, error.code


def as_body(error: GraphCdpError) -> Body:
    """One of our errors, in the form of those of a document."""
    return {"message": error.message, "extensions": {"code": error.code}}


def _error(id_: str, errors: list[Body]) -> Frame:
    return {"id": id_, "type": "error", "payload": errors}
