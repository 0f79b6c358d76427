"""Each cell of the table of fields, as the compiler keeps it: refused, masked, or shown."""

from typing import get_args

import pytest
from graphql import GraphQLObjectType, parse

from graph_cdp.access.model import Role
from graph_cdp.api.permissions import FIELD_RULES
from graph_cdp.api.permissions.rules import OPEN, STEWARDS_ONLY
from graph_cdp.api.schema import schema
from graph_cdp.api.selection.blocks import Block
from graph_cdp.api.selection.collecting import collect_fields
from graph_cdp.api.selection.compiler import Compiler, Selected
from graph_cdp.api.selection.shapes import Run
from graph_cdp.api.selection.types import is_leaf
from graph_cdp.errors import Forbidden

ROLES: tuple[Role, ...] = get_args(Role)
VALUE = "abcdefgh@ijkl.mn"

FIELDS = [
    (type_, field)
    for type_, fields in FIELD_RULES.items()
    for field in fields
    if type_ != "Query" and not type_.endswith("Edge")
]


def cell(type_name: str, field: str, role: Role) -> str:
    """What a role gets of a field whose value in the graph is `VALUE`."""
    type_ = schema.core.type_map[type_name]
    assert isinstance(type_, GraphQLObjectType)
    inner = "" if is_leaf(type_.fields[field]) else " { __typename }"
    document = parse(f"{{ {field}{inner} }}")
    (operation,) = document.definitions
    selections = getattr(operation, "selection_set")  # noqa: B009 - a document of one operation
    groups = collect_fields(schema.core, {}, {}, type_, [selections])
    compiler = Compiler(schema.core, Selected(groups=groups, fragments={}, variables={}), role)
    block = Block("x")
    shape = compiler.field(type_, groups[field], block)
    if not block.columns and not block.calls and isinstance(shape.plain(VALUE, Run()), Forbidden):
        return "–"
    if inner:
        return "●"
    shown = shape.plain(VALUE, Run())
    return "◐" if (isinstance(shown, str) and "***" in shown) or shown == "abcd-**-**" else "●"


@pytest.mark.parametrize("role", ROLES)
def test_every_cell_is_kept(role: Role) -> None:
    found = {f"{type_}.{field}": cell(type_, field, role) for type_, field in FIELDS}

    expected = {
        f"{type_}.{field}": "–" if role not in (rule := FIELD_RULES[type_][field]).roles
        else "◐" if role == "marketer" and rule.mask
        else "●"
        for type_, field in FIELDS
    }  # fmt: skip
    assert found == expected


def test_what_is_personal_is_masked_for_a_marketer_and_what_was_sent_is_refused() -> None:
    """Some cells by hand, so that the table cannot be changed without somebody saying so."""
    assert cell("GoldenRecord", "email", "marketer") == "◐"
    assert cell("GoldenRecord", "email", "app") == "●"
    assert cell("Traits", "birth_date", "marketer") == "◐"
    assert cell("Identifier", "value", "marketer") == "◐"
    assert cell("Event", "payload", "marketer") == "–"
    assert cell("Event", "payload", "app") == "–"
    assert cell("Event", "payload", "privacy") == "●"
    assert cell("GoldenRecord", "city", "marketer") == "●"
    assert cell("GoldenRecord", "city", "ingest") == "–"
    assert FIELD_RULES["GoldenRecord"]["city"] == OPEN
    assert FIELD_RULES["ConsentRecord"]["evidence"] == STEWARDS_ONLY
