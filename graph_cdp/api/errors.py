"""How errors leave the service: a code for programs, a sentence for people, nothing about the inside.

An error that graph_cdp raises on purpose is shown as it is. What the GraphQL library says about a document
(syntax, unknown fields, wrong variables) is shown too. Everything else is logged here and masked.
"""

import traceback
from typing import Any

import structlog
from graphql import GraphQLError, GraphQLSyntaxError
from neo4j.exceptions import DriverError, Neo4jError, TransientError
from strawberry.schema.exceptions import CannotGetOperationTypeError, InvalidOperationTypeError

from graph_cdp.errors import Forbidden, GraphCdpError, Invalid, NotFound, Unauthenticated, Unavailable

LOG = structlog.get_logger(__name__)

INTERNAL_MESSAGE = (
    "Something went wrong in the service. It has been logged; try again, and tell the operator if it lasts."
)

TIMED_OUT_MESSAGE = "No answer in time. Ask for less at once, or try again in a moment."

TIMED_OUT_CODES = "Neo.ClientError.Transaction.TransactionTimedOut"
"""How the database's codes begin where it ended a transaction that took too long, planning included."""

SHUT_OUT_CODES = ("Neo.ClientError.Security.", "Neo.ClientError.Database.")
"""How they begin where it does not let the service in: a password that was changed, a database that was dropped."""

Body = dict[str, Any]
"""A JSON object on its way out."""


class BadId(Invalid):
    """An id that no object of this type could have."""

    code = "BAD_ID"


class BadCursor(Invalid):
    """A cursor that this connection did not give."""

    code = "BAD_CURSOR"


class BadPageSize(Invalid):
    """`first` is not between 1 and the maximum."""

    code = "BAD_PAGE_SIZE"


class BadIdentifier(Invalid):
    """A value that identifies nobody, such as a placeholder or a phone number that cannot be dialled."""

    code = "BAD_IDENTIFIER"


class TimedOut(Unavailable):
    """The answer took longer than a request may."""

    code = "TIMED_OUT"


def status_of(error: GraphCdpError) -> int:
    """The HTTP status of an error that refuses a whole request."""
    match error:
        case Unauthenticated():
            return 401
        case Forbidden():
            return 403
        case NotFound():
            return 404
        case Invalid():
            return 400
        case Unavailable():
            return 503
        case _:
            return 500


def as_known(error: BaseException) -> GraphCdpError | None:
    """The error as one of ours, if it is, or if it says that the database does not answer, or not in time; else None."""
    if isinstance(error, GraphCdpError):
        return error
    code = (error.code or "") if isinstance(error, Neo4jError) else ""
    if code.startswith(TIMED_OUT_CODES):
        return TimedOut(TIMED_OUT_MESSAGE)
    if code.startswith(SHUT_OUT_CODES):
        return Unavailable(
            "The database does not let the service in; its operator can see why with `graph-cdp doctor`."
        )
    if isinstance(error, (DriverError, TransientError)):
        return Unavailable("The database does not answer. Try again in a moment.")
    if isinstance(error, (CannotGetOperationTypeError, InvalidOperationTypeError)):
        return Invalid(
            "The document has no such operation, or one of a kind that is not taken here.",
            code="BAD_OPERATION",
        )
    if isinstance(error, RecursionError):
        return Invalid("The document is nested too deeply to be read.", code="QUERY_TOO_DEEP")
    return None


def format_error(error: GraphQLError) -> Body:
    """One entry of `errors`: message, locations, path and `extensions.code`."""
    shown = dict(error.formatted)
    cause = _cause(error)
    known = as_known(cause) if cause else None
    if cause is None:
        code = (error.extensions or {}).get("code") or _library_code(error)
    elif known:
        code, shown["message"] = known.code, known.message
    else:
        code, shown["message"] = "INTERNAL", INTERNAL_MESSAGE
    shown["extensions"] = {"code": code}
    return shown


def _cause(error: GraphQLError) -> BaseException | None:
    """What a resolver raised; None where the GraphQL library itself objects."""
    cause = error.original_error
    return _cause(cause) if isinstance(cause, GraphQLError) else cause


def _library_code(error: GraphQLError) -> str:
    return "GRAPHQL_SYNTAX" if isinstance(error, GraphQLSyntaxError) else "GRAPHQL_INVALID"


def log_unexpected(errors: list[GraphQLError]) -> None:
    """Log what `format_error` masks."""
    for error in errors:
        cause = _cause(error)
        if cause is not None and as_known(cause) is None:
            log_error(cause, path=".".join(str(part) for part in error.path or ()))


def log_error(error: BaseException, *, path: str = "") -> None:
    """Log an error's type, the database's code and the lines that led to it; never its message or values, which may
    be personal data.
    """
    frames = traceback.extract_tb(error.__traceback__)
    where = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
    code = error.code if isinstance(error, Neo4jError) else None
    LOG.error("unexpected_error", error=type(error).__qualname__, code=code, path=path, where=where)


def refusal(error: GraphCdpError) -> Body:
    """The body that refuses a whole request: `code` and `message` for any client, `errors` for GraphQL clients."""
    entry = {"message": error.message, "extensions": {"code": error.code}}
    return {"code": error.code, "message": error.message, "errors": [entry]}
