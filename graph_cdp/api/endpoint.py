"""`POST /graphql`: GraphQL over HTTP, answered in JSON whatever happens."""

import asyncio
import re
from dataclasses import dataclass
from typing import cast

import orjson
from graphql import GraphQLError, OperationDefinitionNode, get_operation_ast, parse
from graphql import OperationType as Kind
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from strawberry.exceptions import MissingQueryError
from strawberry.schema.exceptions import CannotGetOperationTypeError, InvalidOperationTypeError
from strawberry.types.graphql import OperationType

from graph_cdp.access.service import Keyring
from graph_cdp.api.auth import authorise, may_not_query, may_query
from graph_cdp.api.context import Context
from graph_cdp.api.deadline import Deadline
from graph_cdp.api.errors import (
    INTERNAL_MESSAGE,
    Body,
    as_known,
    format_error,
    log_error,
    refusal,
    status_of,
)
from graph_cdp.api.limits import BODY_BYTES_MAX, BODY_SECONDS_MAX, TOKENS_MAX
from graph_cdp.api.mutations.writes import Writes
from graph_cdp.api.schema import ApiSchema
from graph_cdp.api.selection.documents import Asked
from graph_cdp.errors import GraphCdpError, Invalid
from graph_cdp.graph.transactions import Graph
from graph_cdp.insights.model import CollectionHealth, IdentityHealth
from graph_cdp.insights.service import HealthWatch
from graph_cdp.intake.json_body import TOO_DEEP, BadJson, JsonValue, find_fault, read_json, write_json
from graph_cdp.intake.limits import JSON_DEPTH_MAX

JSON_TYPE = "application/json"
GRAPHQL_TYPE = "application/graphql-response+json"
"""Who accepts this media type gets a 400 for a document that cannot be executed, as GraphQL over HTTP says."""

BODY_DEPTH_MAX = JSON_DEPTH_MAX + 3
"""An input may be as deep as a message, and lies in the variables of a body, in a list of inputs."""

OPERATIONS = {OperationType.QUERY, OperationType.MUTATION}
ONLY_MUTATIONS = {OperationType.MUTATION}


class BodyTooLarge(Invalid):
    """The body is longer than `BODY_BYTES_MAX`."""

    code = "BODY_TOO_LARGE"


class BodyTooSlow(Invalid):
    """The body took longer to arrive than `BODY_SECONDS_MAX`."""

    code = "BODY_TOO_SLOW"


class WrongMediaType(Invalid):
    """The body is not said to be JSON."""

    code = "WRONG_MEDIA_TYPE"


class WrongMethod(Invalid):
    """Queries are sent by POST."""

    code = "METHOD_NOT_ALLOWED"


STATUSES: dict[str, int] = {
    BodyTooLarge.code: 413,
    BodyTooSlow.code: 408,
    WrongMediaType.code: 415,
    WrongMethod.code: 405,
}


