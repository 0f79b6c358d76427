"""From a selection to one statement: the second of the two places that compose Cypher, from fixed fragments only.

Each object has a variable of its own (`x1`, `x2`, …) and a list of expressions, which is its row; each relation is a
subquery that is given one variable and returns one list. So an answer is one record of nested lists, whatever was asked
for, and the text depends on the selection only: the database plans it once.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    GraphQLField,
    GraphQLObjectType,
    GraphQLSchema,
)

from graph_cdp.access.model import Role
from graph_cdp.api.node import global_id
from graph_cdp.api.permissions import find_rule, refusal
from graph_cdp.api.selection.arguments import read_arguments
from graph_cdp.api.selection.blocks import Block, Bound, NotCompiled, bound_page, count_text, page_text, place
from graph_cdp.api.selection.collecting import collect_fields
from graph_cdp.api.selection.fields import (
    READS,
    ByType,
    Column,
    Derived,
    GlobalId,
    Many,
    One,
    Part,
    Reads,
    Rows,
    Start,
)
from graph_cdp.api.selection.leaves import leaf_shape
from graph_cdp.api.selection.missing import or_error
from graph_cdp.api.selection.shapes import (
    Entries,
    PageParts,
    Places,
    Shape,
    constant_shape,
    cursor_shape,
    edges_shape,
    list_shape,
    object_shape,
    page_cursor_shape,
    page_flag_shape,
    page_shape,
    refused_shape,
    start_shape,
)
from graph_cdp.api.selection.types import is_leaf, is_required, object_of, type_of
from graph_cdp.errors import GraphCdpError

Group: TypeAlias = list[FieldNode]
"""The nodes of one response key: fragments may name it several times."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Selected:
    """What is compiled: the groups of root fields by response key, and what their document says besides."""

    groups: Mapping[str, Group]
    fragments: Mapping[str, FragmentDefinitionNode]
    variables: Mapping[str, Any]


