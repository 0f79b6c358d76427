"""Mutations about who somebody is and what they did: `write_records`, `identify`, `track`."""

from dataclasses import replace
from typing import Annotated

import strawberry
from strawberry.scalars import JSON

from graph_cdp.api.context import Info
from graph_cdp.api.identifier import IdentifierInput
from graph_cdp.api.mutations.inputs import (
    KEY,
    WHEN,
    Source,
    SubjectInput,
    TraitsInput,
    find_subject,
    read_traits,
)
from graph_cdp.api.mutations.receiving import Received, receive, receive_one
from graph_cdp.api.mutations.results import WriteResult, WriteResults
from graph_cdp.intake.identifiers import BadField, Found
from graph_cdp.intake.limits import NAME_CHARACTERS_MAX
from graph_cdp.intake.record import RecordState, normalise_traits, record_message
from graph_cdp.intake.values import require_line
from graph_cdp.source.business_rules.rules import judge
from graph_cdp.source.model import Message


@strawberry.input(
    description="All that the source says of one customer now. It is the whole state of the record: what it no longer says "
    "stops counting."
)
class RecordInput:
    """The state of a record."""

    idempotency_key: str = strawberry.field(description=KEY)
    row_id: str = strawberry.field(
        description="The id of the customer in the source's own table: `17` names the record `crm:row:17`."
    )
    traits: TraitsInput | None = strawberry.field(
        default=strawberry.UNSET,
        description='What is said: `{first_name: "Marie", email: "marie@example.com"}`.',
    )
    identifiers: list[IdentifierInput] | None = strawberry.field(
        default=strawberry.UNSET,
        description='What identifies the customer beside the row and the traits: `[{kind: "loyalty_card", value: "9250"}]`.',
    )
    changed_at: str | None = strawberry.field(
        default=strawberry.UNSET,
        description="Since when the source says so, ISO 8601: `2026-01-31T12:00:00Z`; now if left out. Of two states the later "
        "one counts, whichever came first.",
    )


@strawberry.input(description="Who somebody is: traits that add to what the source said before.")
class IdentifyInput:
    """An identify message."""

    idempotency_key: str = strawberry.field(description=KEY)
    about: SubjectInput = strawberry.field(description='Whom it is about: `{user_id: "u1"}`.')
    traits: TraitsInput | None = strawberry.field(
        default=strawberry.UNSET,
        description='What is said: `{city: "Lyon"}`. E-mails and phones identify, too.',
    )
    occurred_at: str | None = strawberry.field(default=strawberry.UNSET, description=WHEN)


@strawberry.input(description="That somebody did something.")
class TrackInput:
    """A track message."""

    idempotency_key: str = strawberry.field(description=KEY)
    about: SubjectInput = strawberry.field(description='Whom it is about: `{anonymous_id: "a-7f3c"}`.')
    event: str = strawberry.field(description="What happened: `Brochure Downloaded`; at most 500 characters.")
    properties: JSON | None = strawberry.field(
        default=strawberry.UNSET, description='Anything more, kept as it is sent: `{"pages": 12}`.'
    )
    occurred_at: str | None = strawberry.field(default=strawberry.UNSET, description=WHEN)


@strawberry.type
class RecordMutations:
    """The mutations of this module."""

    @strawberry.mutation(
        description="Write the state of up to 100 source records. Each is judged by itself: one that is refused does not touch "
        "the others."
    )
    async def write_records(
        self,
        info: Info,
        records: Annotated[list[RecordInput], strawberry.argument(description="The records, 1 to 100.")],
        source: Source = strawberry.UNSET,
    ) -> WriteResults | None:
        """Records, as rows of a file are written."""
        return await receive(info, records, read_record, source=source or None)

    @strawberry.mutation(description="Say who somebody is.")
    async def identify(
        self,
        info: Info,
        input: Annotated[IdentifyInput, strawberry.argument(description="Who it is, and what is said.")],
        source: Source = strawberry.UNSET,
    ) -> WriteResult | None:
        """An identify message, as a Segment client sends it."""
        return await receive_one(info, input, read_identify, source=source or None)

    @strawberry.mutation(description="Say what somebody did.")
    async def track(
        self,
        info: Info,
        input: Annotated[TrackInput, strawberry.argument(description="Who did it, and what.")],
        source: Source = strawberry.UNSET,
    ) -> WriteResult | None:
        """A track message, as a Segment client sends it."""
        return await receive_one(info, input, read_track, source=source or None)


def read_record(item: RecordInput, received: Received) -> Message:
    """The message that a record is now in this state. Raises as `record_message` does."""
    state = RecordState(
        record_id=item.row_id,
        traits=read_traits(item.traits),
        identifiers=[(one.kind, one.value) for one in item.identifiers or ()],
        changed_at=received.time(item.changed_at) if item.changed_at else None,
    )
    return record_message(
        state, receipt=received.receipt, payload=received.payload.text, message_id=received.message_id
    )


def read_identify(item: IdentifyInput, received: Received) -> Message:
    """The message that somebody is known by these traits.

    Raises:
        NoIdentity: nothing says whom it is about.
        BadField: an id is too long.
        BadTime: the time cannot be true.
        RuleRejected: a business rule of the source rejects it.
    """
    receipt = received.receipt
    judged = judge(read_traits(item.traits), receipt.rules, region=receipt.region, introduces=True)
    found = Found(region=judged.region)
    for name in ("email", "email_2", "phone", "phone_2"):
        found.add(name.removesuffix("_2"), judged.traits.get(name), subject=True)
    key = find_subject(found, item.about, source=receipt.source)
    return replace(
        received.message("identify", key, found, occurred_at=item.occurred_at),
        traits=normalise_traits(judged.traits, region=judged.region),
        verified=judged.verified,
        flags=judged.flags,
    )


def read_track(item: TrackInput, received: Received) -> Message:
    """The message that somebody did something.

    Raises:
        NoIdentity: nothing says whom it is about.
        BadField: what happened is blank or too long, or an id is too long.
        BadTime: the time cannot be true.
    """
    name = require_line(item.event, name="event", characters_max=NAME_CHARACTERS_MAX)
    if not isinstance(item.properties, dict | None):
        raise BadField("properties must be an object.")
    found = Found(region=received.receipt.region)
    key = find_subject(found, item.about, source=received.receipt.source)
    return replace(received.message("track", key, found, occurred_at=item.occurred_at), name=name)
