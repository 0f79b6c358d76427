"""Which failures are a message's own, and how one bad message is kept from taking its batch with it."""

import traceback
from collections.abc import Awaitable, Callable, Sequence
from typing import Protocol, TypeAlias, TypeVar

import structlog
from neo4j.exceptions import DriverError, Neo4jError

from graph_cdp.errors import GraphCdpError, Misconfigured, Unavailable
from graph_cdp.flows.outcome import Outcome
from graph_cdp.source.model import Message

log = structlog.get_logger(__name__)


class Sourced(Protocol):
    """What is stored for some source: a message, or a row's statement about nobody."""

    @property
    def source(self) -> str:
        """The name of the source."""
        ...


Said = TypeVar("Said", bound=Sourced)

Ingest: TypeAlias = Callable[[Sequence[Message]], Awaitable[list[Outcome]]]
"""Stores messages in one transaction: one outcome a message, in order, once it is committed."""

NOT_STORED = Outcome(
    status="refused",
    code="NOT_STORED",
    message="This message alone could not be stored. It is kept as a dead letter; an operator finds the cause in the log.",
)


class WrongAnswer(GraphCdpError):
    """The ingest flow broke its promise of one outcome a message: a defect of this program."""

    code = "WRONG_ANSWER"


BLAMING_CODES = ("Neo.ClientError.Statement.ArgumentError", "Neo.ClientError.Statement.TypeError",
                 "Neo.ClientError.Statement.ArithmeticError", "Neo.ClientError.Schema.Constraint",
                 "Neo.DatabaseError.")  # fmt: skip
"""Errors of the database that may come of one message's values. All others (read-only, no memory, no such user, a
transaction that timed out) would meet every message alike. A full disk is a `DatabaseError` too: then the dead
letter cannot be stored either, and nothing is acknowledged."""


def find_outage(error: BaseException) -> Unavailable | None:
    """The outage that an error stands for, or None if a message may be to blame."""
    if isinstance(error, Unavailable):
        return error
    away = isinstance(error, DriverError | Misconfigured | OSError | TimeoutError) or (
        isinstance(error, Neo4jError) and not (error.code or "").startswith(BLAMING_CODES)
    )
    return Unavailable("The database does not answer as it should; try again in a moment.") if away else None


async def ingest_apart(
    ingest: Callable[[Sequence[Said]], Awaitable[list[Outcome]]], messages: Sequence[Said]
) -> list[Outcome]:
    """The outcomes of `messages`; where the batch fails, it is halved until the message at fault fails alone.

    Raises:
        Unavailable: the database does not answer. Some messages may be stored; all may be sent again.
    """
    try:
        outcomes = await ingest(messages)
    except Exception as error:
        if outage := find_outage(error):
            raise outage from error
        if len(messages) == 1:
            log.error("message_not_stored", source=messages[0].source, **describe(error))  # noqa: TRY400
            return [NOT_STORED]
        middle = len(messages) // 2
        return [
            *await ingest_apart(ingest, messages[:middle]),
            *await ingest_apart(ingest, messages[middle:]),
        ]
    if len(outcomes) != len(messages):
        raise WrongAnswer(f"ingest answered {len(outcomes)} outcomes for {len(messages)} messages")
    return outcomes


def describe(error: BaseException) -> dict[str, str | None]:
    """What a log may say of an error. Not its text, nor a traceback: a database quotes the values it refuses."""
    frames = traceback.extract_tb(error.__traceback__)
    return {
        "error": type(error).__name__,
        "code": error.code if isinstance(error, Neo4jError) else None,
        "where": f"{frames[-1].filename}:{frames[-1].lineno}" if frames else None,
    }
