"""How values are shown: a text, a number, a time, a list of them; checked and serialised as the type of their field says."""

from collections.abc import Callable
from math import isfinite
from typing import Any, cast

from graphql import (
    GraphQLBoolean,
    GraphQLEnumType,
    GraphQLFloat,
    GraphQLID,
    GraphQLInt,
    GraphQLList,
    GraphQLNonNull,
    GraphQLScalarType,
    GraphQLString,
)

from graph_cdp.api.node import DATE_TIME_NAME, iso_8601
from graph_cdp.api.selection.shapes import Run, Shape, Unfinished, Way

INT_MAX = 2**31
"""GraphQL's Int has 32 bits."""

TIMES_MAX = 253_402_300_800_000
"""The year 10,000, which Python's calendar does not know."""


def leaf_shape(at: int, type_: object, shown: Callable[[Any], Any] | None) -> Shape:
    """A value, as the type of its field serialises it."""
    end = leaf_end(type_)
    if shown is None:
        return Shape(at, lambda value, _run: value, _way(type_, end))
    show = shown

    def plain(value: Any, _run: Run) -> Any:
        try:
            return None if value is None else show(value)
        except Exception as error:  # noqa: BLE001 - the error of this field, raised where it is read
            return error

    def finish(value: Any, run: Run) -> Any:
        value = plain(value, run)
        if isinstance(value, Exception):
            raise Unfinished
        return value if end is None else end(value)

    return Shape(at, plain, finish)


def _way(type_: object, end: Callable[[Any], Any] | None) -> Way | None:
    """As `end`, which takes several calls; in one where the value is what it nearly always is."""
    inner = _inside(cast("Any", type_)) if isinstance(type_, GraphQLNonNull) else type_
    if end is None:
        return None
    if inner in _TEXTS:
        return lambda value, _run: value if type(value) is str else end(value)
    if isinstance(inner, GraphQLScalarType) and inner.name == DATE_TIME_NAME:
        return lambda value, _run: (
            iso_8601(value) if type(value) is int and 0 <= value < TIMES_MAX else end(value)
        )
    return lambda value, _run: end(value)


def leaf_end(type_: object) -> Callable[[Any], Any] | None:
    """How a value of this type is finished."""
    match type_:
        case GraphQLNonNull():
            end = leaf_end(_inside(cast("Any", type_)))
            return lambda value: _present(value) if end is None else end(_present(value))
        case GraphQLList():
            end = leaf_end(_inside(cast("Any", type_)))
            return lambda values: (
                None if values is None else [value if end is None else end(value) for value in values]
            )
        case GraphQLScalarType() | GraphQLEnumType():
            return _scalar_end(type_)
        case _:
            raise TypeError(f"{type_} is no leaf")


def _inside(wrapper: Any) -> object:
    return wrapper.of_type


def _present(value: Any) -> Any:
    if value is None:
        raise Unfinished
    return value


_TEXTS = frozenset({GraphQLString, GraphQLID})

_IS_PLAIN: dict[GraphQLScalarType, Callable[[Any], bool]] = {
    GraphQLString: lambda value: type(value) is str,
    GraphQLID: lambda value: type(value) is str,
    GraphQLBoolean: lambda value: type(value) is bool,
    GraphQLInt: lambda value: type(value) is int and -INT_MAX <= value < INT_MAX,
    GraphQLFloat: lambda value: type(value) is float and isfinite(value),
}
"""Values of the language's own types that serialise to themselves."""


def _scalar_end(type_: GraphQLScalarType | GraphQLEnumType) -> Callable[[Any], Any]:
    serialize = type_.serialize
    is_plain = _IS_PLAIN.get(type_, lambda _value: False) if isinstance(type_, GraphQLScalarType) else None

    def end(value: Any) -> Any:
        if value is None or (is_plain and is_plain(value)):
            return value
        try:
            return serialize(value)
        except Exception:  # noqa: BLE001 - whatever it is, the plain way tells it
            raise Unfinished from None

    return end
