"""Running a compiled selection: its parameters, its one statement, its one record."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, LiteralString, cast

from graphql import GraphQLSchema

from graph_cdp.access.model import Role
from graph_cdp.api.selection.arguments import read_arguments
from graph_cdp.api.selection.blocks import Block, Bound, for_several
from graph_cdp.api.selection.compiler import Compiler, Selected
from graph_cdp.api.selection.fields import Params, Rows
from graph_cdp.api.selection.shapes import Run, Shape, Values
from graph_cdp.errors import GraphCdpError
from graph_cdp.graph.transactions import Graph

_PARAM = re.compile(r"\$(\w+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Compiled:
    """Fields of the root, compiled for one role: the statement, what takes parameters, and the shape of each field by its key.

    `text` is empty where nothing has to be read. `text_for_several` is the same for several requests at once; empty for a
    subscription.
    """

    text: LiteralString
    text_for_several: LiteralString = ""
    bound: Sequence[Bound]
    shapes: Sequence[tuple[str, Shape]]
    params: frozenset[str] = frozenset()
    """The parameters that the statement uses. Others would be sent for nothing, and the database reads them, too."""


def compile_selection(schema: GraphQLSchema, selected: Selected, role: Role) -> Compiled:
    """The statement and shapes of fields of the root.

    Raises:
        NotCompiled: a field is not read from the graph in this way.
    """
    compiler = Compiler(schema, selected, role)
    root = Block("")
    shapes = [(key, compiler.root_field(group, root)) for key, group in selected.groups.items()]
    if not root.calls:
        return Compiled(text="", bound=compiler.bound, shapes=shapes)
    text = "\n".join([*root.calls, f"RETURN {root.row()} AS answer"])
    return Compiled(
        text=cast("LiteralString", text),
        text_for_several=cast("LiteralString", for_several(text)),
        bound=compiler.bound,
        shapes=shapes,
        params=_params_of(text),
    )


def compile_delivery(schema: GraphQLSchema, selected: Selected, role: Role) -> Compiled:
    """The statement and shape of what a subscription tells: it is given as `$delivery`, and read from there.

    Raises:
        NotCompiled: a field is not read from the graph in this way.
    """
    compiler = Compiler(schema, selected, role)
    root = Block("delivery")
    shapes = [(key, compiler.delivered_field(group, root)) for key, group in selected.groups.items()]
    text = "\n".join(["WITH $delivery AS delivery", *root.calls, f"RETURN {root.row()} AS answer"])
    return Compiled(
        text=cast("LiteralString", text), bound=compiler.bound, shapes=shapes, params=_params_of(text)
    )


def _params_of(text: str) -> frozenset[str]:
    return frozenset(_PARAM.findall(text))


def bind(compiled: Compiled, variables: Mapping[str, Any], region: str) -> tuple[Params, Run]:
    """The parameters of a statement; the error of wrong arguments is kept with the list that they were given to."""
    params: Params = {}
    run = Run()
    for bound in compiled.bound:
        if bound.fixed is not None:
            run.pages[bound.number], fixed = bound.fixed
            params.update(fixed)
            continue
        for name, value in _bind_one(bound, variables, region, run).items():
            params[f"{name}_{bound.number}"] = value
    return {name: value for name, value in params.items() if name in compiled.params}, run


def _bind_one(bound: Bound, variables: Mapping[str, Any], region: str, run: Run) -> Params:
    reads = bound.reads
    try:
        arguments = read_arguments(bound.definition, bound.node, variables)
        if isinstance(reads, Rows):
            run.pages[bound.number], params = reads.bind(arguments, peeks=bound.peeks)
            return params
        return reads.bind(arguments, region)
    except GraphCdpError as error:
        run.errors[bound.number] = error
    if isinstance(reads, Rows):
        return {"at": 0, "id": "", "row_limit": 0, **{one.name: None for one in reads.filters}}
    return dict.fromkeys(reads.parameters)


async def read_answer(graph: Graph, *, text: LiteralString, params: Params) -> Values:
    """The one record of a compiled statement."""
    record = await graph.read_record(text, params)
    return record[0]
