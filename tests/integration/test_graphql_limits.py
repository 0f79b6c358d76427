"""What is too much for one document, and what the language itself refuses."""

import httpx
import pytest

from graph_cdp.api.node import global_id
from tests.integration.asking import codes
from tests.integration.people import MARIE

pytestmark = pytest.mark.neo4j

DEEP = '{ person(id: "x") { events { edges { node { record { person { golden_record { %s } } } } } } } }'


async def test_a_deep_document_is_refused(api_client: httpx.AsyncClient) -> None:
    eight = await api_client.post("/graphql", json={"query": DEEP % "email"})
    nine = await api_client.post("/graphql", json={"query": DEEP % "provenance { field }"})

    assert codes(eight) == ["BAD_ID"]
    assert codes(nine) == ["QUERY_TOO_DEEP"]
    assert nine.json()["errors"][0]["message"] == (
        "The operation has 9 levels, fragments included; at most 8 are allowed."
    )


@pytest.mark.parametrize(("levels", "code"), [(190, "QUERY_TOO_DEEP"), (300, "GRAPHQL_SYNTAX")])
async def test_a_document_of_braces_is_refused(api_client: httpx.AsyncClient, levels: int, code: str) -> None:
    response = await api_client.post("/graphql", json={"query": "{person" * levels + "}" * levels})

    assert code in codes(response)


async def test_a_document_of_many_tokens_is_refused(api_client: httpx.AsyncClient) -> None:
    response = await api_client.post("/graphql", json={"query": "{ " + "__typename " * 999 + "}"})

    assert codes(response) == ["GRAPHQL_SYNTAX"]
    assert "more than 1000 tokens" in response.json()["errors"][0]["message"]


async def test_many_aliases_are_refused(api_client: httpx.AsyncClient) -> None:
    fifteen, sixteen = (
        "{ " + " ".join(f"a{n}: __typename" for n in range(count)) + " }" for count in (15, 16)
    )

    assert (await api_client.post("/graphql", json={"query": fifteen})).json()["data"]["a14"] == "Query"
    assert codes(await api_client.post("/graphql", json={"query": sixteen})) == ["TOO_MANY_ALIASES"]


async def test_many_directives_are_refused(api_client: httpx.AsyncClient) -> None:
    ten, eleven = (
        "{ " + " ".join("__typename @include(if: true)" for _ in range(count)) + " }" for count in (10, 11)
    )

    assert (await api_client.post("/graphql", json={"query": ten})).json() == {
        "data": {"__typename": "Query"}
    }
    assert codes(await api_client.post("/graphql", json={"query": eleven})) == ["TOO_MANY_DIRECTIVES"]


FRAGMENT_BOMB = (
    "query { person { ...f0 } } "
    + " ".join(f"fragment f{n} on Person {{ ...f{n + 1} ...f{n + 1} }}" for n in range(80))
    + " fragment f80 on Person { a: person_id }"
)


async def test_fragments_that_double_eighty_times_are_refused_at_once(api_client: httpx.AsyncClient) -> None:
    response = await api_client.post("/graphql", json={"query": FRAGMENT_BOMB})

    assert codes(response) == ["TOO_MANY_ALIASES"]
    assert str(2**80) in response.json()["errors"][0]["message"]


COSTLY = """query ($id: ID, $n: Int! = 100) { person(id: $id) { records(first: 100) { edges { node {
  person { events(first: $n) { edges { cursor } } } } } } } }"""


async def test_page_sizes_that_ask_for_too_much_are_refused(api_client: httpx.AsyncClient) -> None:
    """100 records × (1 + their person + its events) + the person itself."""
    default = await api_client.post("/graphql", json={"query": COSTLY, "variables": {"id": MARIE}})
    most = await api_client.post("/graphql", json={"query": COSTLY, "variables": {"id": MARIE, "n": 97}})
    more = await api_client.post("/graphql", json={"query": COSTLY, "variables": {"id": MARIE, "n": 98}})

    assert codes(default) == ["QUERY_TOO_COSTLY"]
    assert default.json()["errors"][0]["message"] == (
        "The page sizes and inputs make up to 10201 nodes; at most 10000 are allowed. Ask for smaller pages."
    )
    assert "errors" not in most.json()
    assert codes(more) == ["QUERY_TOO_COSTLY"]


@pytest.mark.parametrize(
    ("query", "code", "message"),
    [
        ("{ persn { id } }", "GRAPHQL_INVALID", "Cannot query field 'persn' on type 'Query'."),
        ("{ person { ", "GRAPHQL_SYNTAX", "Syntax Error: Expected Name, found <EOF>."),
        (
            '{ person(id: "1") { events(first: "a") { edges { cursor } } } }',
            "GRAPHQL_INVALID",
            'Int cannot represent non-integer value: "a"',
        ),
        (
            '{ person(id: "1") { events(types: [NOPE]) { edges { cursor } } } }',
            "GRAPHQL_INVALID",
            "Value 'NOPE' does not exist in 'EventType' enum.",
        ),
        (
            "{ a { ...b } } fragment b on Query { ...b }",
            "GRAPHQL_INVALID",
            "Cannot query field 'a' on type 'Query'.",
        ),
    ],
)
async def test_what_the_language_refuses_has_a_code_and_suggests_nothing(
    api_client: httpx.AsyncClient, query: str, code: str, message: str
) -> None:
    response = await api_client.post("/graphql", json={"query": query})

    assert codes(response)[0] == code
    assert response.json()["errors"][0]["message"] == message


async def test_variables_of_a_wrong_type_are_refused(api_client: httpx.AsyncClient) -> None:
    query = 'query ($n: Int!) { person(id: "1") { events(first: $n) { edges { cursor } } } }'

    wrong: tuple[object, ...] = ("5", 1.5, 2**31, None, [], {})
    for value in wrong:
        response = await api_client.post("/graphql", json={"query": query, "variables": {"n": value}})
        assert codes(response) == ["GRAPHQL_INVALID"]


async def test_a_variable_that_is_null_where_null_may_not_be_is_refused(
    api_client: httpx.AsyncClient,
) -> None:
    """An argument with a default takes a variable without `!`; clients send null for what nobody chose."""
    events = "events(first: $n) { edges { cursor } }"
    queries = (
        f'query ($n: Int) {{ person(id: "{MARIE}") {{ {events} }} }}',
        f'query ($n: Int) {{ node(id: "{global_id("Person", MARIE)}") {{ ... on Person {{ {events} }} }} }}',
        'query ($n: Int) { people(search: "marie", first: $n) { edges { cursor } } }',
        f'query ($n: Boolean = true) {{ person(id: "{MARIE}") {{ person_id is_known @include(if: $n) }} }}',
    )

    for query in queries:
        response = await api_client.post("/graphql", json={"query": query, "variables": {"n": None}})
        assert codes(response) == ["GRAPHQL_INVALID"], query
