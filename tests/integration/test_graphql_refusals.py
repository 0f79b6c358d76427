"""What the API refuses, in which words, and to whom."""

import pytest

from graph_cdp.access.model import Role
from graph_cdp.api.node import global_id
from graph_cdp.graph.transactions import Graph
from tests.integration import people
from tests.integration.asking import ask, refusal
from tests.integration.people import (
    MARIE,
    NEW_YEAR,
)

pytestmark = pytest.mark.neo4j


BAD_IDS = [
    ("", "BAD_ARGUMENTS", "Pass either `id` or `identifier`."),
    ("17", "BAD_ID", "This is no id of a Person: pass its `id`, or its own id of 36 characters."),
    (f"{MARIE}'", "BAD_ID", "This is no id of a Person: pass its `id`, or its own id of 36 characters."),
    (global_id("Event", MARIE), "BAD_ID", "This is the id of a Event, not of a Person."),
    (
        global_id("Person", "1"),
        "BAD_ID",
        "This is no id of a Person: pass its `id`, or its own id of 36 characters.",
    ),
]


@pytest.mark.parametrize(("asked", "code", "message"), BAD_IDS)
async def test_a_bad_id_is_refused_with_a_reason(graph: Graph, asked: str, code: str, message: str) -> None:
    assert await refusal(graph, "query ($id: ID!) { person(id: $id) { id } }", id=asked) == (code, message)


@pytest.mark.parametrize("asked", ["", "17", MARIE, global_id("Query", MARIE), global_id("Person", "x")])
async def test_node_refuses_what_is_no_global_id(graph: Graph, asked: str) -> None:
    found = await refusal(graph, "query ($id: ID!) { node(id: $id) { id } }", id=asked)

    assert found == ("BAD_ID", "This is no global id: pass the `id` of an object.")


@pytest.mark.parametrize(
    ("identifier", "code"),
    [
        ({"kind": "email", "value": "null"}, "BAD_IDENTIFIER"),
        ({"kind": "email", "value": "not an address"}, "BAD_IDENTIFIER"),
        ({"kind": "phone", "value": "12"}, "BAD_IDENTIFIER"),
        ({"kind": "user_id", "value": "x" * 5000}, "BAD_IDENTIFIER"),
    ],
)
async def test_a_value_that_identifies_nobody_is_refused(
    graph: Graph, identifier: dict[str, str], code: str
) -> None:
    query = "query ($i: IdentifierInput) { person(identifier: $i) { id } }"

    found, message = await refusal(graph, query, i=identifier)

    assert found == code
    assert identifier["value"] not in message


async def test_both_arguments_or_none_are_refused(graph: Graph) -> None:
    both = '{ person(id: "1", identifier: {kind: "email", value: "a@b.fr"}) { id } }'

    assert await refusal(graph, both) == ("BAD_ARGUMENTS", "Pass either `id` or `identifier`.")
    assert await refusal(graph, "{ person { id } }") == ("BAD_ARGUMENTS", "Pass either `id` or `identifier`.")


@pytest.mark.parametrize("role", ["admin", "steward"])
async def test_the_original_message_is_for_admins_and_stewards(people_graph: Graph, role: Role) -> None:
    await people.seed_events(people_graph, [people.event(1, record_key="web:user:u1", occurred_at=NEW_YEAR)])
    query = "query ($id: ID!) { person(id: $id) { events { edges { node { name payload } } } } }"

    answer = await ask(people_graph, query, role, id=MARIE)
    refused = await ask(people_graph, query, "app", id=MARIE)

    assert answer["data"]["person"]["events"]["edges"] == [
        {"node": {"name": "Event 1", "payload": {"messageId": "m1"}}}
    ]
    assert refused["data"]["person"]["events"]["edges"] == [{"node": {"name": "Event 1", "payload": None}}]
    assert [error["extensions"] for error in refused["errors"]] == [{"code": "FORBIDDEN"}]
