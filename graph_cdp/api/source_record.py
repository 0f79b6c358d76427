"""Source records: what one source knows of one customer or visitor."""

from typing import TYPE_CHECKING, Annotated, Self

import strawberry

from graph_cdp.api.context import Info
from graph_cdp.api.node import Node, Timestamp, global_id
from graph_cdp.api.reads.person import RecordRow
from graph_cdp.api.traits import TraitFields, trait_values

if TYPE_CHECKING:
    from graph_cdp.api.person import Person

LIST = "records"


@strawberry.type(description="What a source record says, field by field, normalised.")
class Traits(TraitFields):
    """The traits of one source record."""


@strawberry.type(description="What one source knows of one customer or visitor. Facts hang on it for ever.")
class SourceRecord(Node):
    """A source record."""

    record_id: strawberry.ID = strawberry.field(description="Its own id: opaque.")
    key: str = strawberry.field(description="`source:kind:value`, for example `crm:row:17`.")
    source: str = strawberry.field(description="The name of the source, for example `web`.")
    kind: str = strawberry.field(
        description="What names it in its source: `row`, `user`, `email`, `phone` or `anonymous`."
    )
    created_at: Timestamp = strawberry.field(description="When graph_cdp first heard of it.")
    updated_at: Timestamp = strawberry.field(
        description="When its traits last changed; when it was first heard of where it states none."
    )
    traits: Traits = strawberry.field(description="What it says.")
    resolves_to: strawberry.Private[str | None]

    @classmethod
    def of(cls, row: RecordRow) -> Self:
        """The type's object for what was read."""
        return cls(
            id=global_id("SourceRecord", row.id),
            record_id=strawberry.ID(row.id),
            key=row.key,
            source=row.source,
            kind=row.kind,
            created_at=Timestamp(row.created_at),
            updated_at=Timestamp(row.updated_at),
            traits=Traits(**trait_values(row.traits)),
            resolves_to=row.person_id,
        )

    @strawberry.field(description="The person it resolves to.")
    async def person(self, info: Info) -> Annotated["Person", strawberry.lazy("graph_cdp.api.person")] | None:
        """The person, by the loader of people."""
        from graph_cdp.api.person import Person  # noqa: PLC0415 - the graph is cyclic, imports must not be

        return await Person.find(info, self.resolves_to) if self.resolves_to else None


async def find_record(info: Info, record_id: str) -> SourceRecord | None:
    """A source record by its opaque id."""
    row = await info.context.loaders.records.load(record_id)
    return SourceRecord.of(row) if row else None
