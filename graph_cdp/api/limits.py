"""What one request may ask for. Everything has a limit with a name and a reason.

The limits of a document's shape (depth, aliases, directives) are a validation rule, so they are checked once a
document and cached with it. The cost depends on the variables and is counted at each execution. Both walk each
fragment once, whatever the number of its uses: a document of nested fragments cannot make the guard itself slow.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, cast

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    InlineFragmentNode,
    IntValueNode,
    ListValueNode,
    ObjectValueNode,
    OperationDefinitionNode,
    SelectionSetNode,
    ValidationContext,
    ValidationRule,
    ValueNode,
    VariableNode,
    get_operation_ast,
)
from strawberry.extensions import SchemaExtension

BODY_BYTES_MAX = 64 * 1024
"""A document of 1,000 tokens and its variables fit many times over."""

BODY_SECONDS_MAX = 10.0
"""The server does not time out slow senders, so the service does."""

INIT_SECONDS_MAX = 3.0
"""A socket that does not say who it is for so long is closed."""

SEND_SECONDS_MAX = 10.0
"""A subscriber that takes nothing for so long is closed; it goes on later, from its cursor."""

SUBSCRIPTIONS_MAX = 20
"""Subscriptions of one connection: a page shows a few people."""

TOKENS_MAX = 1_000
DEPTH_MAX = 8
"""A person, two connections inside one another (three levels each), and a field."""

ALIASES_MAX = 15
DIRECTIVES_MAX = 10
COST_MAX = 10_000
"""Nodes that the page sizes ask for: a page of 100 with 98 each is the most."""

PAGE_DEFAULT = 20
PAGE_MAX = 100
PLAIN_LIST_NODES = 25
"""What a list without pages counts for: the schema itself bounds it (one provenance a trait)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """How deep a selection is, and how many aliases and directives it has once its fragments are put in."""

    depth: int = 0
    aliases: int = 0
    directives: int = 0


def _fragments(document: DocumentNode) -> dict[str, FragmentDefinitionNode]:
    return {
        node.name.value: node for node in document.definitions if isinstance(node, FragmentDefinitionNode)
    }


class _Shapes:
    """The shapes of a document's selections; those of its fragments are kept."""

    def __init__(self, document: DocumentNode) -> None:
        self._fragments = _fragments(document)
        self._known: dict[str, Shape] = {}

    def of(self, selections: SelectionSetNode | None) -> Shape:
        depth = aliases = directives = 0
        for node in selections.selections if selections else ():
            directives += len(node.directives or ())
            if isinstance(node, FieldNode):
                aliases += node.alias is not None
                inner = self.of(node.selection_set)
                # GraphQL's own rule bounds introspection, whose usual query is deeper than any of ours.
                deep = 0 if node.name.value.startswith("__") else inner.depth + 1
            elif isinstance(node, FragmentSpreadNode):
                inner = self._of_fragment(node.name.value)
                deep = inner.depth
            else:
                inner = self.of(node.selection_set if isinstance(node, InlineFragmentNode) else None)
                deep = inner.depth
            depth, aliases, directives = (
                max(depth, deep),
                aliases + inner.aliases,
                directives + inner.directives,
            )
        return Shape(depth=depth, aliases=aliases, directives=directives)

    def _of_fragment(self, name: str) -> Shape:
        if name not in self._known:
            self._known[name] = Shape()  # a fragment within itself is refused by another rule
            fragment = self._fragments.get(name)
            self._known[name] = self.of(fragment.selection_set if fragment else None)
        return self._known[name]


class ShapeLimits(ValidationRule):
    """Refuses a document that is too deep, or has too many aliases or directives."""

    def __init__(self, context: ValidationContext) -> None:
        super().__init__(context)
        shapes = _Shapes(context.document)
        for node in context.document.definitions:
            if isinstance(node, OperationDefinitionNode):
                self._check(shapes.of(node.selection_set), node)

    def _check(self, shape: Shape, node: OperationDefinitionNode) -> None:
        for what, found, allowed, code in (
            ("levels", shape.depth, DEPTH_MAX, "QUERY_TOO_DEEP"),
            ("aliases", shape.aliases, ALIASES_MAX, "TOO_MANY_ALIASES"),
            ("directives", shape.directives, DIRECTIVES_MAX, "TOO_MANY_DIRECTIVES"),
        ):
            if found > allowed:
                message = (
                    f"The operation has {found} {what}, fragments included; at most {allowed} are allowed."
                )
                self.report_error(GraphQLError(message, node, extensions={"code": code}))


