"""The GraphQL schema: committed as the code has it, every part described, every example in the docs valid."""

import difflib
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLSyntaxError,
    build_schema,
    is_introspection_type,
    is_specified_scalar_type,
    parse,
    validate,
)

from graph_cdp.api.schema import print_sdl
from tests.architecture.test_docs import pages
from tests.architecture.tree import ROOT, write

COMMITTED = "schema/schema.graphql"

_EXAMPLE = re.compile(r"^\s*```graphql\n(.*?)^\s*```", re.DOTALL | re.MULTILINE)


def differences(committed: str, exported: str) -> str:
    lines = difflib.unified_diff(
        committed.strip().splitlines(), exported.strip().splitlines(), COMMITTED, "the code", lineterm="", n=1
    )
    return "\n".join(lines)


def undescribed(graph: GraphQLSchema) -> Iterator[str]:
    """Types, fields, values and arguments without a description; the language's own are left out."""
    for name, type_ in graph.type_map.items():
        if is_introspection_type(type_) or is_specified_scalar_type(type_):
            continue
        if not type_.description:
            yield name
        match type_:
            case GraphQLObjectType() | GraphQLInterfaceType():
                for field, told in type_.fields.items():
                    if not told.description:
                        yield f"{name}.{field}"
                    yield from (
                        f"{name}.{field}({key})" for key, arg in told.args.items() if not arg.description
                    )
            case GraphQLInputObjectType():
                yield from (f"{name}.{field}" for field, told in type_.fields.items() if not told.description)
            case GraphQLEnumType():
                yield from (f"{name}.{value}" for value, told in type_.values.items() if not told.description)
            case _:
                pass


def invalid_examples(folder: Path, graph: GraphQLSchema) -> Iterator[str]:
    """GraphQL of the pages that the schema would refuse."""
    for page in pages(folder):
        for example in _EXAMPLE.findall(page.read_text(encoding="utf-8")):
            where = page.relative_to(folder)
            try:
                errors = validate(graph, parse(example))
            except GraphQLSyntaxError as error:
                yield f"{where}: {error.message}"
            else:
                yield from (f"{where}: {error.message}" for error in errors)


@pytest.fixture(scope="module")
def exported() -> GraphQLSchema:
    return build_schema(print_sdl())


def test_the_committed_schema_is_that_of_the_code() -> None:
    difference = differences((ROOT / COMMITTED).read_text(encoding="utf-8"), print_sdl())

    assert difference == "", "run `make sdl`, look at the difference, and commit it:\n" + difference


def test_every_type_and_field_has_a_description(exported: GraphQLSchema) -> None:
    assert list(undescribed(exported)) == []


def test_every_example_in_the_pages_is_valid(exported: GraphQLSchema) -> None:
    assert list(invalid_examples(ROOT, exported)) == []


PLANTED = '"""Told."""\ntype Query {\n  """Told."""\n  person: Person\n}\n\ntype Person {\n  name(short: Boolean): String\n}\n\nenum State {\n  OPEN\n}\n'


def test_a_schema_that_was_not_exported_is_found() -> None:
    assert differences("type Query {\n  a: Int\n}\n", "type Query {\n  b: Int\n}") == (
        "--- schema/schema.graphql\n+++ the code\n@@ -1,3 +1,3 @@\n type Query {\n-  a: Int\n+  b: Int\n }"
    )
    assert differences("type Query {\n}\n", "\ntype Query {\n}\n\n") == ""


def test_what_has_no_description_is_found() -> None:
    assert list(undescribed(build_schema(PLANTED))) == [
        "Person",
        "Person.name",
        "Person.name(short)",
        "State",
        "State.OPEN",
    ]


def test_an_invalid_example_is_found(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "README.md": "```graphql\n{ person { name } }\n```\n\n  ```graphql\n  { person { nam } }\n  ```\n",
            "docs/a.md": "```graphql\n{ person {\n```\n",
        },
    )

    assert list(invalid_examples(tmp_path, build_schema(PLANTED))) == [
        "README.md: Cannot query field 'nam' on type 'Person'. Did you mean 'name'?",
        "docs/a.md: Syntax Error: Expected Name, found <EOF>.",
    ]
