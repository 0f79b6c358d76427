"""What the database is sent for a selection: what is asked for, and nothing besides."""

import re
from typing import Any, cast

import pytest
from graphql import parse

from graph_cdp.api.schema import schema
from graph_cdp.api.selection.collecting import collect_fields
from graph_cdp.api.selection.compiler import Selected
from graph_cdp.api.selection.execution import bind, compile_selection

MARIE = "00000000-0000-4000-8000-000000000001"
AFTER = "ZXZlbnRzOjE6YQ"


def sent(start: str, fields: str) -> tuple[str, set[str]]:
    """The statement of a query, and the names of its parameters."""
    (operation,) = (cast("Any", one) for one in parse(f"{{ {start} {{ {fields} }} }}").definitions)
    root = schema.core.query_type
    assert root is not None
    groups = collect_fields(schema.core, {}, {}, root, [operation.selection_set])
    statement = compile_selection(schema.core, Selected(groups=groups, fragments={}, variables={}), "app")
    params, _run = bind(statement, {}, "FR")
    return statement.text, set(params)


BY_ID = f'person(id: "{MARIE}")'
BY_EMAIL = 'person(identifier: {kind: "email", value: "marie@example.com"})'
BOTH = f'person(id: "{MARIE}", identifier: null)'
RECORDS, EVENTS = "records { edges { node { key } } }", "events { edges { node { name } } }"


@pytest.mark.parametrize("start", [BY_ID, BY_EMAIL, BOTH])
@pytest.mark.parametrize(
    "fields", ["person_id", RECORDS, EVENTS, EVENTS.replace("{", f'(after: "{AFTER}") {{', 1)]
)
def test_no_parameter_is_sent_for_nothing(start: str, fields: str) -> None:
    text, params = sent(start, fields)

    assert params == set(re.findall(r"\$(\w+)", text))


@pytest.mark.parametrize(
    ("start", "params"),
    [
        (BY_ID, {"person_id_1"}),
        (BY_EMAIL, {"kind_1", "value_1"}),
        (BOTH, {"person_id_1", "kind_1", "value_1"}),
    ],
)
def test_a_person_is_sought_in_the_ways_that_the_document_names(start: str, params: set[str]) -> None:
    assert sent(start, "person_id")[1] == params


def test_rows_are_compared_with_a_cursor_where_there_may_be_one() -> None:
    first, behind = (
        sent(BY_ID, RECORDS)[1],
        sent(BY_ID, RECORDS.replace("{", '(after: "cmVjb3JkczoxOmE") {', 1))[1],
    )

    assert (first & {"at_2", "id_2"}, behind & {"at_2", "id_2"}) == (set(), {"at_2", "id_2"})
