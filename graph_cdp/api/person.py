"""The person: the 360 view."""

from typing import Annotated, Self

import strawberry

from graph_cdp.api import event, identifier, source_record, transaction
from graph_cdp.api.connections import After, Connection, First, Position, connect, parse_page
from graph_cdp.api.context import Info
from graph_cdp.api.event import Event, EventType
from graph_cdp.api.identifier import IdentifierConnection, connect_identifiers
from graph_cdp.api.limits import PAGE_DEFAULT
from graph_cdp.api.loaders import PersonPage
from graph_cdp.api.node import Node, Timestamp, global_id
from graph_cdp.api.reads.person import Origin, PersonRow
from graph_cdp.api.source_record import SourceRecord, find_record
from graph_cdp.api.traits import TraitFields, trait_values
from graph_cdp.api.transaction import Transaction, TransactionKind

Types = Annotated[
    list[EventType] | None, strawberry.argument(description="Only events of these types; all if left out.")
]
Kinds = Annotated[
    list[TransactionKind] | None,
    strawberry.argument(description="Only transactions of these kinds; all if left out."),
]


@strawberry.type(description="Where one field of a golden record came from.")
class Provenance:
    """The origin of a value."""

    field: str = strawberry.field(description="The field of the golden record, for example `email`.")
    record_id: strawberry.ID = strawberry.field(
        description="The own id of the source record whose value it is."
    )
    at: Timestamp = strawberry.field(description="When that record said so.")

    @classmethod
    def of(cls, origin: Origin) -> Self:
        """The type's object for what was read."""
        return cls(field=origin.trait, record_id=strawberry.ID(origin.record_id), at=Timestamp(origin.at))

    @strawberry.field(description="The source record whose value it is.")
    async def record(self, info: Info) -> SourceRecord | None:
        """The record, by the loader of records."""
        return await find_record(info, str(self.record_id))

    @strawberry.field(description="The name of the source that said so, for example `crm`.")
    async def source(self, info: Info) -> str | None:
        """The source of the record, by the loader of records."""
        row = await info.context.loaders.records.load(str(self.record_id))
        return row.source if row else None


@strawberry.type(
    description="The values that survive among all records of a person, each with where it came from."
)
class GoldenRecord(TraitFields):
    """The golden record."""

    origins: strawberry.Private[tuple[Origin, ...]]

    @strawberry.field(description="Where each value came from: one entry for each field that has a value.")
    def provenance(self) -> list[Provenance]:
        """The origins; as many as there are traits at most, so without pages."""
        return [Provenance.of(origin) for origin in self.origins]


@strawberry.type(description="A person: the records that were found to be one, and what they say together.")
class Person(Node):
    """A person."""

    person_id: strawberry.ID = strawberry.field(description="Its own id: stable, also after a merge.")
    requested_id: strawberry.ID | None = strawberry.field(
        description="The person id that was asked for; null where the person was reached otherwise."
    )
    redirected: bool = strawberry.field(
        description="Whether the id that was asked for is one that was merged into this person."
    )
    is_known: bool = strawberry.field(
        description="Whether something says who it is: a user id, customer id, card, e-mail or phone."
    )
    created_at: Timestamp = strawberry.field(description="When graph_cdp first heard of this person.")
    golden_record: GoldenRecord = strawberry.field(description="What is known, one value a field.")

    @classmethod
    async def find(cls, info: Info, person_id: str, *, requested: bool = False) -> Self | None:
        """The person that an id stands for now; `requested`: the caller named that id."""
        row = await info.context.loaders.people.load(person_id)
        return cls.of(row, requested=requested) if row else None

    @classmethod
    def of(cls, row: PersonRow, *, requested: bool) -> Self:
        """The type's object for what was read."""
        return cls(
            id=global_id("Person", row.person_id),
            person_id=strawberry.ID(row.person_id),
            requested_id=strawberry.ID(row.requested_id) if requested else None,
            redirected=requested and row.requested_id != row.person_id,
            is_known=row.known,
            created_at=Timestamp(row.created_at),
            golden_record=GoldenRecord(**trait_values(row.traits), origins=row.origins),
        )

    @strawberry.field(description="The source records that make up this person, oldest first.")
    async def records(
        self, info: Info, first: First = PAGE_DEFAULT, after: After = strawberry.UNSET
    ) -> Connection[SourceRecord]:
        """A page of its records."""
        page = parse_page(source_record.LIST, first, after)
        rows = await info.context.loaders.records_of.load(
            PersonPage(person_id=str(self.person_id), page=page)
        )
        return connect(
            source_record.LIST,
            page,
            rows,
            node=SourceRecord.of,
            position=lambda row: Position(at=row.created_at, id=row.id),
        )

    @strawberry.field(description="The identifiers that its records hold now, by when they were first seen.")
    async def identifiers(
        self, info: Info, first: First = PAGE_DEFAULT, after: After = strawberry.UNSET
    ) -> IdentifierConnection:
        """A page of its identifiers."""
        page = parse_page(identifier.LIST, first, after)
        return connect_identifiers(
            page,
            await info.context.loaders.identifiers_of.load(
                PersonPage(person_id=str(self.person_id), page=page)
            ),
        )

    @strawberry.field(description="What it did, newest first.")
    async def events(
        self,
        info: Info,
        first: First = PAGE_DEFAULT,
        after: After = strawberry.UNSET,
        types: Types = strawberry.UNSET,
    ) -> Connection[Event]:
        """A page of its timeline."""
        page = parse_page(event.LIST, first, after)
        only = tuple(sorted({str(type_.value) for type_ in types})) if types else None
        rows = await info.context.loaders.events_of.load(
            PersonPage(person_id=str(self.person_id), page=page, only=only)
        )
        return connect(
            event.LIST,
            page,
            rows,
            node=Event.of,
            position=lambda row: Position(at=row.occurred_at, id=row.id),
        )

    @strawberry.field(description="What it bought, returned, reserved or renewed, newest first.")
    async def transactions(
        self,
        info: Info,
        first: First = PAGE_DEFAULT,
        after: After = strawberry.UNSET,
        kinds: Kinds = strawberry.UNSET,
    ) -> Connection[Transaction]:
        """A page of its transactions."""
        page = parse_page(transaction.LIST, first, after)
        only = tuple(sorted({str(kind.value) for kind in kinds})) if kinds else None
        rows = await info.context.loaders.transactions_of.load(
            PersonPage(person_id=str(self.person_id), page=page, only=only)
        )
        return connect(
            transaction.LIST,
            page,
            rows,
            node=Transaction.of,
            position=lambda row: Position(at=row.occurred_at, id=row.id),
        )
