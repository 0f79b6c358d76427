"""The schema: what can be asked, with the limits of every document."""

from collections.abc import Awaitable, Callable
from typing import Annotated

import strawberry
from graphql import GraphQLError, GraphQLSchema
from strawberry.extensions import AddValidationRules, MaxTokensLimiter, ParserCache, ValidationCache
from strawberry.schema.config import StrawberryConfig
from strawberry.types import ExecutionContext

from graph_cdp.api.context import Info
from graph_cdp.api.dead_letter import DeadLetter, DeadLetterQueries, find_dead_letter
from graph_cdp.api.errors import BadId, BadIdentifier, log_unexpected
from graph_cdp.api.event import Event
from graph_cdp.api.identifier import Identifier, IdentifierInput
from graph_cdp.api.identity_health import IdentityHealth, read_identity_health
from graph_cdp.api.limits import TOKENS_MAX, CostLimit, ShapeLimits
from graph_cdp.api.mutation import Mutation
from graph_cdp.api.mutations.permissions import MutationGate
from graph_cdp.api.node import DATE_TIME, Node, Timestamp, parse_id, split_global_id
from graph_cdp.api.person import Person
from graph_cdp.api.source_record import SourceRecord, find_record
from graph_cdp.api.transaction import Transaction
from graph_cdp.errors import Conflict, Invalid
from graph_cdp.matching.normalise import Junk, Normalised, Unusable, normalise_identifier
from graph_cdp.source.model import IdentifierKey

DOCUMENTS_KEPT = 512
"""Parsed and validated documents that are remembered: a frontend has tens, and each saves 4 ms."""


class ContestedIdentifier(Conflict):
    """The identifier points at several people, so at none."""

    code = "CONTESTED_IDENTIFIER"


@strawberry.type(description="Where every reading starts.")
class Query(DeadLetterQueries):
    """The root."""

    @strawberry.field(
        description="One person, by exactly one of `id` and `identifier`; null if nobody has it. "
        "An id that was merged into another person answers with that person."
    )
    async def person(
        self,
        info: Info,
        id: Annotated[
            strawberry.ID | None, strawberry.argument(description="A person's `id` or `person_id`.")
        ] = strawberry.UNSET,
        identifier: Annotated[
            IdentifierInput | None, strawberry.argument(description="An identifier that the person holds.")
        ] = strawberry.UNSET,
    ) -> Person | None:
        """The person.

        Raises:
            Invalid: not exactly one argument was given, the id is none, or the value identifies nobody.
            ContestedIdentifier: several people hold the identifier.
        """
        if bool(id) == bool(identifier):
            raise Invalid("Pass either `id` or `identifier`.", code="BAD_ARGUMENTS")
        if id:
            return await Person.find(info, parse_id("Person", str(id)), requested=True)
        return await _person_by_identifier(info, identifier) if identifier else None

    identity_health: IdentityHealth = strawberry.field(
        resolver=read_identity_health,
        description="How well identity is, by counts and opaque ids: contested identifiers, the biggest people, alarms. "
        "For stewards and administrators.",
    )

    @strawberry.field(description="Any object by its global `id`; null if nothing has it.")
    async def node(
        self, info: Info, id: Annotated[strawberry.ID, strawberry.argument(description="A global id.")]
    ) -> Node | None:
        """The object.

        Raises:
            BadId: it is no global id.
        """
        parts = split_global_id(str(id))
        find = _FINDERS.get(parts[0]) if parts else None
        if parts is None or find is None:
            raise BadId("This is no global id: pass the `id` of an object.")
        return await find(info, parts[1])


async def _person_by_identifier(info: Info, wanted: IdentifierInput) -> Person | None:
    outcome = normalise_identifier(wanted.kind, wanted.value, region=info.context.default_region)
    match outcome:
        case Junk():
            raise BadIdentifier("This value is a placeholder that many share; it identifies nobody.")
        case Unusable():
            raise BadIdentifier(f"This value cannot be read as an identifier of the kind `{wanted.kind}`.")
        case Normalised(value=value):
            match_ = await info.context.loaders.matches.load(IdentifierKey(kind=wanted.kind, value=value))
    match match_.person_ids if match_ else ():
        case ():
            return None
        case (person_id,):
            return await Person.find(info, person_id)
        case _:
            raise ContestedIdentifier(
                "Several people hold this identifier, so it points at none. Ask by another one."
            )


async def _find_person(info: Info, id: str) -> Node | None:
    return await Person.find(info, id, requested=True)


async def _find_identifier(info: Info, id: str) -> Node | None:
    row = await info.context.loaders.identifiers.load(id)
    return Identifier.of(row) if row else None


async def _find_event(info: Info, id: str) -> Node | None:
    row = await info.context.loaders.events.load(id)
    return Event.of(row) if row else None


async def _find_transaction(info: Info, id: str) -> Node | None:
    row = await info.context.loaders.transactions.load(id)
    return Transaction.of(row) if row else None


async def _find_dead_letter(info: Info, id: str) -> Node | None:
    return await find_dead_letter(info, id)


_FINDERS: dict[str, Callable[[Info, str], Awaitable[Node | None]]] = {
    "Person": _find_person,
    "SourceRecord": find_record,
    "Identifier": _find_identifier,
    "Event": _find_event,
    "Transaction": _find_transaction,
    "DeadLetter": _find_dead_letter,
}


class ApiSchema(strawberry.Schema):
    """A schema whose log holds no documents and no values."""

    @property
    def core(self) -> GraphQLSchema:
        """The schema as the GraphQL library sees it."""
        return self._schema

    def process_errors(
        self, errors: list[GraphQLError], execution_context: ExecutionContext | None = None
    ) -> None:
        """Log what nobody expected; Strawberry's own log prints the query."""
        del execution_context
        log_unexpected(errors)


def _build() -> ApiSchema:
    return ApiSchema(
        query=Query,
        mutation=Mutation,
        types=[SourceRecord, Identifier, Event, Transaction, DeadLetter],
        config=StrawberryConfig(
            auto_camel_case=False, disable_field_suggestions=True, scalar_map={Timestamp: DATE_TIME}
        ),
        extensions=[
            lambda: MaxTokensLimiter(max_token_count=TOKENS_MAX),
            lambda: AddValidationRules([ShapeLimits]),
            lambda: ParserCache(maxsize=DOCUMENTS_KEPT),
            lambda: ValidationCache(maxsize=DOCUMENTS_KEPT),
            lambda: CostLimit(schema.core),
            MutationGate,
        ],
    )


schema = _build()
"""The schema, with its limits and caches."""


def print_sdl() -> str:
    """The schema as text: what `schema/schema.graphql` must hold."""
    return schema.as_str().rstrip() + "\n"
