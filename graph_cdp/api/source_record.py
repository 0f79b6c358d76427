"""Source records: what one source knows of one customer or visitor."""

from typing import TYPE_CHECKING, Annotated

import strawberry

from graph_cdp.api.node import Node, Timestamp
from graph_cdp.api.selection.fields import Rows, column, one, part
from graph_cdp.api.traits import TraitFields

if TYPE_CHECKING:
    from graph_cdp.api.person import Person

RECORDS = Rows(
    name="records",
    match="MATCH (parent)<-[:RESOLVES_TO]-(it:SourceRecord)",
    at="it.created_at",
    order="ASC",
)

OF_FACT = "MATCH (it:SourceRecord {key: parent.record_key})"
"""The record that a fact hangs on."""


@strawberry.type(description="What a source record says, field by field, normalised.")
class Traits(TraitFields):
    """The traits of one source record."""


@strawberry.type(description="What one source knows of one customer or visitor. Facts hang on it for ever.")
class SourceRecord(Node):
    """A source record."""

    record_id: strawberry.ID = column("it.id", "Its own id: opaque.")
    key: str = column("it.key", "`source:kind:value`, for example `crm:row:17`.")
    source: str = column("it.source", "The name of the source, for example `web`.")
    kind: str = column(
        "it.kind", "What names it in its source: `row`, `user`, `email`, `phone` or `anonymous`."
    )
    created_at: Timestamp = column("it.created_at", "When graph_cdp first heard of it.")
    updated_at: Timestamp = column(
        "coalesce(it.updated_at, it.created_at)",
        "When its traits last changed; when it was first heard of where it states none.",
    )
    traits: Traits = part('What it says: `{first_name: "Marie"}`.')
    person: Annotated["Person", strawberry.lazy("graph_cdp.api.person")] | None = one(
        "MATCH (parent)-[:RESOLVES_TO]->(it:Person)", "The person it resolves to."
    )
