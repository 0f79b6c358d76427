"""People who are found by words: those who bear them first, those of whom one is mistyped after them, each once over all pages."""

from typing import Any, LiteralString

import pytest
from neo4j import AsyncDriver

from graph_cdp.api.people import BY_IDENTIFIER, BY_WORDS, as_lucene
from graph_cdp.graph.driver import Neo4jTarget
from graph_cdp.graph.transactions import Graph
from tests.integration.asking import ask
from tests.integration.test_read_budgets import bound

pytestmark = pytest.mark.neo4j

NAMESAKES: LiteralString = """
MERGE (source:Source {name: 'crm'})
CREATE (:Counter {name: 'identity_change', value: size($people)})
WITH source
UNWIND range(1, size($people)) AS sequence
WITH source, sequence, $people[sequence - 1] AS person
CREATE (p:Person {id: person[0], known: person[2], created_at: 1, last_name: person[1]})
CREATE (:IdentityChange {id: 'change-' + sequence, sequence: sequence, person_id: p.id})
CREATE (p)<-[:RESOLVES_TO {since: 1, change_id: 'change-' + sequence}]-(r:SourceRecord {id: 'record-' + p.id, key: 'crm:row:' + p.id,
  source: 'crm', kind: 'row', last_name: person[1], last_name_at: 1, created_at: 1})-[:FROM]->(source)
SET p.last_name_from = r.id, p.last_name_at = 1
WITH p, r, person WHERE person[3] IS NOT NULL
CREATE (r)-[:HAS_IDENTIFIER {first_seen_at: 1, last_seen_at: 1}]->(:Identifier {id: 'i-' + p.id, kind: 'user_id', value: person[3]})
"""

AWAIT_INDEX: LiteralString = "CALL db.index.fulltext.awaitEventuallyConsistentIndexRefresh()"

BEARERS, BEGINNINGS, MISTYPED = ["durand-1", "durand-2", "durand-3"], ["durande-1"], ["durant-1", "burand-1"]
HOLDERS = ["durant-2"]
"""Its user id is the word that is searched for, and its name nearly is."""

SEARCH = """query ($search: String!, $first: Int!, $after: String, $is_known: Boolean) {
  people(search: $search, first: $first, after: $after, is_known: $is_known) {
  total_count pageInfo { hasNextPage endCursor } edges { score matched node { person_id } } } }"""


@pytest.fixture
async def namesakes(graph: Graph, driver: AsyncDriver) -> Graph:
    """A graph of people whose names are nearly the same."""
    people = [
        [id_, id_.partition("-")[0], not id_.endswith("3"), "durand" if id_ in HOLDERS else None]
        for id_ in [*BEARERS, *BEGINNINGS, *MISTYPED, *HOLDERS]
    ]
    await driver.execute_query(NAMESAKES, people=[*people, ["martin-1", "martin", True, None]])
    await driver.execute_query(AWAIT_INDEX)
    return graph


async def pages(graph: Graph, *, first: int, **more: Any) -> list[dict[str, Any]]:
    """The pages of a search for `durand`, to the last."""
    found: list[dict[str, Any]] = []
    after = None
    while True:
        answer = await ask(graph, SEARCH, "steward", search="durand", first=first, after=after, **more)
        found.append(answer["data"]["people"])
        if not found[-1]["pageInfo"]["hasNextPage"]:
            return found
        after = found[-1]["pageInfo"]["endCursor"]


@pytest.mark.parametrize("first", [1, 2, 3, 4, 5, 6, 7, 8, 50])
async def test_each_is_found_once_whatever_the_size_of_a_page(namesakes: Graph, first: int) -> None:
    found = await pages(namesakes, first=first)

    edges = [edge for page in found for edge in page["edges"]]
    ids, scores = [edge["node"]["person_id"] for edge in edges], [edge["score"] for edge in edges]
    assert ids[:1] == HOLDERS
    assert sorted(ids[1:5]) == [*BEARERS, *BEGINNINGS]
    assert sorted(ids[5:]) == sorted(MISTYPED)
    assert scores == sorted(scores, reverse=True)
    assert [edge["matched"] for edge in edges] == [
        ["user_id", "last_name (close)"],
        *[["last_name"]] * 3,
        ["last_name (beginning)"],
        *[["last_name (close)"]] * 2,
    ]
    assert [page["total_count"] for page in found] == [7] * len(found)
    assert [len(page["edges"]) for page in found[:-1]] == [first] * (len(found) - 1)


