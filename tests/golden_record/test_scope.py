"""What a franchise, or a store, may see of a person whom others know, too."""

from typing import LiteralString

import pytest
from neo4j import AsyncDriver

from graph_cdp.golden_record.model import StatingRecord, Survivor
from graph_cdp.golden_record.policy import DEFAULT_SURVIVORSHIP
from graph_cdp.golden_record.service import golden_record_in_scope
from graph_cdp.graph.driver import open_session
from graph_cdp.graph.transactions import Graph
from graph_cdp.ids import PersonId, RecordId, RecordKey
from graph_cdp.source.rules import TraitValue
from tests.golden_record.stated import put

pytestmark = pytest.mark.neo4j

MARIE = PersonId("marie")
NETWORK: LiteralString = """
UNWIND [['brand', null], ['north', 'brand'], ['lille', 'north'], ['south', 'brand'], ['empty', 'brand']] AS row
MERGE (unit:OrgUnit {id: row[0]})
FOREACH (above IN [above IN [row[1]] WHERE above IS NOT NULL] |
  MERGE (up:OrgUnit {id: above})
  MERGE (unit)-[:PART_OF]->(up))
WITH count(*) AS done
UNWIND [['pos-lille', 'lille'], ['pos-south', 'south'], ['crm', 'brand']] AS row
MATCH (source:Source {name: row[0]})
MATCH (unit:OrgUnit {id: row[1]})
MERGE (source)-[:BELONGS_TO]->(unit)
"""
REDIRECT: LiteralString = """
MATCH (marie:Person {id: 'marie'})
CREATE (:Person:Merged {id: 'marie once'})-[:MERGED_INTO]->(marie)
"""


def record(source: str, at: int, **stated: str) -> StatingRecord:
    traits = {name: TraitValue(value=value, at=at) for name, value in stated.items()}
    return StatingRecord(key=RecordKey(f"{source}:row:1"), id=RecordId(source), trust=0, traits=traits)


@pytest.fixture
async def network(graph: Graph, driver: AsyncDriver) -> Graph:
    """Marie is known to a store of the franchise of the north, to the franchise of the south, and to the brand."""
    lille = record("pos-lille", 1, first_name="Marie", phone="+33611111111")
    south = record("pos-south", 2, first_name="Marie-Claire", phone="+33622222222", city="Nice")
    brand = record("crm", 3, email="marie@example.com")
    stray = record("web", 4, phone="+33633333333")
    await put(driver, {MARIE: [lille, south, brand, stray]})
    async with open_session(driver, database="neo4j") as session:
        await (await session.run(NETWORK)).consume()
        await (await session.run(REDIRECT)).consume()
    return graph


async def seen(graph: Graph, org_unit_id: str, person_id: str = MARIE) -> dict[str, str] | None:
    golden = await golden_record_in_scope(
        graph, PersonId(person_id), org_unit_id, survivorship=DEFAULT_SURVIVORSHIP
    )
    return None if golden is None else {name: survivor.value for name, survivor in golden.items()}


async def test_a_shared_person_never_shows_one_franchises_phone_to_another(network: Graph) -> None:
    assert await seen(network, "north") == {"first_name": "Marie", "phone": "+33611111111"}
    assert await seen(network, "south") == {
        "first_name": "Marie-Claire",
        "phone": "+33622222222",
        "city": "Nice",
    }


async def test_a_store_sees_what_its_own_sources_state(network: Graph) -> None:
    assert await seen(network, "lille") == {"first_name": "Marie", "phone": "+33611111111"}


async def test_a_brand_sees_what_all_below_it_state_and_no_source_of_nobody(network: Graph) -> None:
    assert await seen(network, "brand") == {
        "first_name": "Marie-Claire",
        "email": "marie@example.com",
        "phone": "+33622222222",
        "city": "Nice",
    }


@pytest.mark.parametrize(("org_unit_id", "person_id"), [("empty", MARIE), ("nowhere", MARIE), ("brand", "x")])
async def test_who_is_not_in_scope_is_nobody(network: Graph, org_unit_id: str, person_id: str) -> None:
    assert await seen(network, org_unit_id, person_id) is None


async def test_the_id_of_an_absorbed_person_answers_in_scope_too(network: Graph) -> None:
    assert await seen(network, "lille", "marie once") == {"first_name": "Marie", "phone": "+33611111111"}


async def test_a_value_in_scope_says_where_it_came_from(network: Graph) -> None:
    golden = await golden_record_in_scope(network, MARIE, "lille", survivorship=DEFAULT_SURVIVORSHIP)

    assert golden is not None
    assert golden["phone"] == Survivor(value="+33611111111", record_id=RecordId("pos-lille"), at=1)
