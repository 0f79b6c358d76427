"""Mailings, and what happened to them."""

from enum import Enum

import strawberry

from graph_cdp.api.node import Node, Timestamp
from graph_cdp.api.selection.fields import GlobalId, Rows, column, declared, one
from graph_cdp.api.source_record import OF_FACT, SourceRecord
from graph_cdp.api.timelines import only, timeline_rows


@strawberry.enum(description="What happened to a mailing.")
class InteractionKind(Enum):
    """The names are GraphQL's (capitals), the values the graph's."""

    SENT = strawberry.enum_value("sent", description="It was sent.")
    DELIVERED = strawberry.enum_value("delivered", description="It arrived.")
    OPENED = strawberry.enum_value("opened", description="It was opened.")
    CLICKED = strawberry.enum_value("clicked", description="A link in it was followed.")
    BOUNCED = strawberry.enum_value("bounced", description="It came back.")
    UNSUBSCRIBED = strawberry.enum_value("unsubscribed", description="No more of them are wanted.")
    COMPLAINED = strawberry.enum_value("complained", description="It was reported as unwanted.")
    CONVERTED = strawberry.enum_value("converted", description="It led to what it was for.")


@strawberry.type(description="A mailing.")
class Campaign(Node):
    """A campaign."""

    campaign_id: strawberry.ID = column("it.id", "Its own id: opaque.")
    key: str = column("it.key", "The source and its own number: `mail:spring-sale`.")
    name: str | None = column("it.name", "Its name: `Spring sale`.")
    source: str | None = column("it.source", "The name of the source that told of it first.")
    channel: str | None = column("it.channel", "By what it reaches people: `email`.")
    created_at: Timestamp | None = column("it.created_at", "When graph_cdp first heard of it.")


@strawberry.type(description="What happened to a mailing that a person was sent.")
class Interaction(Node):
    """An event about a mailing."""

    id: strawberry.ID = declared("The global id: opaque, unique over all types.", GlobalId())
    event_id: strawberry.ID = column("it.id", "The id of its event: opaque.")
    kind: InteractionKind = column("it.interaction", "What happened.", shown=InteractionKind)
    channel: str | None = column("it.channel", "By what the mailing reached the person: `email`.")
    link: str | None = column("it.link", "The link that was followed.")
    occurred_at: Timestamp = column("it.occurred_at", "When it happened.")
    campaign: Campaign | None = one("MATCH (parent)-[:OF_CAMPAIGN]->(it:Campaign)", "The mailing.")
    record: SourceRecord | None = one(OF_FACT, "The source record that it hangs on.")


INTERACTIONS: Rows = timeline_rows(
    "interactions",
    "Event",
    always=["it:Interaction"],
    wanted=["($kinds IS NULL OR it.interaction IN $kinds)"],
    filters=(
        only("kinds", list[InteractionKind] | None, "Only interactions of these kinds; all if left out."),
    ),
)