@pytest.mark.parametrize("part", ["d", "du", "duran", "durant", "d*", "last_name:du*", "durand~"])
async def test_nobody_learns_a_masked_name_letter_by_letter(namesakes: Graph, part: str) -> None:
    """`durand-1` to `-3` are found by the whole word, and `(close)` says nothing of what is masked."""
    answer = await ask(namesakes, SEARCH, "marketer", search=part, first=50)
    steward = await ask(namesakes, SEARCH, "steward", search=part, first=50)

    found = {edge["node"]["person_id"] for edge in answer["data"]["people"]["edges"]}
    whole = {"durant": {"durant-1", "durant-2"}, "durand~": {*BEARERS}}.get(part, set())
    assert found == whole
    assert answer["data"]["people"]["total_count"] == len(whole)
    assert {reason for edge in answer["data"]["people"]["edges"] for reason in edge["matched"]} <= {
        "last_name",
        "user_id",
    }
    assert len(steward["data"]["people"]["edges"]) >= len(whole)


async def test_what_is_not_masked_is_found_by_its_beginning(namesakes: Graph, driver: AsyncDriver) -> None:
    await driver.execute_query("MATCH (p:Person {id: 'martin-1'}) SET p.city = 'Villeurbanne'")
    await driver.execute_query(AWAIT_INDEX)

    matched: list[Any] = []
    for search in ("martin ville", "martin vileurbanne", "mart ville"):
        answer = await ask(namesakes, SEARCH, "marketer", search=search, first=50)
        matched.append([edge["matched"] for edge in answer["data"]["people"]["edges"]])
    assert matched == [[["last_name", "city (beginning)"]], [["last_name", "city (close)"]], []]


async def test_a_filter_counts_for_those_who_fill_a_page(namesakes: Graph) -> None:
    """Of those who bear the name one is unknown: the page has room for who bears it nearly."""
    (page,) = await pages(namesakes, first=10, is_known=True)

    assert [edge["node"]["person_id"] for edge in page["edges"]][-2:] in (MISTYPED, MISTYPED[::-1])
    assert page["total_count"] == len(page["edges"]) == 6


@pytest.mark.parametrize(
    ("selection", "calls"),
    [
        ("first: 4) { pageInfo { hasNextPage }", 1),
        ("first: 5) { pageInfo { hasNextPage }", 2),
        ("first: 5) { pageInfo { endCursor }", 1),
        ("first: 6) { __typename", 2),
    ],
)
async def test_mistyped_names_are_looked_for_only_where_there_is_room(
    namesakes: Graph, driver: AsyncDriver, neo4j_target: Neo4jTarget, selection: str, calls: int
) -> None:
    """Five bear the word or begin with it. A page of five is full, but for the row more that says whether others follow."""
    text, params = bound(f'{{ people(search: "durand", {selection} edges {{ score }} }} }}')

    result = await driver.execute_query(f"PROFILE {text}", params, database_=neo4j_target.database)

    assert searches(result.summary.profile) == calls  # pyright: ignore[reportUnknownMemberType]


def searches(plan: Any) -> int:
    """How many searches of the full-text index a plan made: one for each row that it was given."""
    children = plan.get("children", [])
    here = plan["operatorType"].startswith("ProcedureCall")
    made = sum(child.get("rows", 0) for child in children) if children else 1
    return here * made + sum(searches(child) for child in children)


def test_no_words_make_the_score_of_a_better_kind() -> None:
    """The most that words can make by BM25, for an index of 2^31 people: seven fields, each word whole, begun and mistyped."""
    rarest = 22  # ln(2^31) and a little
    most = 8 * 7 * (4 * rarest + 2 + rarest)

    assert as_lucene(" ".join(["word"] * 9))["words"].count("word^4") == 8
    assert 1000 * most < BY_WORDS < BY_IDENTIFIER - 1000 * most
    assert BY_IDENTIFIER < 2**31
