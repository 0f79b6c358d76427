"""The fragments of the schema's fields: every one is understood by the database, spells its names, and scans nothing."""

from typing import Any, cast

import pytest
from graphql import GraphQLField, GraphQLObjectType, parse
from neo4j import AsyncDriver

from graph_cdp.api.permissions.fields import QUERY_RULES
from graph_cdp.api.schema import schema
from graph_cdp.api.selection.collecting import collect_fields
from graph_cdp.api.selection.compiler import Selected
from graph_cdp.api.selection.execution import Compiled, compile_selection
from graph_cdp.api.selection.fields import READS, Column, GlobalId, Part
from graph_cdp.api.selection.types import is_leaf, object_of
from graph_cdp.graph.driver import Neo4jTarget
from graph_cdp.graph.transactions import Graph
from tests.cypher.test_contract import MISSPELT, SCANS, explain, operators

pytestmark = pytest.mark.neo4j

ARGUMENTS = {
    "person": '(id: "x")',
    "person_as_of": '(id: "x", at: "2026-01-01")',
    "people": '(search: "x")',
    "product": '(sku: "x")',
    "store": '(code: "x")',
}

STARTS = [
    name
    for name, field in (schema.core.query_type.fields.items() if schema.core.query_type else ())
    if object_of(field) and name not in QUERY_RULES
]


def everything(field: GraphQLField, depth: int) -> str:
    """A selection of all that a field has, so many relations deep."""
    type_ = object_of(field)
    if type_ is None:
        return ""
    parts = [
        f"{name} {inner}" for name, one in type_.fields.items() if (inner := below(one, depth)) is not None
    ]
    return f"{{ {' '.join(parts)} }}"


def below(field: GraphQLField, depth: int) -> str | None:
    """What is asked of a field: nothing of a value, nothing at all of a relation that is too deep."""
    if is_leaf(field):
        return ""
    reads = field.extensions["strawberry-definition"].metadata.get(READS)
    deeper = depth if isinstance(reads, Part) or reads is None else depth - 1
    return everything(field, deeper) if deeper >= 0 and object_of(field) else None


def compiled(query: str) -> Compiled:
    document = parse(query)
    root = schema.core.query_type
    assert root is not None
    (operation,) = (cast("Any", one) for one in document.definitions)
    groups = collect_fields(schema.core, {}, {}, root, [operation.selection_set])
    return compile_selection(schema.core, Selected(groups=groups, fragments={}, variables={}), "admin")


@pytest.mark.parametrize("column", ["answer", "answers"])
@pytest.mark.parametrize("start", STARTS)
async def test_all_that_can_be_selected_keeps_the_contract_of_queries(
    start: str, column: str, driver: AsyncDriver, neo4j_target: Neo4jTarget, migrated_graph: Graph
) -> None:
    """The statement of one request, and that of several at once."""
    root = schema.core.query_type
    assert root is not None
    made = compiled(f"{{ {start}{ARGUMENTS[start]} {everything(root.fields[start], 2)} }}")
    text = made.text if column == "answer" else made.text_for_several

    summary, columns = await explain(driver, neo4j_target.database, text)

    found = [s.status_description for s in summary.gql_status_objects if s.gql_status in MISSPELT]
    plan = cast("dict[str, Any]", summary.plan)  # pyright: ignore[reportUnknownMemberType]
    assert found == []
    assert columns == [column]
    assert summary.query_type == "r"
    assert sorted(set(operators(plan)) & set(SCANS)) == []


def test_every_field_of_a_type_that_the_graph_fills_says_where_it_is() -> None:
    """A type with one field that is read from the graph has no other kind: the fast way could not answer it."""
    missing = [
        f"{type_.name}.{name}"
        for type_ in schema.core.type_map.values()
        if isinstance(type_, GraphQLObjectType) and any(_is_read(field) for field in type_.fields.values())
        for name, field in type_.fields.items()
        if not _is_read(field)
        and name not in {"edges", "node", "cursor", "pageInfo", "total_count"}
        and not (type_ is schema.core.query_type and name in QUERY_RULES)
    ]

    assert missing == []


def _is_read(field: GraphQLField) -> bool:
    declaration = field.extensions.get("strawberry-definition")
    return declaration is not None and READS in declaration.metadata


def test_a_value_names_it_and_no_parameter() -> None:
    """Expressions have no parameters: only relations are numbered."""
    wrong = [
        f"{type_.name}.{name}"
        for type_ in schema.core.type_map.values()
        if isinstance(type_, GraphQLObjectType)
        for name, field in type_.fields.items()
        if (declaration := field.extensions.get("strawberry-definition"))
        and isinstance(reads := declaration.metadata.get(READS), Column | GlobalId)
        and "$" in reads.cypher
    ]

    assert wrong == []
