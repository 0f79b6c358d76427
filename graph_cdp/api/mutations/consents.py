"""`record_consent`: what somebody allows or refuses, by purpose and channel. Append-only."""

from dataclasses import replace
from enum import Enum
from typing import Annotated, cast

import strawberry

from graph_cdp.api.context import Info
from graph_cdp.api.identifier import IdentifierInput
from graph_cdp.api.mutations.inputs import KEY, WHEN, Source, SubjectInput, find_subject
from graph_cdp.api.mutations.receiving import Received, receive_one
from graph_cdp.api.mutations.results import WriteResult
from graph_cdp.intake.identifiers import BadField, Found
from graph_cdp.intake.limits import NAME_CHARACTERS_MAX, SIGNAL_CHARACTERS_MAX
from graph_cdp.intake.values import read_line, require_line
from graph_cdp.matching.normalise import Normalised, normalise_identifier
from graph_cdp.source.facts import model
from graph_cdp.source.facts.model import Consent
from graph_cdp.source.model import IdentifierKey, Message

STATEMENTS_MAX = 50
"""Statements of one form: purposes by channels."""

CONTACT_KINDS = frozenset({"email", "phone", "anonymous_id", "advertising_id"})
"""What a statement may be about: a contact point, or a device."""


@strawberry.enum(description="By what a person is reached.")
class Channel(Enum):
    """The names are GraphQL's (capitals), the values the graph's."""

    EMAIL = strawberry.enum_value("email", description="E-mail.")
    SMS = strawberry.enum_value("sms", description="Text message.")
    PUSH = strawberry.enum_value("push", description="A notification of an app.")
    PHONE = strawberry.enum_value("phone", description="A call.")
    POST = strawberry.enum_value("post", description="A letter.")
    ADS = strawberry.enum_value("ads", description="Advertisement on other sites.")
    WEB = strawberry.enum_value("web", description="The own site or app: cookies, measurement.")


@strawberry.enum(description="What was said of a purpose.")
class ConsentState(Enum):
    """The names are GraphQL's (capitals), the values the graph's."""

    GIVEN = strawberry.enum_value("given", description="It is allowed.")
    REFUSED = strawberry.enum_value("refused", description="It was asked for, and is not allowed.")
    WITHDRAWN = strawberry.enum_value("withdrawn", description="It was allowed, and no longer is.")
    EXPIRED = strawberry.enum_value("expired", description="It was allowed for a time that is over.")


@strawberry.enum(description="Why data may be used for the purpose: GDPR, article 6.")
class LawfulBasis(Enum):
    """The names are GraphQL's (capitals), the values the graph's."""

    CONSENT = strawberry.enum_value("consent", description="The person allows it.")
    CONTRACT = strawberry.enum_value("contract", description="A contract with the person needs it.")
    LEGAL_OBLIGATION = strawberry.enum_value("legal_obligation", description="A law demands it.")
    VITAL_INTERESTS = strawberry.enum_value("vital_interests", description="A life depends on it.")
    PUBLIC_TASK = strawberry.enum_value("public_task", description="It is done in the public interest.")
    LEGITIMATE_INTERESTS = strawberry.enum_value(
        "legitimate_interests", description="An interest that the person's own does not override."
    )


@strawberry.input(description="One statement: a purpose, a channel, and what is said of them.")
class ConsentStatementInput:
    """A statement."""

    purpose: str = strawberry.field(description="What data is used for: `newsletter`.")
    channel: Channel = strawberry.field(description="By what the person is reached: `EMAIL`.")
    state: ConsentState = strawberry.field(description="What is said: `GIVEN`.")
    contact_point: IdentifierInput | None = strawberry.field(
        default=strawberry.UNSET,
        description='The contact point or device that it is about: `{kind: "email", value: "marie@example.com"}`. What is given '
        "names one; an objection without one covers the whole person.",
    )
    lawful_basis: LawfulBasis = strawberry.field(
        default=LawfulBasis.CONSENT, description="Why it may be done: `CONSENT`."
    )
    signal: str | None = strawberry.field(
        default=strawberry.UNSET,
        description="The raw string of a signal (IAB TCF, Google Consent Mode), as it was received.",
    )


