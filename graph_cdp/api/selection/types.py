"""The types of the schema, as the compiler asks about them: the one place that meets the library's recursive generics."""

from typing import Any, cast

from graphql import (
    GraphQLField,
    GraphQLNonNull,
    GraphQLObjectType,
    ValueNode,
    get_named_type,
    is_leaf_type,
    value_from_ast,  # pyright: ignore[reportUnknownVariableType]
)


def type_of(definition: GraphQLField) -> Any:
    """The type that a field shows, with its wrappers."""
    return cast("Any", definition.type)  # pyright: ignore[reportUnknownMemberType] - a recursive generic


def is_required(definition: GraphQLField) -> bool:
    """Whether a field is never null."""
    return isinstance(type_of(definition), GraphQLNonNull)


def object_of(definition: GraphQLField) -> GraphQLObjectType | None:
    """The type of the objects that a field shows, one or a list; None where it shows values, or objects of several types."""
    found = cast("object", get_named_type(type_of(definition)))
    return found if isinstance(found, GraphQLObjectType) else None


def is_leaf(definition: GraphQLField) -> bool:
    """Whether a field shows values."""
    return is_leaf_type(get_named_type(type_of(definition)))


def read_value(node: ValueNode, type_: Any, variables: dict[str, Any]) -> Any:
    """The value of a literal, coerced."""
    return value_from_ast(node, type_, variables)