class _Costs:
    """How many nodes selections may return for one parent; what fragments cost is kept."""

    def __init__(self, schema: GraphQLSchema, document: DocumentNode, variables: Mapping[str, Any]) -> None:
        self._schema = schema
        self._fragments = _fragments(document)
        self._variables = variables
        self._known: dict[str, int] = {}

    def of(self, parent: object, selections: SelectionSetNode | None) -> int:
        if selections is None or not isinstance(parent, (GraphQLObjectType, GraphQLInterfaceType)):
            return 0
        total = 0
        for node in selections.selections:
            if isinstance(node, FieldNode):
                total += self._of_field(parent, node)
            elif isinstance(node, FragmentSpreadNode):
                total += self._of_fragment(node.name.value)
            elif isinstance(node, InlineFragmentNode):
                condition = node.type_condition
                inner = self._schema.get_type(condition.name.value) if condition else parent
                total += self.of(inner, node.selection_set)
        return total

    def _of_fragment(self, name: str) -> int:
        if name not in self._known:
            fragment = self._fragments[name]
            self._known[name] = self.of(
                self._schema.get_type(fragment.type_condition.name.value), fragment.selection_set
            )
        return self._known[name]

    def _of_field(self, parent: GraphQLObjectType | GraphQLInterfaceType, node: FieldNode) -> int:
        field = parent.fields.get(node.name.value)
        kind, is_list = _named(field) if field else (None, False)
        if field is None or not isinstance(kind, (GraphQLObjectType, GraphQLInterfaceType)):
            return 0
        inner = self.of(kind, node.selection_set)
        if parent is self._schema.mutation_type:
            return self._count_inputs(node) + 1 + inner
        if parent.name.endswith(("Connection", "Edge")):
            return inner  # a row, its edge and its node are counted once, where the page is asked for
        if "first" in field.args:
            return self._page(node) * (1 + inner)
        return (PLAIN_LIST_NODES if is_list else 1) * (1 + inner)

    def _count_inputs(self, node: FieldNode) -> int:
        """The elements of all lists in the arguments of a mutation, lists within lists too: each is something to write."""
        return sum(self._count_elements(argument.value) for argument in node.arguments or ())

    def _count_elements(self, value: ValueNode) -> int:
        match value:
            case ListValueNode(values=values):
                return sum(1 + self._count_elements(one) for one in values)
            case ObjectValueNode(fields=fields):
                return sum(self._count_elements(field.value) for field in fields)
            case VariableNode(name=name):
                return _count_elements(self._variables.get(name.value))
            case _:
                return 0

    def _page(self, node: FieldNode) -> int:
        given = next(
            (argument.value for argument in node.arguments or () if argument.name.value == "first"), None
        )
        if given is None:
            return PAGE_DEFAULT
        if isinstance(given, IntValueNode):
            return _bounded(int(given.value))
        value = self._variables.get(given.name.value) if isinstance(given, VariableNode) else None
        return _bounded(value) if isinstance(value, int) else PAGE_MAX


def _count_elements(value: object) -> int:
    """The elements of the lists in the value of a variable. Its depth is that of JSON, which the parser bounds."""
    if isinstance(value, list):
        return sum(1 + _count_elements(one) for one in cast("list[object]", value))
    if isinstance(value, dict):
        return sum(_count_elements(one) for one in cast("dict[str, object]", value).values())
    return 0


def _bounded(size: int) -> int:
    """A page out of bounds counts as one within: it is refused with a better message when it is read."""
    return min(max(size, 1), PAGE_MAX)


def _named(field: GraphQLField) -> tuple[object, bool]:
    """The type that a field shows, without its wrappers, and whether it shows a list of it."""
    kind = cast("object", field.type)  # pyright: ignore[reportUnknownMemberType] - a recursive generic
    is_list = False
    while isinstance(kind, (GraphQLList, GraphQLNonNull)):
        is_list = is_list or isinstance(kind, GraphQLList)
        kind = cast("object", kind.of_type)  # pyright: ignore[reportUnknownMemberType] - likewise
    return kind, is_list


def count_nodes(
    schema: GraphQLSchema,
    document: DocumentNode,
    operation: OperationDefinitionNode,
    variables: Mapping[str, Any],
) -> int:
    """The nodes that a valid operation may return or write at most, by its page sizes and the lists in its inputs."""
    defaults = {
        definition.variable.name.value: int(definition.default_value.value)
        for definition in operation.variable_definitions or ()
        if isinstance(definition.default_value, IntValueNode)
    }
    root = schema.get_root_type(operation.operation)
    return _Costs(schema, document, {**defaults, **variables}).of(root, operation.selection_set)


class CostLimit(SchemaExtension):
    """Refuses an operation whose page sizes and inputs make more than `COST_MAX` nodes."""

    def __init__(self, schema: GraphQLSchema) -> None:
        self._schema = schema

    def on_execute(self) -> Iterator[None]:
        """Count before anything is read."""
        context = self.execution_context
        document = context.graphql_document
        operation = get_operation_ast(document, context.operation_name) if document else None
        if document and operation:
            cost = count_nodes(self._schema, document, operation, context.variables or {})
            if cost > COST_MAX:
                message = f"The page sizes and inputs make up to {cost} nodes; at most {COST_MAX} are allowed. Ask for smaller pages."
                raise GraphQLError(message, operation, extensions={"code": "QUERY_TOO_COSTLY"})
        yield
