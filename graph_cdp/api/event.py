"""Events: what people did, as messages said it."""

from enum import Enum
from typing import Self

import orjson
import strawberry
from strawberry.scalars import JSON

from graph_cdp.api.context import Info
from graph_cdp.api.node import Node, Timestamp, global_id
from graph_cdp.api.reads.event import EventRow
from graph_cdp.api.source_record import SourceRecord, find_record

LIST = "events"


@strawberry.enum(
    description="What kind of message an event came in: the types of the Segment specification, and rows."
)
class EventType(Enum):
    """The names are GraphQL's (capitals), the values the graph's."""

    IDENTIFY = strawberry.enum_value("identify", description="Who somebody is: traits and identifiers.")
    TRACK = strawberry.enum_value("track", description="What somebody did; `name` says what.")
    PAGE = strawberry.enum_value("page", description="A page of a site that was viewed.")
    SCREEN = strawberry.enum_value("screen", description="A screen of an app that was viewed.")
    GROUP = strawberry.enum_value("group", description="The company that somebody belongs to.")
    ALIAS = strawberry.enum_value("alias", description="A claim that two ids are one person's.")
    RECORD = strawberry.enum_value("record", description="A row about a customer.")
    TRANSACTION = strawberry.enum_value("transaction", description="A row about a purchase.")


@strawberry.type(description="A message about somebody, as one source sent it.")
class Event(Node):
    """An event."""

    event_id: strawberry.ID = strawberry.field(description="Its own id: opaque.")
    message_id: str = strawberry.field(description="The id that its source gave it; a retry has the same.")
    source: str = strawberry.field(description="The name of the source that sent it.")
    type: EventType = strawberry.field(description="What kind of message it is.")
    name: str | None = strawberry.field(description="What was done or viewed, for example `Product Viewed`.")
    occurred_at: Timestamp = strawberry.field(
        description="When it happened, corrected for the sender's clock."
    )
    received_at: Timestamp = strawberry.field(description="When graph_cdp received it.")
    on_record: strawberry.Private[str]

    @classmethod
    def of(cls, row: EventRow) -> Self:
        """The type's object for what was read."""
        return cls(
            id=global_id("Event", row.id),
            event_id=strawberry.ID(row.id),
            message_id=row.message_id,
            source=row.source,
            type=EventType(row.type),
            name=row.name,
            occurred_at=Timestamp(row.occurred_at),
            received_at=Timestamp(row.received_at),
            on_record=row.record_id,
        )

    @strawberry.field(description="The source record that it hangs on.")
    async def record(self, info: Info) -> SourceRecord | None:
        """The record, by the loader of records."""
        return await find_record(info, self.on_record)

    @strawberry.field(description="The message as it was received. For the roles admin and steward.")
    async def payload(self, info: Info) -> JSON | None:
        """The message, by the loader of payloads.

        Raises:
            Forbidden: the key's role may not read it.
        """
        info.context.require("admin", "steward")
        row = await info.context.loaders.payloads.load(str(self.event_id))
        return orjson.loads(row.payload) if row else None
