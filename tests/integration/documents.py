"""Documents made by chance of all that the schema has: aliases, fragments, directives, wrong arguments."""

from dataclasses import dataclass, field
from random import Random

from graphql import GraphQLField, GraphQLInterfaceType, GraphQLObjectType

from graph_cdp.api.node import global_id
from graph_cdp.api.schema import schema
from graph_cdp.api.selection.types import is_leaf, object_of
from tests.integration.people import MARIE, MARIE_ONCE, NOBODY, PAUL, SOMEBODY
from tests.integration.rich import CASE, CONSENT_GIVEN, SHOP_ORDER

PEOPLE = (MARIE, MARIE, MARIE, PAUL, SOMEBODY, MARIE_ONCE, NOBODY)

STARTS = (
    *(f'person(id: "{id_}")' for id_ in PEOPLE),
    'person(identifier: {kind: "email", value: "marie@example.com"})',
    'person(identifier: {kind: "phone", value: "+33612345678"})',
    'people(search: "mari dupond")',
    'product(sku: "SKU-1")',
    'store(code: "LYON-2")',
)

NODES = (
    global_id("Person", MARIE), global_id("Transaction", SHOP_ORDER), global_id("Case", CASE), "nonsense",
    global_id("ConsentRecord", CONSENT_GIVEN), global_id("Product", "SKU 2/é"),
)  # fmt: skip

VARIABLES = {"$yes": "$yes: Boolean! = true", "$no": "$no: Boolean! = false", "$few": "$few: Int! = 2"}

DEPTH = 7


@dataclass(kw_only=True)
class Writer:
    """Writes documents; `chance` says which."""

    chance: Random
    aliases: int = 0
    directives: int = 0
    fragments: list[str] = field(default_factory=list[str])

    def document(self) -> str:
        """A query with one or two fields of the root."""
        parts = [self._start(number) for number in range(self.chance.choice((1, 1, 1, 2)))]
        text = f"{{ {' '.join(parts)} }} {' '.join(self.fragments)}"
        declared = [declaration for name, declaration in VARIABLES.items() if name in text]
        return f"query ({', '.join(declared)}) {text}" if declared else text

    def _start(self, number: int) -> str:
        if self.chance.random() < 0.05:
            return f'n{number}: node(id: "{self.chance.choice(NODES)}") {{ __typename id ... on Person {{ person_id }} }}'
        start = self.chance.choice(STARTS)
        root = schema.core.query_type
        type_ = object_of(root.fields[start.partition("(")[0]]) if root else None
        assert type_ is not None
        return f"s{number}: {start}{self._directive()} {self._selection(type_, DEPTH)}"

    def _selection(self, type_: GraphQLObjectType, depth: int) -> str:
        names = [name for name, one in type_.fields.items() if is_leaf(one) or (object_of(one) and depth > 1)]
        chosen = self.chance.choices(names, k=self.chance.choice((1, 2, 3, 5)))
        parts = [self._wrap(type_, self._field(type_.fields[name], name, depth)) for name in chosen]
        if self.chance.random() < 0.1:
            parts.append("__typename")
        return f"{{ {' '.join(parts)} }}"

    def _wrap(self, type_: GraphQLObjectType, part: str) -> str:
        way = self.chance.random()
        if way < 0.06:
            return f"... on {type_.name}{self._directive()} {{ {part} }}"
        if way < 0.12 and not part.startswith("...") and len(self.fragments) < 6:
            name = f"F{len(self.fragments)}"
            self.fragments.append(f"fragment {name} on {type_.name} {{ {part} }}")
            return f"...{name}{self._directive()}"
        if way < 0.15 and any(isinstance(one, GraphQLInterfaceType) for one in type_.interfaces):
            return f"... on Node {{ id }} {part}"
        return part

    def _field(self, one: GraphQLField, name: str, depth: int) -> str:
        below = object_of(one)
        inner = "" if below is None else f" {self._selection(below, depth - 1)}"
        arguments = self._arguments(one)
        alias = ""
        if arguments or (self.chance.random() < 0.1 and self.aliases < 8):
            self.aliases += 1
            alias = f"a{self.aliases}: "
        return f"{alias}{name}{arguments}{self._directive()}{inner}"

    def _arguments(self, one: GraphQLField) -> str:
        if "first" not in one.args or self.aliases >= 12:
            return ""
        given = [
            f"first: {self.chance.choice(('1', '2', '3', '$few', '0' if self.chance.random() < 0.1 else '4'))}"
        ]
        if self.chance.random() < 0.03:
            given.append('after: "nonsense"')
        if "types" in one.args and self.chance.random() < 0.5:
            given.append("types: [TRACK]")
        return f"({', '.join(given)})"

    def _directive(self) -> str:
        if self.directives >= 9 or self.chance.random() > 0.06:
            return ""
        self.directives += 1
        return self.chance.choice(
            (" @include(if: $yes)", " @skip(if: $no)", " @include(if: false)", " @skip(if: $yes)")
        )
