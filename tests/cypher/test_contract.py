"""The contract of every query file, held against the database's own planner on an empty migrated graph."""

import re
from collections.abc import Iterator
from typing import Any, LiteralString, cast

import pytest
from neo4j import AsyncDriver, NotificationMinimumSeverity, ResultSummary

from graph_cdp.graph.driver import Neo4jTarget, open_session
from graph_cdp.graph.migrations import load_migrations
from graph_cdp.graph.queries import Query, cypher_folder, load_query, parse_query
from graph_cdp.graph.transactions import Graph

pytestmark = pytest.mark.neo4j

MISSING_PARAMETER = "01N60"
MISSPELT = {"01N50": "label", "01N51": "relationship type", "01N52": "property"}
CARTESIAN = "03N90"
SCANS = ("AllNodesScan", "NodeByLabelScan", "RelationshipTypeScan", "AllRelationshipsScan")
MODES = {"r": "read", "w": "write", "rw": "write", "s": "write"}
FREE_OF_THE_SCAN_RULE = ("checks/", "procedures/")

NAMES = sorted(
    str(path.relative_to(cypher_folder()).with_suffix(""))
    for path in cypher_folder().rglob("*.cypher")
    if path.parent.name != "migrations"
)


async def explain(driver: AsyncDriver, database: str, text: str) -> tuple[ResultSummary, list[str]]:
    """What the planner says of a statement, without parameters and without running it."""
    everything = NotificationMinimumSeverity.INFORMATION
    async with open_session(driver, database=database, notifications_min_severity=everything) as session:
        result = await session.run(cast("LiteralString", f"EXPLAIN {text}"))
        columns = result.keys()
        return await result.consume(), list(columns)


def operators(plan: dict[str, Any]) -> Iterator[str]:
    """The names of all operators of a plan; a leaf has no children."""
    yield plan["operatorType"].split("@")[0]
    for child in plan.get("children", []):
        yield from operators(child)


def broken_promises(query: Query, summary: ResultSummary, columns: list[str]) -> list[str]:
    """What a statement does that its header does not say."""
    statuses = [(status.gql_status, status.status_description) for status in summary.gql_status_objects]
    found = [f"misspelt {MISSPELT[code]}: {text}" for code, text in statuses if code in MISSPELT]
    found += [f"cartesian product: {text}" for code, text in statuses if code == CARTESIAN]
    missing = {
        name
        for code, text in statuses
        if code == MISSING_PARAMETER
        for name in re.findall(r"\$`?(\w+)", text)
    }
    if missing != set(query.params):
        found.append(f"parameters: declared {sorted(query.params)}, the planner misses {sorted(missing)}")
    if columns != list(query.columns):
        found.append(f"columns: declared {list(query.columns)}, returned {columns}")
    if summary.query_type not in MODES or MODES[summary.query_type] != query.mode:
        found.append(f"mode: declared {query.mode}, the planner says {summary.query_type}")
    plan = cast("dict[str, Any]", summary.plan)  # pyright: ignore[reportUnknownMemberType]
    scans = sorted(set(operators(plan)) & set(SCANS))
    if scans and query.scan is None and not query.name.startswith(FREE_OF_THE_SCAN_RULE):
        found.append(f"scans: {scans}")
    return found


@pytest.mark.parametrize("name", NAMES)
async def test_file_keeps_its_contract(
    name: str, driver: AsyncDriver, neo4j_target: Neo4jTarget, graph: Graph
) -> None:
    query = load_query(name)
    assert graph is not None
    assert broken_promises(query, *await explain(driver, neo4j_target.database, query.text)) == []


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("MATCH (p:Persn {id: $id}) RETURN p.id AS id", "misspelt label"),
        ("MATCH (p:Person {id: $id})-[:RESOLVES]->() RETURN p.id AS id", "misspelt relationship type"),
        ("MATCH (p:Person {id: $id}) WHERE p.emial = 'x' RETURN p.id AS id", "misspelt property"),
        ("MATCH (p:Person) WHERE p.email = $id RETURN p.id AS id", "scans: ['NodeByLabelScan']"),
        ("MATCH (p:Person {id: $id}) RETURN p.id AS person_id", "columns: declared ['id']"),
        ("MATCH (p:Person {id: $id}) SET p.known = true RETURN p.id AS id", "mode: declared read"),
        ("MATCH (p:Person {id: $id}), (s:Source {name: $id}) RETURN p.id AS id", "cartesian product"),
    ],
)
async def test_contract_finds_what_a_header_does_not_say(
    text: str, complaint: str, driver: AsyncDriver, neo4j_target: Neo4jTarget, graph: Graph
) -> None:
    assert graph is not None
    header = "// Says one thing.\n//\n// @mode    read\n// @param   id  STRING  the id\n// @returns many  id STRING\n"
    query = parse_query("planted/violation", header + text)
    found = broken_promises(query, *await explain(driver, neo4j_target.database, query.text))
    assert any(complaint in promise for promise in found), found


async def test_every_statement_of_every_migration_is_idempotent(graph: Graph, driver: AsyncDriver) -> None:
    assert graph is not None
    for migration in load_migrations():
        for statement in migration.statements:
            async with open_session(driver, database="neo4j") as session:
                await (await session.run(statement)).consume()
