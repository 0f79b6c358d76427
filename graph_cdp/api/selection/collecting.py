"""Which fields a selection asks for, by response key: fragments put in, directives heeded, as the specification has it."""

from collections.abc import Iterable, Mapping
from typing import Any

from graphql import (
    BooleanValueNode,
    DirectiveNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLObjectType,
    GraphQLSchema,
    InlineFragmentNode,
    NamedTypeNode,
    SelectionNode,
    SelectionSetNode,
    VariableNode,
    is_abstract_type,
)


def collect_fields(
    schema: GraphQLSchema,
    fragments: Mapping[str, FragmentDefinitionNode],
    variables: Mapping[str, Any],
    type_: GraphQLObjectType,
    selections: Iterable[SelectionSetNode],
) -> dict[str, list[FieldNode]]:
    """The nodes of each response key, in the order in which the keys first appear."""
    found: dict[str, list[FieldNode]] = {}
    seen: set[str] = set()

    def walk(selection: SelectionSetNode) -> None:
        for node in selection.selections:
            if not is_included(node, variables):
                continue
            if isinstance(node, FieldNode):
                found.setdefault(node.alias.value if node.alias else node.name.value, []).append(node)
            elif isinstance(node, InlineFragmentNode):
                if _applies(schema, node.type_condition, type_):
                    walk(node.selection_set)
            elif isinstance(node, FragmentSpreadNode) and node.name.value not in seen:
                seen.add(node.name.value)
                fragment = fragments[node.name.value]
                if _applies(schema, fragment.type_condition, type_):
                    walk(fragment.selection_set)

    for selection in selections:
        walk(selection)
    return found


def _applies(schema: GraphQLSchema, condition: NamedTypeNode | None, type_: GraphQLObjectType) -> bool:
    if condition is None or condition.name.value == type_.name:
        return True
    other = schema.get_type(condition.name.value)
    return is_abstract_type(other) and schema.is_sub_type(other, type_)


def is_included(node: SelectionNode, variables: Mapping[str, Any]) -> bool:
    """What `@skip` and `@include` say."""
    for directive in node.directives or ():
        if directive.name.value in {"skip", "include"}:
            wanted = directive.name.value == "include"
            if _condition(directive, variables) is not wanted:
                return False
    return True


def _condition(directive: DirectiveNode, variables: Mapping[str, Any]) -> bool:
    match next(argument.value for argument in directive.arguments or ()):
        case BooleanValueNode(value=value):
            return value
        case VariableNode(name=name):
            return bool(variables.get(name.value))
        case _:
            return False


def condition_variables(nodes: Iterable[DirectiveNode]) -> tuple[str, ...]:
    """The variables upon which these directives depend."""
    names = {
        argument.value.name.value
        for node in nodes
        if node.name.value in {"skip", "include"}
        for argument in node.arguments or ()
        if isinstance(argument.value, VariableNode)
    }
    return tuple(sorted(names))
