"""Each invariant of `cypher/checks/` finds the violation that is planted for it, and only that."""

from collections.abc import AsyncIterator
from typing import Any, LiteralString

import pytest
from neo4j import AsyncDriver, AsyncManagedTransaction

from graph_cdp.graph.checks import load_checks, run_check
from graph_cdp.graph.queries import load_query
from graph_cdp.graph.transactions import Graph
from tests.graph import empty

pytestmark = pytest.mark.neo4j

WELL: LiteralString = """
CREATE (source:Source {name: 'crm'}), (counter:Counter {name: 'identity_change', value: 2})
CREATE (a:Person {id: 'A', city: 'Lyon', city_from: 'R'}), (b:Person {id: 'B'}), (old:Person:Merged {id: 'old'})
CREATE (old)-[:MERGED_INTO]->(a)
CREATE (r:SourceRecord {id: 'R', key: 'crm:row:1', source: 'crm'})-[:FROM]->(source)
CREATE (s:SourceRecord {id: 'S', key: 'crm:row:2', source: 'crm'})-[:FROM]->(source)
CREATE (r)-[:RESOLVES_TO {change_id: 'C1'}]->(a), (s)-[:RESOLVES_TO {change_id: 'C2'}]->(b)
CREATE (:IdentityChange {id: 'C1', sequence: 1, person_id: 'A'}), (:IdentityChange {id: 'C2', sequence: 2, person_id: 'B'})
CREATE (i:Identifier {id: 'I', kind: 'email', value: 'a@x.fr', contested: true})
CREATE (r)-[:HAS_IDENTIFIER]->(i), (s)-[:HAS_IDENTIFIER]->(i)
CREATE (:ReviewTask {id: 'T', identifier_id: 'I', state: 'open'})-[:ABOUT]->(i)
CREATE (:Job {id: 'J', kind: 'resolve', state: 'pending'})-[:ABOUT]->(r)
CREATE (r)-[:PERFORMED]->(:Event {id: 'E', source: 'crm', message_id: 'm', record_key: 'crm:row:1'})
CREATE (r)-[:MADE]->(:Transaction {id: 'X', key: 'x', record_key: 'crm:row:1'})
"""

PLANTED: dict[str, tuple[LiteralString, dict[str, Any]]] = {
    "case_hangs_on_its_record": (
        "MATCH (r {id: 'R'}) CREATE (r)-[:RAISED]->(:Case {id: 'K', key: 'k', record_key: 'crm:row:2'})",
        {"case_id": "K", "record_count": 1},
    ),
    "consent_hangs_on_one_record": (
        "CREATE (:ConsentRecord {id: 'N', record_key: 'crm:row:1'})",
        {"consent_id": "N", "record_count": 0, "point_count": 0},
    ),
    "record_knows_its_newest_event": (
        "MATCH (record:SourceRecord)-[:PERFORMED]->(event:Event) SET event.occurred_at = 2, record.last_event_at = 1",
        {"record_key": "crm:row:1"},
    ),
    "event_hangs_on_its_record": (
        "MATCH (e:Event) SET e.record_key = 'crm:row:2'",
        {"event_id": "E", "record_count": 1},
    ),
    "golden_record_comes_from_own_records": (
        "MATCH (a:Person {id: 'A'}) SET a.city_from = 'S'",
        {"person_id": "A", "field": "city"},
    ),
    "identifier_has_an_id": (
        "CREATE (:Identifier {kind: 'phone', value: '+33140000001'})",
        {"kind": "phone"},
    ),
    "identifier_points_at_one_person": (
        "MATCH (i:Identifier) SET i.contested = null",
        {"identifier_id": "I", "kind": "email", "person_count": 2},
    ),
    "journal_explains_every_person": (
        "MATCH (c:IdentityChange {id: 'C1'}) SET c.person_id = 'B'",
        {"record_id": "R", "person_id": "A"},
    ),
    "journal_has_no_gaps": (
        "MATCH (c:IdentityChange {id: 'C2'}) SET c.sequence = 3",
        {"counted": 2, "numbered": 2, "last": 3, "counter": 2},
    ),
    "mark_waits_for_one_record": (
        "MATCH (:Job)-[about:ABOUT]->() DELETE about",
        {"job_id": "J", "record_count": 0},
    ),
    "one_open_holding": (
        "MATCH (r {id: 'R'}), (i:Identifier) CREATE (r)-[:HAS_IDENTIFIER]->(i)",
        {"record_id": "R", "identifier_id": "I"},
    ),
    "org_unit_is_below_itself": (
        "CREATE (u:OrgUnit {id: 'U'})-[:PART_OF]->(u)",
        {"org_unit_id": "U", "above_count": 1},
    ),
    "person_has_a_record": ("CREATE (:Person {id: 'nobody'})", {"person_id": "nobody", "merged": False}),
    "record_belongs_to_one_org_unit": (
        "MATCH (r {id: 'R'}) CREATE (r)-[:BELONGS_TO]->(:OrgUnit {id: 'U'}), (r)-[:BELONGS_TO]->(:OrgUnit {id: 'V'})",
        {"record_id": "R", "org_unit_count": 2},
    ),
    "record_comes_from_one_source": (
        "MATCH (r:SourceRecord {id: 'R'}) SET r.source = 'web'",
        {"record_id": "R", "source_count": 0},
    ),
    "record_resolves_to_one_person": (
        "MATCH (r {id: 'R'}), (b {id: 'B'}) CREATE (r)-[:RESOLVES_TO {change_id: 'C2'}]->(b)",
        {"record_id": "R", "person_count": 2},
    ),
    "redirect_ends_at_a_person": (
        """MATCH (old {id: 'old'})-[redirect:MERGED_INTO]->() DELETE redirect
        CREATE (old)-[:MERGED_INTO]->(:Person:Merged {id: 'older'})-[:MERGED_INTO]->(old)""",
        {"person_id": "old", "end_count": 0},
    ),
    "redirect_starts_at_an_absorbed_person": (
        "MATCH (a {id: 'A'}), (b {id: 'B'}) CREATE (a)-[:MERGED_INTO]->(b)",
        {"person_id": "A", "into_person_id": "B"},
    ),
    "review_task_is_about_a_contested_identifier": (
        "MATCH (t:ReviewTask)-[about:ABOUT]->() DELETE about",
        {"task_id": "T", "contested_count": 0},
    ),
    "transaction_hangs_on_one_record": (
        "MATCH (s {id: 'S'}), (x:Transaction) CREATE (s)-[:MADE]->(x) SET x.record_key = 'crm:row:3'",
        {"transaction_id": "X", "record_count": 2},
    ),
}


@pytest.fixture
async def broken(graph: Graph, driver: AsyncDriver) -> AsyncIterator[Graph]:
    """A graph in which all is well, until a test breaks it; it is emptied before its invariants are looked at."""
    await graph.write(run_text, WELL)
    yield graph
    await empty(driver)


async def run_text(tx: AsyncManagedTransaction, text: LiteralString) -> None:
    await (await tx.run(text)).consume()


async def found(graph: Graph, name: str) -> list[dict[str, Any]]:
    return [violation.row for violation in await graph.read(run_check, load_query(f"checks/{name}"))]


def test_there_is_a_violation_for_every_check() -> None:
    assert sorted(PLANTED) == [query.name.removeprefix("checks/") for query in load_checks()]


@pytest.mark.parametrize("name", PLANTED)
async def test_a_check_finds_what_is_planted_for_it(broken: Graph, name: str) -> None:
    statement, row = PLANTED[name]
    assert await found(broken, name) == []

    await broken.write(run_text, statement)

    assert row in await found(broken, name)
