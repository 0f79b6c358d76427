"""Events: what people did, as messages said it."""

from dataclasses import replace
from enum import Enum

import orjson
import strawberry
from strawberry.scalars import JSON

from graph_cdp.api.node import Node, Timestamp
from graph_cdp.api.selection.fields import Rows, column, one
from graph_cdp.api.source_record import OF_FACT, SourceRecord
from graph_cdp.api.timelines import only, timeline, timeline_rows


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

    event_id: strawberry.ID = column("it.id", "Its own id: opaque.")
    message_id: str = column("it.message_id", "The id that its source gave it; a retry has the same.")
    source: str = column("it.source", "The name of the source that sent it.")
    type: EventType = column("it.type", "What kind of message it is.", shown=EventType)
    name: str | None = column("it.name", "What was done or viewed, for example `Product Viewed`.")
    occurred_at: Timestamp = column("it.occurred_at", "When it happened, corrected for the sender's clock.")
    received_at: Timestamp = column("it.received_at", "When graph_cdp received it.")
    flags: list[str] = column(
        "coalesce(it.flags, [])", 'The business rules that it broke, which only flag: `["amount-in-range"]`.'
    )
    record: SourceRecord | None = one(OF_FACT, "The source record that it hangs on.")
    payload: JSON | None = column(
        "it.payload",
        "The message as it was received. For the roles admin, privacy and steward.",
        shown=orjson.loads,
    )


NEWEST = """MATCH (parent)<-[:RESOLVES_TO]-(record:SourceRecord)
WITH collect(record) AS records
CALL (records) {
  UNWIND records AS one
  WITH one.last_event_at AS last
  WHERE last IS NOT NULL
  ORDER BY last DESC
  LIMIT $row_limit
  RETURN min(last) AS least
}
UNWIND records AS record
WITH record
WHERE record.last_event_at IS NULL OR record.last_event_at >= least
"""
"""The records of `parent` that may have one of its newest events: the newest ten are of the ten records that did something last. To look for
the events of a record takes ten times as long as to ask when it did something; where records are few that saves nothing, so it is not asked of
each person of a page. Of what an earlier release stored it is not known.
"""


EVENTS: Rows = replace(
    timeline_rows(
        "events",
        "Event",
        wanted=["($types IS NULL OR it.type IN $types)"],
        filters=(only("types", list[EventType] | None, "Only events of these types; all if left out."),),
    ),
    alone=timeline("Event", at="occurred_at", conditions=["it.occurred_at IS NOT NULL"], records=NEWEST),
)
