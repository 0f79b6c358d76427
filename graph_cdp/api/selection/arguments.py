"""What a field was given: its arguments, coerced, with their defaults."""

from collections.abc import Mapping
from typing import Any

from graphql import FieldNode, GraphQLField, GraphQLNonNull, Undefined, VariableNode

from graph_cdp.api.selection.types import read_value
from graph_cdp.errors import Invalid


def read_arguments(definition: GraphQLField, node: FieldNode, variables: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments of a field in a valid document; one that was not given and has no default is left out.

    Raises:
        Invalid: a variable is null where null may not be: one with a default, here or there, may be declared without `!`.
    """
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
        if read is None and isinstance(declared.type, GraphQLNonNull):  # pyright: ignore[reportUnknownMemberType]
            raise Invalid(
                f"`{name}` may not be null: leave the variable out for the default.", code="BAD_ARGUMENTS"
            )
        if read is not Undefined:
            found[name] = read
    return found
