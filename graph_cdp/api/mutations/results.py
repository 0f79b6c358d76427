"""What mutations answer: one result an input, and a typed error where one was refused."""

from enum import Enum
from typing import Self

import strawberry

from graph_cdp.errors import GraphCdpError
from graph_cdp.flows.outcome import Outcome
from graph_cdp.source.repository import StoredMessage


@strawberry.enum(description="Why an input was refused.")
class InputErrorCode(Enum):
    """The names are those of the errors inside, which other doors show as they are."""

    INVALID_FIELD = strawberry.enum_value(
        "INVALID_FIELD", description="A field is missing, too long, or not of its form; the message names it."
    )
    INVALID_TEXT = strawberry.enum_value("INVALID_TEXT", description="A text is not Unicode.")
    INVALID_NUMBER = strawberry.enum_value(
        "INVALID_NUMBER", description="A number is infinite, or too large to be true."
    )
    INVALID_TIMESTAMP = strawberry.enum_value(
        "INVALID_TIMESTAMP",
        description="A time is not ISO 8601, or cannot be true: before 1900, or more than a day in the future.",
    )
    TOO_DEEP = strawberry.enum_value(
        "TOO_DEEP", description="Lists and objects lie more than 32 deep in `properties`."
    )
    EVENT_TOO_LARGE = strawberry.enum_value(
        "EVENT_TOO_LARGE", description="The input has more than 32 kB of JSON."
    )
    NO_IDENTITY = strawberry.enum_value(
        "NO_IDENTITY", description="Nothing says whom it is about; a value such as `null` is nobody's."
    )
    RULE_REJECTED = strawberry.enum_value(
        "RULE_REJECTED", description="A business rule of the source rejects it; the message names the rule."
    )
    IDEMPOTENCY_KEY_REUSED = strawberry.enum_value(
        "IDEMPOTENCY_KEY_REUSED",
        description="The source used this key before, for another input; the first is kept.",
    )
    NOT_STORED = strawberry.enum_value(
        "NOT_STORED", description="It alone could not be stored; an operator finds the cause in the log."
    )
    NOT_FOUND = strawberry.enum_value("NOT_FOUND", description="Nothing has one of the ids.")
    CONFLICTING_VERDICTS = strawberry.enum_value(
        "CONFLICTING_VERDICTS", description="Earlier verdicts say otherwise, by a chain of records."
    )
    BAD_NETWORK = strawberry.enum_value(
        "BAD_NETWORK", description="A unit would be part of itself, or of one that there is not."
    )


CODES = {"MESSAGE_ID_REUSED": "IDEMPOTENCY_KEY_REUSED", "INVALID": "INVALID_FIELD", "BAD_ID": "INVALID_FIELD"}
"""What is called otherwise here than inside."""

REUSED_MESSAGE = (
    "This idempotency key was used for another input; the first is kept. Give each input a key of its own."
)


@strawberry.type(description="Why one input was refused. The others of the call are not touched by it.")
class InputError:
    """A refusal, for programs and for people; it holds no personal data."""

    code: InputErrorCode = strawberry.field(description="For programs, for example `NO_IDENTITY`.")
    message: str = strawberry.field(description="For people: what happened, and what to do.")

    @classmethod
    def of(cls, *, code: str, message: str) -> Self:
        """The type's object for a code of the inside."""
        shown = InputErrorCode.__members__.get(CODES.get(code, code), InputErrorCode.INVALID_FIELD)
        reused = shown is InputErrorCode.IDEMPOTENCY_KEY_REUSED
        return cls(code=shown, message=REUSED_MESSAGE if reused else message)

    @classmethod
    def of_error(cls, error: GraphCdpError) -> Self:
        """The type's object for what was raised."""
        return cls.of(code=error.code, message=error.message)


@strawberry.type(
    description="What became of one input. Without an `error` it is committed, now or by an earlier call."
)
class WriteResult:
    """The result of one input."""

    idempotency_key: str = strawberry.field(description="The key of the input, as it was sent.")
    was_duplicate: bool = strawberry.field(
        description="Whether an equal input with this key was stored before, so that nothing was done now."
    )
    record_id: strawberry.ID | None = strawberry.field(
        description="The own id of the source record that it hangs on; null where it is about nobody, or refused."
    )
    person_id: strawberry.ID | None = strawberry.field(
        description="The person that the record resolves to now, read after the commit; null for an ingest key, "
        "which stands in public pages and must not learn who is who."
    )
    error: InputError | None = strawberry.field(description="Why it was refused; null where it was not.")

    @classmethod
    def of(cls, key: str, outcome: Outcome, stored: StoredMessage | None, *, shows_person: bool) -> Self:
        """The type's object for what became of a message."""
        refused = outcome.status == "refused"
        hangs = None if refused else stored
        return cls(
            idempotency_key=key,
            was_duplicate=outcome.status == "duplicate",
            record_id=strawberry.ID(hangs.record_id) if hangs and hangs.record_id else None,
            person_id=strawberry.ID(hangs.person_id) if hangs and hangs.person_id and shows_person else None,
            error=InputError.of(code=outcome.code or "NOT_STORED", message=outcome.message or "")
            if refused
            else None,
        )


@strawberry.type(description="What became of the inputs of a call.")
class WriteResults:
    """One result an input."""

    results: list[WriteResult] = strawberry.field(
        description="One result an input, in the order of the inputs."
    )
