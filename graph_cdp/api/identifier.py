"""Identifiers: what may point at a person; some of them are devices."""

import strawberry

from graph_cdp.api.connections import Edge, PageInfo
from graph_cdp.api.node import Node, Timestamp
from graph_cdp.api.selection.fields import Rows, column

HELD = """MATCH (parent)<-[:RESOLVES_TO]-(:SourceRecord)-[holding:HAS_IDENTIFIER]->(it:Identifier)
WHERE holding.valid_to IS NULL
WITH it, min(holding.first_seen_at) AS first_seen_at, max(holding.last_seen_at) AS last_seen_at"""

IDENTIFIERS = Rows(
    name="identifiers",
    match=HELD,
    at="first_seen_at",
    order="ASC",
    carried=("first_seen_at", "last_seen_at"),
)

DEVICES = Rows(
    name="devices",
    match=f"{HELD}\nWHERE it:Device",
    at="first_seen_at",
    order="ASC",
    carried=("first_seen_at", "last_seen_at"),
)


@strawberry.input(
    description="An identifier as a person would write it; it is normalised like those of sources."
)
class IdentifierInput:
    """A kind and a raw value."""

    kind: str = strawberry.field(description="What it is: `email`, `phone`, `user_id`, `loyalty_card`, …")
    value: str = strawberry.field(description="The value, for example `Marie.Dupont@Example.com`.")


@strawberry.type(
    description="A normalised value that may point at a person: an e-mail address, a card, a device."
)
class Identifier(Node):
    """An identifier, whoever holds it."""

    identifier_id: strawberry.ID = column("it.id", "Its own id: opaque, never the value.")
    kind: str = column("it.kind", "What it is: `email`, `phone`, `user_id`, `loyalty_card`, …")
    value: str = column("it.value", "The normalised value: `marie@example.com`.")
    contested: bool = column(
        "coalesce(it.contested, false)",
        "Whether it touches people who may not be one; then it joins none of them.",
    )


@strawberry.type(description="An identifier as one person's records hold it.")
class IdentifierEdge(Edge[Identifier]):
    """What belongs to the holding, not to the identifier: two people may hold it at different times."""

    first_seen_at: Timestamp = column("first_seen_at", "When a record of this person first held it.")
    last_seen_at: Timestamp = column("last_seen_at", "When a record of this person was last seen with it.")


@strawberry.type(description="One page of the identifiers that a person holds.")
class IdentifierConnection:
    """Relay's connection, with edges of its own."""

    edges: list[IdentifierEdge] = strawberry.field(description="The rows of this page, in order.")
    page_info: PageInfo = strawberry.field(name="pageInfo", description="Where this page stands in the list.")
    total_count: int = strawberry.field(description="How many identifiers the person holds: `4`.")


@strawberry.type(description="A browser or a phone, as an identifier that messages carry.")
class Device(Node):
    """An identifier of a device kind."""

    identifier_id: strawberry.ID = column("it.id", "Its own id: opaque, never the value.")
    kind: str = column("it.kind", "What it is: `anonymous_id` or `advertising_id`.")
    value: str = column("it.value", "The value that the device gave itself: `a-7f3c`.")
    contested: bool = column(
        "coalesce(it.contested, false)", "Whether several known people use it; then it joins none of them."
    )
    platform: str | None = column("it.platform", "What it runs: `ios`, `android`, `web`.")
    model: str | None = column("it.model", "Its model: `iPhone15,2`.")
    manufacturer: str | None = column("it.manufacturer", "Who made it: `Apple`.")
    os_version: str | None = column("it.os_version", "The version of its system: `17.4`.")
    app_version: str | None = column("it.app_version", "The version of the app on it: `2.11.0`.")


@strawberry.type(description="A device as one person's records hold it.")
class DeviceEdge(Edge[Device]):
    """What belongs to the holding."""

    first_seen_at: Timestamp = column("first_seen_at", "When a record of this person was first seen with it.")
    last_seen_at: Timestamp = column("last_seen_at", "When a record of this person was last seen with it.")


@strawberry.type(description="One page of the devices that a person uses.")
class DeviceConnection:
    """Relay's connection, with edges of its own."""

    edges: list[DeviceEdge] = strawberry.field(description="The rows of this page, in order.")
    page_info: PageInfo = strawberry.field(name="pageInfo", description="Where this page stands in the list.")
    total_count: int = strawberry.field(description="How many devices the person uses: `2`.")
