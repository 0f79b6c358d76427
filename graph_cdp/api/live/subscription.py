"""The subscriptions: what may be listened to."""

from collections.abc import AsyncGenerator
from typing import Annotated, cast

import strawberry

from graph_cdp.api.context import Info
from graph_cdp.api.fact import Fact
from graph_cdp.api.identifier import IdentifierInput
from graph_cdp.api.live.following import CHANGES, FACTS, Delivery, Stream, follow
from graph_cdp.api.live.repository import find_people
from graph_cdp.api.person import IdentityChange, Person
from graph_cdp.api.roots import bind_person, contested
from graph_cdp.api.selection.fields import column, many, one
from graph_cdp.errors import NotFound, Unavailable
from graph_cdp.ids import PersonId

CURSOR = "Where you are now: pass it as `after` when you subscribe again, and what you missed is told."
WHO = "The person, as it is now: the one that the id answers with, after a merge too."
NOW = "MATCH (:Person {id: parent.person_id})-[:MERGED_INTO*0..]->(it:Person) WHERE NOT it:Merged"

PersonIdArgument = Annotated[
    strawberry.ID | None, strawberry.argument(description="A person's `id` or `person_id`.")
]
IdentifierArgument = Annotated[
    IdentifierInput | None,
    strawberry.argument(
        description='An identifier that the person holds: `{kind: "email", value: "marie@example.com"}`.'
    ),
]
AfterArgument = Annotated[
    str | None,
    strawberry.argument(description="The `cursor` of what was told last; left out, you hear what is new."),
]


@strawberry.type(
    description="What became of who somebody is. The first one has no changes: it gives the cursor."
)
class PersonChanged:
    """A delivery of changes."""

    cursor: str = column("it.cursor", CURSOR)
    person: Person = one(NOW, WHO)
    changes: list[IdentityChange] = many(
        """UNWIND parent.changes AS change_id
MATCH (it:IdentityChange {id: change_id})
WITH it ORDER BY it.sequence""",
        "The entries of the journal, in order: attached, merged, split; at most 25.",
    )


@strawberry.type(description="What somebody did. The first one has no facts: it gives the cursor.")
class FactsAdded:
    """A delivery of facts."""

    cursor: str = column("it.cursor", CURSOR)
    person: Person = one(NOW, WHO)
    facts: list[Fact] = many(
        "UNWIND parent.facts AS it",
        "Events and transactions, in the order in which they were written; at most 25. "
        "A transaction that is stated anew is told again.",
    )


@strawberry.type(description="What can be listened to, over graphql-transport-ws.")
class Subscription:
    """The root of subscriptions."""

    @strawberry.subscription(
        description="Who a person is: each change of identity, as it is committed. One person, by exactly one of `id` and "
        "`identifier`; it is followed through merges."
    )
    async def person_changed(
        self,
        info: Info,
        id: PersonIdArgument = strawberry.UNSET,
        identifier: IdentifierArgument = strawberry.UNSET,
        after: AfterArgument = strawberry.UNSET,
    ) -> AsyncGenerator[PersonChanged]:
        """Changes of a person."""
        person_id = await _find(info, id, identifier)
        async for delivery in _follow(info, CHANGES, person_id, after):
            yield cast("PersonChanged", delivery)

    @strawberry.subscription(
        description="What a person does: each event and transaction, as it is committed. One person, by exactly one of `id` "
        "and `identifier`; it is followed through merges."
    )
    async def facts_added(
        self,
        info: Info,
        id: PersonIdArgument = strawberry.UNSET,
        identifier: IdentifierArgument = strawberry.UNSET,
        after: AfterArgument = strawberry.UNSET,
    ) -> AsyncGenerator[FactsAdded]:
        """Facts of a person."""
        person_id = await _find(info, id, identifier)
        async for delivery in _follow(info, FACTS, person_id, after):
            yield cast("FactsAdded", delivery)


async def _find(info: Info, id_: strawberry.ID | None, identifier: IdentifierInput | None) -> PersonId:
    """The id to follow. An id is followed as it was given, wherever it leads by then.

    Raises:
        Invalid: the arguments name nobody in the form of a person.
        NotFound: nobody has it.
        ContestedIdentifier: several people do.
    """
    wanted = {"kind": identifier.kind, "value": identifier.value} if identifier else None
    params = bind_person({"id": id_, "identifier": wanted}, info.context.default_region)
    found = await info.context.graph.read(find_people, **params)
    if not found:
        raise NotFound("Nobody has this id or identifier, so there is nothing to listen to.")
    if len(found) > 1:
        raise contested()
    return PersonId(params["person_id"] or found[0])


async def _follow(
    info: Info, stream: Stream, person_id: PersonId, after: str | None
) -> AsyncGenerator[Delivery]:
    live = info.context.live
    if live is None:
        raise Unavailable("This service takes no subscriptions; subscribe at one that does.")
    following = follow(live, stream, person_id, after)
    try:
        async for delivery in following:
            yield delivery
    finally:
        await following.aclose()