class Compiler:
    """Compiles fields of one document for one role; `variables` decide what `@skip` and `@include` leave."""

    def __init__(self, schema: GraphQLSchema, selected: Selected, role: Role) -> None:
        self.schema = schema
        self.fragments = selected.fragments
        self.variables = selected.variables
        self.role: Role = role
        self.bound: list[Bound] = []
        self._number = 0

    def root_field(self, group: Group, block: Block) -> Shape:
        """The shape of a field of the root; what it reads is added to `block`.

        Raises:
            NotCompiled: it, or a field below it, is not read from the graph in this way.
        """
        root = self.schema.query_type
        if root is None:  # pragma: no cover - there is one
            raise NotCompiled
        return self.field(root, group, block)

    def delivered_field(self, group: Group, block: Block) -> Shape:
        """The shape of a field of the root of subscriptions: an object made of the row that is told.

        Raises:
            NotCompiled: a field below it is not read from the graph in this way.
        """
        root = self.schema.subscription_type
        definition = root.fields.get(group[0].name.value) if root else None
        if definition is None:  # pragma: no cover - it was validated
            raise NotCompiled
        type_ = _object(definition)
        return object_shape(None, type_.name, self._entries(type_, group, block))

    def _entries(self, type_: GraphQLObjectType, group: Group, block: Block) -> Entries:
        return [(key, self.field(type_, inner, block)) for key, inner in self._collect(type_, group).items()]

    def _collect(self, type_: GraphQLObjectType, group: Group) -> dict[str, Group]:
        """The fields below one, by response key."""
        below = [node.selection_set for node in group if node.selection_set]
        return collect_fields(self.schema, self.fragments, self.variables, type_, below)

    def field(self, type_: GraphQLObjectType, group: Group, block: Block) -> Shape:
        """The shape of a field of an object; what it reads is added to the object's block."""
        name = group[0].name.value
        if name == "__typename":
            return constant_shape(type_.name)
        definition = type_.fields.get(name)
        reads = _reads(definition)
        if definition is None or reads is None:
            raise NotCompiled(name)
        rule = find_rule(type_.name, name)
        if self.role not in rule.roles:
            return refused_shape(refusal(self.role, f"{type_.name}.{name}", rule))
        match reads:
            case Column() | GlobalId():
                mask = rule.mask_for(self.role)
                return self._column(type_, definition, reads if mask is None else _masked(reads, mask), block)
            case Part():
                inner = _object(definition)
                return object_shape(None, inner.name, self._entries(inner, group, block))
            case One() | Many() | Derived():
                return self._relation(definition, group, reads, block)
            case ByType():
                return self._by_type(definition, group, reads, block)
            case Rows():
                return self._page(definition, group, reads, block)
            case Start():
                return self._start(definition, group, reads, block, _object(definition))

    def _column(
        self, type_: GraphQLObjectType, definition: GraphQLField, reads: Column | GlobalId, block: Block
    ) -> Shape:
        if not is_leaf(definition):
            raise NotCompiled
        if isinstance(reads, GlobalId):
            at = block.add(place(reads.cypher, block.it))
            return leaf_shape(at, type_of(definition), lambda raw: global_id(type_.name, raw))
        is_carried = reads.carries is None or reads.carries in block.carried
        expression = reads.cypher if is_carried else reads.otherwise
        return leaf_shape(block.add(place(expression, block.it)), type_of(definition), reads.shown)

    def _relation(
        self, definition: GraphQLField, group: Group, reads: One | Many | Derived, block: Block
    ) -> Shape:
        number = self._next()
        inner, type_ = Block(f"x{number}"), _object(definition)
        if isinstance(reads, Derived):
            inner.columns = [place(one, inner.it) for one in reads.columns]
        entries = self._entries(type_, group, inner)
        found = f"collect({inner.row()})"
        head = [
            f"CALL ({block.it}) {{",
            place(reads.match, inner.it, block.it, number),
            *inner.calls,
            f"RETURN {f'head({found})' if isinstance(reads, One) else found} AS r{number}",
            "}",
        ]
        block.calls.append("\n".join(head))
        at = block.add(f"r{number}")
        if isinstance(reads, One):
            optional = reads.missing is None and not is_required(definition)
            shape = object_shape(at, type_.name, entries, optional=optional)
            return or_error(shape, reads.missing) if reads.missing else shape
        derive = reads.derive if isinstance(reads, Derived) else None
        return list_shape(at, object_shape(None, type_.name, entries), derive)

    def _by_type(self, definition: GraphQLField, group: Group, reads: ByType, block: Block) -> Shape:
        try:
            name, start = reads.choose(read_arguments(definition, group[0], self.variables))
        except GraphCdpError as error:
            return refused_shape(error)
        type_ = self.schema.get_type(name)
        if not isinstance(type_, GraphQLObjectType):
            raise NotCompiled
        return self._start(definition, group, start, block, type_)

    def _start(
        self, definition: GraphQLField, group: Group, reads: Start, block: Block, type_: GraphQLObjectType
    ) -> Shape:
        number = self._next()
        inner = Block(f"x{number}", carried=reads.carried, alone=True)
        self.bound.append(bound := Bound(number=number, reads=reads, definition=definition, node=group[0]))
        entries = self._entries(type_, group, inner)
        text = [
            "CALL () {",
            place(reads.match_for(bound.named), inner.it, number=number),
            *inner.calls,
            f"RETURN collect({inner.row()}) AS r{number}",
            "}",
        ]
        block.calls.append("\n".join(text))
        return start_shape(
            block.add(f"r{number}"), number, object_shape(None, type_.name, entries), reads.several
        )

    def _page(self, definition: GraphQLField, group: Group, reads: Rows, block: Block) -> Shape:
        reads, number = reads.read_by(self.role), self._next()
        inner = Block(f"x{number}", carried=reads.carried)
        type_ = _object(definition)
        found = self._collect(type_, group)
        peeks = any(
            field[0].name.value == "hasNextPage"
            for fields in found.values()
            if fields[0].name.value == "pageInfo"
            for field in self._collect(_object(type_.fields["pageInfo"]), fields).values()
        )
        bound = bound_page(number, reads, definition, group[0], peeks=peeks)
        self.bound.append(bound)
        parts = PageParts(number=number, list_name=reads.name, rows_at=block.add(f"r{number}"))
        if any(fields[0].name.value == "total_count" for fields in found.values()):
            block.calls.append(count_text(reads, block.it, number))
        entries = [
            (key, self._connection_field(type_, fields, parts, (block, inner)))
            for key, fields in found.items()
        ]
        block.calls.append(page_text(reads, block, inner, bound))
        return page_shape(parts, object_shape(None, type_.name, entries))

    def _connection_field(
        self, type_: GraphQLObjectType, group: Group, parts: PageParts, blocks: tuple[Block, Block]
    ) -> Shape:
        outer, inner = blocks
        name = group[0].name.value
        match name:
            case "__typename":
                return constant_shape(type_.name)
            case "total_count":
                return leaf_shape(outer.add(f"c{parts.number}"), type_of(type_.fields[name]), None)
            case "pageInfo":
                info = _object(type_.fields[name])
                found = self._collect(info, group)
                entries = [(key, _page_field(info, fields, parts, inner)) for key, fields in found.items()]
                return object_shape(parts.rows_at, info.name, entries)
            case _:
                edge = _object(type_.fields[name])
                found = self._collect(edge, group)
                entries = [
                    (key, self._edge_field(edge, fields, parts, inner)) for key, fields in found.items()
                ]
                return edges_shape(parts, object_shape(None, edge.name, entries))

    def _edge_field(self, edge: GraphQLObjectType, group: Group, parts: PageParts, inner: Block) -> Shape:
        name = group[0].name.value
        if name == "cursor":
            return cursor_shape(parts.list_name, _places(parts, inner))
        if name == "node":
            type_ = _object(edge.fields[name])
            return object_shape(None, type_.name, self._entries(type_, group, inner))
        return self.field(edge, group, inner)

    def _next(self) -> int:
        self._number += 1
        return self._number


def _reads(definition: GraphQLField | None) -> Reads | None:
    declaration = (definition.extensions if definition else {}).get("strawberry-definition")
    return declaration.metadata.get(READS) if declaration else None


def _masked(reads: Column | GlobalId, mask: Any) -> Column:
    shown = reads.shown if isinstance(reads, Column) else None
    return Column(cypher=reads.cypher, shown=lambda value: mask(shown(value) if shown else value))


def _object(definition: GraphQLField) -> GraphQLObjectType:
    found = object_of(definition)
    if found is None:
        raise NotCompiled
    return found


def _page_field(info: GraphQLObjectType, group: Group, parts: PageParts, inner: Block) -> Shape:
    match group[0].name.value:
        case "__typename":
            return constant_shape(info.name)
        case "startCursor" | "endCursor" as name:
            return page_cursor_shape(parts, name, _places(parts, inner))
        case name:
            return page_flag_shape(parts, name)


def _places(parts: PageParts, inner: Block) -> Places:
    """Rows carry what their cursors are made of where somebody asks for one."""
    return inner.add(f"at{parts.number}"), inner.add(f"id{parts.number}")
