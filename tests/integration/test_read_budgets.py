"""What the hot reads cost, in the database's own count of what it touches (db hits), on a graph of a known size."""

from typing import Any, LiteralString, cast

import pytest
from graphql import parse
from neo4j import AsyncDriver

from graph_cdp.api.connections import Position, encode_cursor
from graph_cdp.api.schema import schema
from graph_cdp.api.selection.collecting import collect_fields
from graph_cdp.api.selection.compiler import Selected
from graph_cdp.api.selection.execution import Compiled, bind, compile_selection
from graph_cdp.api.selection.fields import Params
from graph_cdp.graph.driver import Neo4jTarget
from graph_cdp.graph.transactions import Graph
from tests.integration import people
from tests.integration.people import MARIE, MARIE_AT_FIRST, NEW_YEAR
from tests.integration.querying import hits_of

pytestmark = pytest.mark.neo4j

MANY = 5_000


def compiled(query: str) -> Compiled:
    """The statement of a query without variables, for an app."""
    document = parse(query)
    root = schema.core.query_type
    assert root is not None
    (operation,) = (cast("Any", one) for one in document.definitions)
    groups = collect_fields(schema.core, {}, {}, root, [operation.selection_set])
    return compile_selection(schema.core, Selected(groups=groups, fragments={}, variables={}), "app")


def bound(query: str) -> tuple[LiteralString, Params]:
    """The statement of a query without variables, with its parameters."""
    statement = compiled(query)
    params, run = bind(statement, {}, "FR")
    assert run.errors == {}
    return statement.text, params


async def cost(driver: AsyncDriver, target: Neo4jTarget, query: str) -> int:
    """The db hits of a query."""
    text, params = bound(query)
    summary = await driver.execute_query(f"PROFILE {text}", params, database_=target.database)
    return hits_of(summary.summary.profile)  # pyright: ignore[reportUnknownMemberType]


async def seed(graph: Graph, *, count: int) -> None:
    """Marie's two records, with as many events and transactions in turn, three at a time."""
    keys = ("web:user:u1", "crm:row:1")
    await people.seed_people(graph)
    await people.seed_events(
        graph, [people.event(n, record_key=keys[n % 2], occurred_at=NEW_YEAR + n // 3) for n in range(count)]
    )
    await people.seed_transactions(
        graph, [people.bought(n, record_key=keys[n % 2], occurred_at=NEW_YEAR + n // 3) for n in range(count)]
    )


@pytest.mark.parametrize("list_name", ["events", "transactions", "timeline"])
@pytest.mark.parametrize("middle", [False, True])
async def test_a_page_of_a_long_timeline_reads_little_more_than_its_rows(
    graph: Graph, driver: AsyncDriver, neo4j_target: Neo4jTarget, list_name: str, middle: bool
) -> None:
    """21 rows of each of two records, out of 5,000: not the 5,000."""
    await seed(graph, count=MANY)
    place = Position(at=NEW_YEAR + MANY // 6, id=people.event_id(MANY // 2))
    after = f'(after: "{encode_cursor(list_name, place)}")' if middle else ""

    hits = await cost(
        driver,
        neo4j_target,
        f'{{ person(id: "{MARIE}") {{ {list_name}{after} {{ edges {{ node {{ occurred_at }} }} }} }} }}',
    )

    assert hits <= BUDGETS[list_name]


BUDGETS = {"events": 80, "transactions": 130, "timeline": 210}
"""Of the timeline: the rows of two lists, of which half are shown."""


@pytest.mark.parametrize(
    ("selection", "budget"),
    [
        ("records { edges { node { key } } }", 60),
        ("identifiers { edges { node { value } } }", 80),
        ("golden_record { email first_name }", 40),
    ],
)
async def test_a_small_list_keeps_its_budget(
    graph: Graph, driver: AsyncDriver, neo4j_target: Neo4jTarget, selection: str, budget: int
) -> None:
    await seed(graph, count=0)

    hits = await cost(driver, neo4j_target, f'{{ person(id: "{MARIE}") {{ {selection} }} }}')

    assert hits <= budget


RECORDS: LiteralString = """
MATCH (person:Person {id: $id}), (source:Source {name: 'web'})
UNWIND range(1, $count) AS number
CREATE (record:SourceRecord {id: 'record-' + number, key: 'web:anonymous:many-' + number, source: 'web', kind: 'anonymous', created_at: number})
CREATE (record)-[:RESOLVES_TO {since: 1, change_id: 'change-1'}]->(person)
CREATE (record)-[:FROM]->(source)
"""


@pytest.mark.parametrize("list_name", ["transactions", "consent_records"])
async def test_records_that_have_none_of_a_list_are_not_sought_in_its_index(
    graph: Graph, driver: AsyncDriver, neo4j_target: Neo4jTarget, list_name: str
) -> None:
    """Each of 200 records is found and looked at: two hits. To seek it takes two more, and ten times as long."""
    await seed(graph, count=0)
    await driver.execute_query(RECORDS, id=MARIE, count=200, database_=neo4j_target.database)

    hits = await cost(
        driver, neo4j_target, f'{{ person(id: "{MARIE}") {{ {list_name} {{ edges {{ node {{ id }} }} }} }} }}'
    )

    assert hits <= 430


async def test_finding_a_person_keeps_its_budget(
    graph: Graph, driver: AsyncDriver, neo4j_target: Neo4jTarget
) -> None:
    """By an id that was absorbed twice, and by an identifier."""
    await seed(graph, count=0)

    by_id = await cost(driver, neo4j_target, f'{{ person(id: "{MARIE_AT_FIRST}") {{ person_id }} }}')
    by_email = await cost(
        driver,
        neo4j_target,
        '{ person(identifier: {kind: "email", value: "marie@example.com"}) { person_id } }',
    )

    assert by_id <= 35
    assert by_email <= 35
