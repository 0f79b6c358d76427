"""Identifiers: what may point at a person."""

from typing import Self

import strawberry

from graph_cdp.api.connections import Edge, Page, PageInfo, Position, encode_cursor, page_info
from graph_cdp.api.node import Node, Timestamp, global_id
from graph_cdp.api.reads.person import HoldingRow, IdentifierRow

LIST = "identifiers"


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

    identifier_id: strawberry.ID = strawberry.field(description="Its own id: opaque, never the value.")
    kind: str = strawberry.field(description="What it is: `email`, `phone`, `user_id`, `loyalty_card`, …")
    value: str = strawberry.field(description="The normalised value.")
    contested: bool = strawberry.field(
        description="Whether it touches people who may not be one; then it joins none of them."
    )

    @classmethod
    def of(cls, row: IdentifierRow) -> Self:
        """The type's object for what was read."""
        return cls(
            id=global_id("Identifier", row.id),
            identifier_id=strawberry.ID(row.id),
            kind=row.kind,
            value=row.value,
            contested=row.contested,
        )


@strawberry.type(description="An identifier as one person's records hold it.")
class IdentifierEdge(Edge[Identifier]):
    """What belongs to the holding, not to the identifier: two people may hold it at different times."""

    first_seen_at: Timestamp = strawberry.field(description="When a record of this person first held it.")
    last_seen_at: Timestamp = strawberry.field(
        description="When a record of this person was last seen with it."
    )


@strawberry.type(description="One page of the identifiers that a person holds.")
class IdentifierConnection:
    """Relay's connection, with edges of its own."""

    edges: list[IdentifierEdge] = strawberry.field(description="The rows of this page, in order.")
    page_info: PageInfo = strawberry.field(name="pageInfo", description="Where this page stands in the list.")


def connect_identifiers(page: Page, rows: list[HoldingRow]) -> IdentifierConnection:
    """The connection of a page; `rows` holds one row more than the page where more follow."""
    edges = [
        IdentifierEdge(
            cursor=encode_cursor(LIST, Position(at=row.first_seen_at, id=row.identifier.id)),
            node=Identifier.of(row.identifier),
            first_seen_at=Timestamp(row.first_seen_at),
            last_seen_at=Timestamp(row.last_seen_at),
        )
        for row in rows[: page.size]
    ]
    has_more = len(rows) > page.size
    return IdentifierConnection(
        edges=edges, page_info=page_info(page, [edge.cursor for edge in edges], has_more=has_more)
    )
