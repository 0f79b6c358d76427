"""Documents that were asked before: parsed, validated and compiled once.

What is compiled depends on the document, the operation, the role, and the variables that `@skip` and `@include` read; nothing
else is a part of it. A document that is not valid, or holds something that is not compiled, is left to the plain way.
"""

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from graphql import (
    DirectiveNode,
    DocumentNode,
    FragmentDefinitionNode,
    GraphQLError,
    GraphQLSchema,
    OperationDefinitionNode,
    OperationType,
    Visitor,
    get_operation_ast,
    get_variable_values,
    parse,
    print_ast,
    specified_rules,
    validate,
    visit,
)

from graph_cdp.access.model import Role
from graph_cdp.api.limits import COST_MAX, TOKENS_MAX, ShapeLimits, count_nodes
from graph_cdp.api.selection.blocks import NotCompiled
from graph_cdp.api.selection.collecting import collect_fields, condition_variables
from graph_cdp.api.selection.compiler import Selected
from graph_cdp.api.selection.execution import Compiled, bind, compile_selection
from graph_cdp.api.selection.shapes import Answer, Values, answer_function
from graph_cdp.api.selection.sharing import Sharing, Statement
from graph_cdp.api.selection.writing import Unfinished
from graph_cdp.graph.transactions import Graph

DOCUMENTS_KEPT = 512
"""Documents that are remembered: a frontend has tens, and each saves 4 ms."""

VARIANTS_MAX = 64
"""What is compiled of one document: roles, by what its conditions may be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """A valid query, and what was compiled of it."""

    document: DocumentNode
    operation: OperationDefinitionNode
    conditions: tuple[str, ...]
    sizes: tuple[str, ...]
    """The variables of the type Int."""
    fragments: Mapping[str, FragmentDefinitionNode]
    variants: dict[tuple[object, ...], tuple[Compiled, Answer] | None] = field(
        default_factory=dict[tuple[object, ...], tuple[Compiled, Answer] | None]
    )
    costs: dict[tuple[object, ...], int] = field(default_factory=dict[tuple[object, ...], int])


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A request: its document, its variables, and who asks."""

    query: str
    variables: Mapping[str, Any]
    operation_name: str | None
    role: Role
    region: str


class Documents:
    """Answers queries at once where it can."""

    def __init__(self, schema: GraphQLSchema) -> None:
        self._schema = schema
        self._known: OrderedDict[tuple[str, str | None], Known] = OrderedDict()
        self.sharing = Sharing()

    async def answer(self, asked: Asked, graph: Graph) -> dict[str, Any] | None:
        """The finished `data` of a query; None: ask the plain way, which also tells what is wrong."""
        known = self._find(asked)
        if known is None:
            return None
        variables = get_variable_values(
            self._schema, known.operation.variable_definitions or (), dict(asked.variables)
        )
        if isinstance(variables, list):
            return None
        if any(variables.coerced.get(name) is None for name in known.conditions):
            return None  # neither true nor false
        variant = self._variant(known, asked.role, variables.coerced)
        cost = self._cost(known, variables.coerced)
        if variant is None or cost > COST_MAX:
            return None
        compiled, finish = variant
        params, run = bind(compiled, variables.coerced, asked.region)
        if run.errors:
            return None
        values: Values = ()
        if compiled.text:
            statement = Statement(
                text=compiled.text, text_for_several=compiled.text_for_several, params=params, cost=cost
            )
            values = await self.sharing.read(graph, statement)
        try:
            return finish(values, run)
        except Unfinished:
            return None

    def _find(self, asked: Asked) -> Known | None:
        key = (asked.query, asked.operation_name)
        known = self._known.get(key)
        if known is None:
            known = self._read(asked)
            if known is None:
                return None
            self._known[key] = known
            if len(self._known) > DOCUMENTS_KEPT:
                self._known.popitem(last=False)
        else:
            self._known.move_to_end(key)
        return known

    def _read(self, asked: Asked) -> Known | None:
        try:
            document = parse(asked.query, max_tokens=TOKENS_MAX)
        except (GraphQLError, RecursionError):
            return None
        operation = get_operation_ast(document, asked.operation_name)
        if operation is None or operation.operation != OperationType.QUERY:
            return None
        if validate(self._schema, document, [*specified_rules, ShapeLimits]):
            return None
        directives = _Directives()
        visit(document, directives)
        return Known(
            document=document,
            operation=operation,
            conditions=condition_variables(directives.found),
            sizes=tuple(
                definition.variable.name.value
                for definition in operation.variable_definitions or ()
                if print_ast(definition.type).strip("!") == "Int"
            ),
            fragments={
                node.name.value: node
                for node in document.definitions
                if isinstance(node, FragmentDefinitionNode)
            },
        )

    def _variant(
        self, known: Known, role: Role, variables: Mapping[str, Any]
    ) -> tuple[Compiled, Answer] | None:
        key: tuple[object, ...] = (role, *(bool(variables.get(name)) for name in known.conditions))
        if key not in known.variants:
            if len(known.variants) >= VARIANTS_MAX:
                return None
            compiled = self._compile(known, role, variables)
            known.variants[key] = None if compiled is None else (compiled, answer_function(compiled.shapes))
        return known.variants[key]

    def _compile(self, known: Known, role: Role, variables: Mapping[str, Any]) -> Compiled | None:
        root = self._schema.query_type
        if root is None:  # pragma: no cover - there is one
            return None
        groups = collect_fields(
            self._schema, known.fragments, variables, root, [known.operation.selection_set]
        )
        if any(group[0].name.value == "node" for group in groups.values()):
            return None  # its type depends on the id that is asked for
        selected = Selected(groups=groups, fragments=known.fragments, variables=variables)
        try:
            return compile_selection(self._schema, selected, role)
        except NotCompiled:
            return None

    def _cost(self, known: Known, variables: Mapping[str, Any]) -> int:
        """The nodes that may be asked for: they depend on the variables that can be a page's size, and on no others."""
        sizes = tuple((name, variables.get(name)) for name in known.sizes)
        cost = known.costs.get(sizes)
        if cost is None:
            cost = count_nodes(self._schema, known.document, known.operation, dict(sizes))
            if len(known.costs) < VARIANTS_MAX:
                known.costs[sizes] = cost
        return cost


class _Directives(Visitor):
    """All directives of a document."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[DirectiveNode] = []

    def enter_directive(self, node: DirectiveNode, *_rest: object) -> None:
        """Remember it."""
        self.found.append(node)
