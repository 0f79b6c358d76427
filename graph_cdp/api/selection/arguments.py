"""What a field was given: its arguments, coerced, with their defaults."""

from collections.abc import Mapping
from typing import Any

from graphql import FieldNode, GraphQLField, Undefined, VariableNode

from graph_cdp.api.selection.types import read_value


def read_arguments(definition: GraphQLField, node: FieldNode, variables: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments of a field in a valid document; one that was not given and has no default is left out."""
    given = {argument.name.value: argument.value for argument in node.arguments or ()}
    found: dict[str, Any] = {}
    for name, declared in definition.args.items():
        value = given.get(name)
        if isinstance(value, VariableNode):
            read = variables.get(value.name.value, Undefined)
        else:
            read = Undefined if value is None else read_value(value, declared.type, dict(variables))  # pyright: ignore[reportUnknownMemberType]
        if read is Undefined:
            read = declared.default_value
        if read is not Undefined:
            found[name] = read
    return found
