"""What an operation costs: the nodes that its page sizes ask for."""

import pytest
from graphql import OperationDefinitionNode, parse

from graph_cdp.api.limits import count_nodes
from graph_cdp.api.schema import schema


def cost(query: str, **variables: object) -> int:
    document = parse(query)
    operation = next(node for node in document.definitions if isinstance(node, OperationDefinitionNode))
    return count_nodes(schema.core, document, operation, variables)


@pytest.mark.parametrize(
    ("query", "nodes"),
    [
        ("{ __typename }", 0),
        ("{ __schema { types { name } } }", 0),
        ("{ person { person_id is_known } }", 1),
        ("{ person { golden_record { email } } }", 2),
        ("{ person { golden_record { provenance { record { key } } } } }", 2 + 25 * 2),
        ("{ person { events { edges { node { name } } } } }", 1 + 20),
        ("{ person { events { edges { cursor } } } }", 1 + 20),
        (
            "{ person { events(first: 3) { edges { node { record { traits { email } } } } pageInfo { endCursor } } } }",
            1 + 3 * 3,
        ),
        (
            "{ person { a: events(first: 3) { edges { cursor } } b: events(first: 4) { edges { cursor } } } }",
            1 + 7,
        ),
        ("{ person { events(first: 1000000) { edges { cursor } } } }", 1 + 100),
        ("{ person { events(first: -5) { edges { cursor } } } }", 1 + 1),
        ("{ node(id: 1) { id ... on Person { events(first: 5) { edges { cursor } } } } }", 1 + 5),
        ("{ person { ...f } } fragment f on Person { events(first: 5) { edges { cursor } } }", 1 + 5),
        (
            "{ a: person { ...f } b: person { ...f } } fragment f on Person { events(first: 5) { edges { cursor } } }",
            12,
        ),
    ],
)
def test_nodes_are_counted_by_page_sizes(query: str, nodes: int) -> None:
    assert cost(query) == nodes


def test_a_page_size_is_that_of_the_variable_or_of_its_default() -> None:
    with_default = "query ($n: Int! = 7) { person { events(first: $n) { edges { cursor } } } }"
    without = "query ($n: Int!) { person { events(first: $n) { edges { cursor } } } }"

    assert cost(with_default) == 1 + 7
    assert cost(with_default, n=30) == 1 + 30
    assert cost(without, n=30) == 1 + 30
    assert cost(without) == 1 + 100
    assert cost(without, n="30") == 1 + 100


WRITE = "mutation ($records: [RecordInput!]!) { write_records(records: $records) { results { record_id error { code } } } }"
RESULTS = 25 * (1 + 1)


def test_the_lists_in_inputs_are_counted_lists_within_lists_too() -> None:
    card = {"kind": "loyalty_card", "value": "1"}
    plain = {"idempotency_key": "k", "row_id": "1"}
    literal = """mutation { write_records(records: [
      {idempotency_key: "k", row_id: "1", identifiers: [{kind: "email", value: "a"}, {kind: "email", value: "b"}]}
    ]) { results { record_id error { code } } } }"""

    assert cost(WRITE, records=[]) == 1 + RESULTS
    assert cost(WRITE, records=[plain] * 100) == 100 + 1 + RESULTS
    assert cost(WRITE, records=[{**plain, "identifiers": [card] * 3}] * 2) == 2 + 6 + 1 + RESULTS
    assert cost(literal) == 3 + 1 + RESULTS
    assert (
        cost("mutation { ...f ...f } fragment f on Mutation { write_records(records: [{}]) { __typename } }")
        == 2 * 2
    )
