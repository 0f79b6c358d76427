"""The Cypher of the pages: each block is a statement that the database understands and whose names exist."""

import re

import pytest
from neo4j import AsyncDriver

from graph_cdp.graph.driver import Neo4jTarget
from graph_cdp.graph.transactions import Graph
from tests.architecture.test_docs import pages
from tests.architecture.tree import ROOT
from tests.cypher.test_contract import MISSPELT, explain

pytestmark = pytest.mark.neo4j

_BLOCK = re.compile(r"^[ ]*```cypher\n(.*?)^[ ]*```", re.DOTALL | re.MULTILINE)

BLOCKS = [
    pytest.param(block, id=f"{page.relative_to(ROOT)}-{number}")
    for page in pages(ROOT)
    for number, block in enumerate(_BLOCK.findall(page.read_text(encoding="utf-8")), start=1)
]


async def misspelt(driver: AsyncDriver, database: str, block: str) -> list[str]:
    summary, _ = await explain(driver, database, block)
    return [s.status_description for s in summary.gql_status_objects if s.gql_status in MISSPELT]


@pytest.mark.parametrize("block", BLOCKS)
async def test_the_cypher_of_the_pages_is_understood(
    block: str, driver: AsyncDriver, neo4j_target: Neo4jTarget, migrated_graph: Graph
) -> None:
    assert await misspelt(driver, neo4j_target.database, block) == []


async def test_a_misspelt_label_in_a_page_is_found(
    driver: AsyncDriver, neo4j_target: Neo4jTarget, migrated_graph: Graph
) -> None:
    assert len(await misspelt(driver, neo4j_target.database, "MATCH (person:Persn) RETURN person")) == 1
