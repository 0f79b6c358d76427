"""The plain way: the GraphQL library walks the answer. Each field of the root is a statement of its own; what is below is in it."""

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from graphql import (
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    is_introspection_type,
)

from graph_cdp.access.model import Role
from graph_cdp.api.selection.compiler import Selected
from graph_cdp.api.selection.execution import (
    Compiled,
    bind,
    compile_delivery,
    compile_selection,
    read_answer,
)
from graph_cdp.api.selection.fields import READS, Params
from graph_cdp.api.selection.shapes import Row, Run

Resolving: TypeAlias = Any
"""What the library tells a resolver: its type is a generic that its own signatures do not agree about."""

DECLARATION = "strawberry-definition"


def install(schema: GraphQLSchema) -> None:
    """Let the fields that are read from the graph be resolved by what was compiled for them."""
    for type_ in schema.type_map.values():
        if is_introspection_type(type_):
            continue
        if isinstance(type_, GraphQLInterfaceType):
            _tell_types(type_)
        if not isinstance(type_, GraphQLObjectType):
            continue
        if type_.is_type_of:
            _tell_type_of(type_)
        for field in type_.fields.values():
            if type_ is schema.subscription_type:
                field.resolve = read_delivery
            else:
                _install_field(field, is_root=type_ is schema.query_type)


def _install_field(field: GraphQLField, *, is_root: bool) -> None:
    declaration = field.extensions.get(DECLARATION)
    if declaration is None:
        return
    if is_root and READS in declaration.metadata:
        field.resolve = read_root
    elif declaration.is_basic_field:
        field.resolve = _read_row(declaration.python_name)


def _read_row(name: str) -> Any:
    def resolve(source: Any, info: Resolving, **_arguments: Any) -> Any:
        return source.value(str(info.path.key)) if isinstance(source, Row) else getattr(source, name)

    return resolve


def _tell_type_of(type_: GraphQLObjectType) -> None:
    known = type_.is_type_of

    def is_type_of(value: Any, info: Resolving) -> Any:
        if isinstance(value, Row):
            return value.typename == type_.name
        return known(value, info) if known else True

    type_.is_type_of = is_type_of


def _tell_types(type_: GraphQLInterfaceType) -> None:
    known = type_.resolve_type

    def resolve_type(value: Any, info: Resolving, abstract: Any) -> Any:
        return value.typename if isinstance(value, Row) else known and known(value, info, abstract)

    type_.resolve_type = resolve_type


async def read_root(_source: Any, info: Resolving, **_arguments: Any) -> Any:
    """A field of the root, with all that is asked for below it."""
    compiled, params, run = _prepare(info, compile_selection)
    if compiled.bound and compiled.bound[0].number in run.errors:
        raise run.errors[compiled.bound[0].number]
    values: Any = None
    if compiled.text:
        values = await read_answer(info.context.graph, text=compiled.text, params=params)
    ((_, shape),) = compiled.shapes
    answer = shape.plain(shape.of(values), run)
    if isinstance(answer, Exception):
        raise answer
    return answer


async def read_delivery(delivery: Any, info: Resolving, **_arguments: Any) -> Any:
    """What a subscription tells, with all that is asked for of it, read in one statement."""
    compiled, params, run = _prepare(info, compile_delivery)
    params["delivery"] = delivery.as_map()
    values = await read_answer(info.context.graph, text=compiled.text, params=params)
    ((_, shape),) = compiled.shapes
    return shape.plain(values, run)


def _prepare(
    info: Resolving, compile_: Callable[[GraphQLSchema, Selected, Role], Compiled]
) -> tuple[Compiled, Params, Run]:
    """The statement of a field and all that is asked for below it, with its parameters."""
    context, variables = info.context, _variables(info)
    key = str(info.path.key)
    selected = Selected(groups={key: list(info.field_nodes)}, fragments=info.fragments, variables=variables)
    compiled = compile_(info.schema, selected, context.principal.role)
    return compiled, *bind(compiled, variables, context.default_region)


def _variables(info: Resolving) -> Mapping[str, Any]:
    return info.variable_values