@strawberry.input(description="What somebody said on one occasion, for example by sending one form.")
class RecordConsentInput:
    """Statements of one occasion."""

    idempotency_key: str = strawberry.field(description=KEY)
    about: SubjectInput = strawberry.field(description='Who said it: `{user_id: "u1"}`.')
    statements: list[ConsentStatementInput] = strawberry.field(
        description="What was said, 1 to 50 statements."
    )
    occurred_at: str | None = strawberry.field(default=strawberry.UNSET, description=WHEN)
    notice_id: str | None = strawberry.field(
        default=strawberry.UNSET, description="The notice that was shown: `privacy-notice`."
    )
    notice_version: str | None = strawberry.field(
        default=strawberry.UNSET, description="Its version: `2026-01`."
    )
    method: str | None = strawberry.field(
        default=strawberry.UNSET, description="How it was said: `web form`, `double opt-in`, `call`."
    )
    evidence: str | None = strawberry.field(
        default=strawberry.UNSET, description="What proves it: a hash of the wording, the number of a form."
    )
    jurisdiction: str | None = strawberry.field(
        default=strawberry.UNSET, description="Whose law holds, ISO 3166: `FR`."
    )


@strawberry.type
class ConsentMutations:
    """The mutation of this module."""

    @strawberry.mutation(
        description="Record what somebody allows or refuses. Nothing recorded is ever changed: a later statement follows it."
    )
    async def record_consent(
        self,
        info: Info,
        input: Annotated[RecordConsentInput, strawberry.argument(description="Who said what.")],
        source: Source = strawberry.UNSET,
    ) -> WriteResult | None:
        """Consent records, all of one occasion or none."""
        return await receive_one(info, input, read_consent, source=source or None)


def read_consent(item: RecordConsentInput, received: Received) -> Message:
    """The message that somebody allows or refuses something.

    Raises:
        NoIdentity: nothing says who.
        BadField: a field is not of its form, or consent is given for no contact point.
        BadTime: the time cannot be true.
    """
    if not 1 <= len(item.statements) <= STATEMENTS_MAX:
        raise BadField(f"statements must be 1 to {STATEMENTS_MAX}.")
    found = Found(region=received.receipt.region)
    record_key = find_subject(found, item.about, source=received.receipt.source)
    facts = tuple(_read_statement(one, item, found) for one in item.statements)
    message = received.message("fact", record_key, found, occurred_at=item.occurred_at)
    return replace(message, name="consent", facts=facts)


def _read_statement(statement: ConsentStatementInput, item: RecordConsentInput, found: Found) -> Consent:
    about = _contact_point(statement.contact_point, found)
    if about is None and statement.state is ConsentState.GIVEN:
        raise BadField("contact_point is missing: consent is given for one, never for all that a person has.")
    return Consent(
        purpose=require_line(
            statement.purpose, name="statements.purpose", characters_max=NAME_CHARACTERS_MAX
        ),
        channel=cast("model.Channel", statement.channel.value),
        state=cast("model.ConsentState", statement.state.value),
        about=about,
        lawful_basis=cast("model.LawfulBasis", statement.lawful_basis.value),
        notice_id=read_line(item.notice_id, name="notice_id"),
        notice_version=read_line(item.notice_version, name="notice_version"),
        method=read_line(item.method, name="method"),
        evidence=read_line(item.evidence, name="evidence"),
        jurisdiction=read_line(item.jurisdiction, name="jurisdiction"),
        signal=read_line(statement.signal, name="signal", characters_max=SIGNAL_CHARACTERS_MAX),
    )


def _contact_point(given: IdentifierInput | None, found: Found) -> tuple[str, str] | None:
    """The contact point that a statement is about: from now on the record holds it."""
    if given is None:
        return None
    if given.kind not in CONTACT_KINDS:
        raise BadField(f"The kind of a contact_point is one of {', '.join(sorted(CONTACT_KINDS))}.")
    result = normalise_identifier(given.kind, given.value, region=found.region)
    if not isinstance(result, Normalised):
        raise BadField("The value of contact_point reaches nobody: it is not of its kind, or a placeholder.")
    found.keys.add(IdentifierKey(kind=given.kind, value=result.value))
    return given.kind, result.value
