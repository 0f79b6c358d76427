"""How values are shown: a text, a number, a time, a list of them; checked and serialised as the type of their field says."""

from collections.abc import Callable, Iterable
from enum import Enum, EnumType
from sys import float_info
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
from graph_cdp.api.selection.shapes import Run, Shape, Way
from graph_cdp.api.selection.writing import Finish, Unfinished, Writer, called

INT_MAX = 2**31
"""GraphQL's Int has 32 bits."""

FLOAT_MAX = float_info.max
"""Beyond are the infinities, which JSON does not have."""

TIMES_MAX = 253_402_300_800_000
"""The year 10,000, which Python's calendar does not know."""


def leaf_shape(at: int, type_: object, shown: Callable[[Any], Any] | None) -> Shape:
    """A value, as the type of its field serialises it."""
    end = leaf_end(type_)
    if shown is None:
        return Shape(at, lambda value, _run: value, _unless_plain(type_, end))
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
        return end(value)

    words = _words(type_, shown)
    return Shape(at, plain, _by_words(words, finish) if words else called(finish))


def _unless_plain(type_: object, end: Callable[[Any], Any]) -> Finish:
    """As `end`, which is not asked about values that are what they nearly always are."""
    is_required = isinstance(type_, GraphQLNonNull)
    inner = _inside(cast("Any", type_)) if is_required else type_

    def finish(writer: Writer, read: str) -> str:
        end_name = writer.name(end)
        if isinstance(inner, GraphQLScalarType) and inner.name == DATE_TIME_NAME:
            value = writer.variable()
            is_time = f"type({value} := {read}) is int and 0 <= {value} < {TIMES_MAX}"
            return f"({writer.name(iso_8601)}({value}) if {is_time} else {end_name}({value}))"
        is_plain = _IS_PLAIN.get(inner) if isinstance(inner, GraphQLScalarType) else None
        if is_plain is None:
            return f"{end_name}({read})"
        value = writer.variable()
        is_null = "" if is_required else f"{value} is None or "
        condition = is_null + is_plain.format(value)
        return f"({value} if {condition.replace(value, f'({value} := {read})', 1)} else {end_name}({value}))"

    return finish


def _words(type_: object, shown: Callable[[Any], Any]) -> dict[object, str]:
    """What is shown for each of the graph's words, where these are the values of an enum."""
    inner = _inside(cast("Any", type_)) if isinstance(type_, GraphQLNonNull) else type_
    if not isinstance(inner, GraphQLEnumType) or not isinstance(shown, EnumType):
        return {}
    members = cast("Iterable[Enum]", shown)
    return {member.value: inner.serialize(member) for member in members}


def _by_words(words: dict[object, str], otherwise: Way) -> Finish:
    def finish(writer: Writer, read: str) -> str:
        value, known = writer.variable(), writer.name(words)
        is_known = f"type({value} := {read}) is str and {value} in {known}"
        return f"({known}[{value}] if {is_known} else {writer.name(otherwise)}({value}, run))"

    return finish


def leaf_end(type_: object) -> Callable[[Any], Any]:
    """How a value of this type is finished."""
    match type_:
        case GraphQLNonNull():
            end = leaf_end(_inside(cast("Any", type_)))
            return lambda value: end(_present(value))
        case GraphQLList():
            end = leaf_end(_inside(cast("Any", type_)))
            return lambda values: None if values is None else [end(value) for value in values]
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


_IS_PLAIN: dict[GraphQLScalarType, str] = {
    GraphQLString: "type({0}) is str",
    GraphQLID: "type({0}) is str",
    GraphQLBoolean: "type({0}) is bool",
    GraphQLInt: f"type({{0}}) is int and {-INT_MAX} <= {{0}} < {INT_MAX}",
    GraphQLFloat: f"type({{0}}) is float and {-FLOAT_MAX} <= {{0}} <= {FLOAT_MAX}",
}
"""Values of the language's own types that serialise to themselves."""


def _scalar_end(type_: GraphQLScalarType | GraphQLEnumType) -> Callable[[Any], Any]:
    serialize = type_.serialize

    def end(value: Any) -> Any:
        if value is None:
            return None
        try:
            return serialize(value)
        except Exception:  # noqa: BLE001 - whatever it is, the plain way tells it
            raise Unfinished from None

    return end