_OPERATION = re.compile(r"\b(?:query|mutation|subscription)\b")
"""What an operation begins with, unless it is the only one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """What a client asks: a document, its variables, and which of its operations to execute."""

    query: str
    variables: dict[str, object] | None
    operation_name: str | None

    def asked(self, context: Context) -> Asked:
        """The operation as somebody asks it."""
        return Asked(
            query=self.query,
            variables=self.variables or {},
            operation_name=self.operation_name,
            role=context.principal.role,
            region=context.default_region,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """The endpoint, with what it needs."""

    schema: ApiSchema
    graph: Graph
    keyring: Keyring
    default_region: str
    seconds_max: float
    """Longest time of one request."""
    writes: Writes | None = None
    health: HealthWatch[IdentityHealth] | None = None
    collection: HealthWatch[CollectionHealth] | None = None

    async def __call__(self, request: Request) -> Response:
        """Answer one request."""
        try:
            return await self._answer(request)
        except Exception as error:  # noqa: BLE001 - the edge: nothing of the inside may leave
            return as_refusal(error)

    async def _answer(self, request: Request) -> Response:
        if request.method != "POST":
            raise WrongMethod("Send operations by POST.")
        deadline = Deadline(self.seconds_max)
        principal = await deadline.wait_for(authorise(request.headers, self.keyring))
        if request.headers.get("content-type", "").partition(";")[0].strip().lower() != JSON_TYPE:
            raise WrongMediaType(f"Send the body as JSON, with 'Content-Type: {JSON_TYPE}'.")
        operation = parse_operation(await read_body(request))
        context = Context(
            principal=principal,
            graph=self.graph,
            default_region=self.default_region,
            writes=self.writes,
            health=self.health,
            collection=self.collection,
        )
        body, executed = await deadline.wait_for(self._execute(operation, context))
        prefers_graphql = GRAPHQL_TYPE in request.headers.get("accept", "")
        return Response(
            orjson.dumps(body),
            status_code=400 if prefers_graphql and not executed else 200,
            media_type=GRAPHQL_TYPE if prefers_graphql else JSON_TYPE,
        )

    async def _execute(self, operation: Operation, context: Context) -> tuple[Body, bool]:
        """The answer, and whether the document could be executed at all."""
        if may_query(context.principal):
            data = await self.schema.documents.answer(operation.asked(context), self.graph)
            if data is not None:
                return {"data": data}, True
        require_one(operation)
        try:
            result = await self.schema.execute(
                operation.query,
                variable_values=operation.variables,
                context_value=context,
                operation_name=operation.operation_name,
                allowed_operation_types=OPERATIONS if may_query(context.principal) else ONLY_MUTATIONS,
            )
        except MissingQueryError:
            raise Invalid("The body has no `query`.", code="BAD_REQUEST") from None
        except (CannotGetOperationTypeError, InvalidOperationTypeError):
            if not may_query(context.principal):
                raise may_not_query(context.principal) from None
            raise Invalid(_no_such(operation), code="BAD_OPERATION") from None
        body: Body = {"data": result.data}
        if result.errors:
            body["errors"] = [format_error(error) for error in result.errors]
        return body, result.data is not None or not result.errors or result.errors[0].path is not None


def as_refusal(error: Exception) -> Response:
    """The answer to a request that failed; what nobody expected is logged, and says nothing of the inside."""
    if isinstance(error, ClientDisconnect):
        return Response(status_code=400)
    known = as_known(error)
    if known is None:
        log_error(error)
    return refuse(known or GraphCdpError(INTERNAL_MESSAGE, code="INTERNAL"))


def refuse(error: GraphCdpError) -> Response:
    """The answer that refuses a whole request."""
    headers = {"WWW-Authenticate": "Bearer"} if status_of(error) == 401 else {}  # noqa: PLR2004 - a status
    if isinstance(error, WrongMethod):
        headers["Allow"] = "POST"
    return Response(
        orjson.dumps(refusal(error)),
        status_code=STATUSES.get(error.code) or status_of(error),
        media_type=JSON_TYPE,
        headers=headers,
    )


async def read_body(request: Request) -> bytes:
    """The body, unless it is too long or arrives too slowly.

    Raises:
        BodyTooLarge: more than `BODY_BYTES_MAX`; what follows is not read.
        BodyTooSlow: not complete within `BODY_SECONDS_MAX`.
    """
    body = bytearray()
    try:
        async with asyncio.timeout(BODY_SECONDS_MAX):
            async for part in request.stream():
                body += part
                if len(body) > BODY_BYTES_MAX:
                    raise BodyTooLarge(
                        f"The body is larger than {BODY_BYTES_MAX // 1024} kB. Ask for less at once."
                    )
    except TimeoutError:
        raise BodyTooSlow(
            f"The body did not arrive within {BODY_SECONDS_MAX:.0f} s. Send it again."
        ) from None
    return bytes(body)


def require_one(operation: Operation) -> None:
    """Nothing, if it is clear which operation of the document is meant. Strawberry would execute the first one.

    Raises:
        Invalid: there are several, and none is named.
    """
    if operation.operation_name is not None or len(_OPERATION.findall(operation.query)) < 2:  # noqa: PLR2004 - several
        return
    try:
        definitions = parse(operation.query, max_tokens=TOKENS_MAX).definitions
    except (GraphQLError, RecursionError):
        return  # executing it tells what is wrong
    if sum(isinstance(one, OperationDefinitionNode) for one in definitions) > 1:
        message = "The document has several operations: name the one to execute in `operationName`."
        raise Invalid(message, code="BAD_OPERATION")


def _no_such(operation: Operation) -> str:
    """Why there is nothing to execute, though the document could be parsed."""
    asked = get_operation_ast(parse(operation.query, max_tokens=TOKENS_MAX), operation.operation_name)
    if asked is not None and asked.operation is Kind.SUBSCRIPTION:
        return "Subscriptions are not sent by POST: open a websocket here, with the protocol graphql-transport-ws."
    return "The document has no such operation: name one in `operationName`."


def parse_operation(body: bytes) -> Operation:
    """The operation in a body.

    Raises:
        Invalid: it is not JSON, holds what cannot be kept as it is, or a part has a wrong type.
    """
    parsed = _parse(body)
    if not isinstance(parsed, dict):
        raise Invalid("The body must be one JSON object; batches are not accepted.", code="BAD_REQUEST")
    fields = cast("dict[str, object]", parsed)
    query, variables, name = (fields.get(part) for part in ("query", "variables", "operationName"))
    if not isinstance(query, str):
        raise Invalid("`query` must be a string.", code="BAD_REQUEST")
    if not isinstance(variables, dict | None):
        raise Invalid("`variables` must be an object.", code="BAD_REQUEST")
    if not isinstance(name, str | None):
        raise Invalid("`operationName` must be a string.", code="BAD_REQUEST")
    return Operation(query=query, variables=cast("dict[str, object] | None", variables), operation_name=name)


def _parse(body: bytes) -> JsonValue:
    """JSON, as strictly as collection reads it: of two members of one name neither is dropped in silence, and no number
    is rounded. A body is one value, so that all of it is refused.

    Raises:
        Invalid: it is not JSON, or holds what cannot be kept as it is.
    """
    try:
        parsed = read_json(body)
    except BadJson as error:
        code = error.code if error.code == TOO_DEEP.code else "BAD_REQUEST"
        raise Invalid("The body is not JSON, or too deep to be read.", code=code) from None
    if fault := find_fault(parsed, depth_max=BODY_DEPTH_MAX):
        raise Invalid(fault.message, code=fault.code)
    write_json({"body": parsed})  # raises where a text is not Unicode
    return parsed
