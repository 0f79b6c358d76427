"""The schema: what can be asked, with the limits of every document."""

from functools import cached_property

import strawberry
from graphql import GraphQLError, GraphQLSchema
from strawberry.extensions import AddValidationRules, MaxTokensLimiter, ParserCache, ValidationCache
from strawberry.schema.config import StrawberryConfig
from strawberry.types import ExecutionContext

from graph_cdp.api.campaign import Campaign, Interaction
from graph_cdp.api.case import Case
from graph_cdp.api.catalogue import Product, Store
from graph_cdp.api.collection_health import CollectionHealth, read_collection_health
from graph_cdp.api.company import Company
from graph_cdp.api.consent import ConsentRecord
from graph_cdp.api.dead_letter import DeadLetterQueries
from graph_cdp.api.errors import log_unexpected
from graph_cdp.api.event import Event
from graph_cdp.api.identifier import Device, Identifier
from graph_cdp.api.identity_health import IdentityHealth, read_identity_health
from graph_cdp.api.limits import TOKENS_MAX, CostLimit, ShapeLimits
from graph_cdp.api.live.permissions import SubscriptionGate
from graph_cdp.api.live.subscription import Subscription
from graph_cdp.api.mutation import Mutation
from graph_cdp.api.mutations.permissions import MutationGate
from graph_cdp.api.node import DATE_TIME, Node, Timestamp
from graph_cdp.api.past import PERSON_AS_OF, PersonAsOf
from graph_cdp.api.people import PEOPLE, PeopleConnection
from graph_cdp.api.person import Person
from graph_cdp.api.roots import NODE, PERSON, PRODUCT, STORE
from graph_cdp.api.selection.documents import DOCUMENTS_KEPT, Documents
from graph_cdp.api.selection.fields import pages, start
from graph_cdp.api.selection.plain import install
from graph_cdp.api.source_record import SourceRecord
from graph_cdp.api.transaction import Transaction


@strawberry.type(description="Where every reading starts.")
class Query(DeadLetterQueries):
    """The root."""

    person: Person | None = start(
        PERSON,
        "One person, by exactly one of `id` and `identifier`; null if nobody has it. "
        "An id that was merged into another person answers with that person.",
    )
    person_as_of: PersonAsOf | None = start(
        PERSON_AS_OF,
        "Who the person of an id was at a time, by what was known then; null if nobody had the id yet.",
    )
    people: PeopleConnection = pages(
        PEOPLE,
        "The people that a search finds, by words (mistyped ones, too) or by any identifier; best first.",
    )
    product: Product | None = start(
        PRODUCT, "An article of the catalogue by its number; null if none has it."
    )
    store: Store | None = start(STORE, "A store by its code; null if none has it.")
    node: Node | None = start(NODE, "Any object by its global `id`; null if nothing has it.")
    identity_health: IdentityHealth = strawberry.field(
        resolver=read_identity_health,
        description="How well identity is, by counts and opaque ids: contested identifiers, the biggest people, alarms. "
        "For stewards and administrators.",
    )
    collection_health: CollectionHealth = strawberry.field(
        resolver=read_collection_health,
        description="What each source sent in the last seven days, what was refused, which source fell silent. "
        "For stewards and administrators.",
    )


class ApiSchema(strawberry.Schema):
    """A schema whose log holds no documents and no values."""

    @property
    def core(self) -> GraphQLSchema:
        """The schema as the GraphQL library sees it."""
        return self._schema

    @cached_property
    def documents(self) -> Documents:
        """What was asked before, compiled."""
        return Documents(self._schema)

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
        subscription=Subscription,
        types=[
            SourceRecord,
            Identifier,
            Device,
            Event,
            Interaction,
            Transaction,
            Campaign,
            Case,
            Company,
            ConsentRecord,
        ],
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
            SubscriptionGate,
        ],
    )


schema = _build()
install(schema.core)
"""The schema, with its limits and caches."""


def print_sdl() -> str:
    """The schema as text: what `schema/schema.graphql` must hold."""
    return schema.as_str().rstrip() + "\n"
