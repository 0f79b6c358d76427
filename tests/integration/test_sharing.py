"""Requests that share a statement: each is answered as if it were alone, whatever becomes of the others."""

import asyncio
from collections.abc import Callable, Mapping
from typing import Any, LiteralString

import orjson
import pytest
from neo4j import AsyncDriver, Record
from neo4j.exceptions import ClientError

from graph_cdp.api.schema import schema
from graph_cdp.api.selection import sharing
from graph_cdp.api.selection.documents import Asked, Documents
from graph_cdp.graph.driver import Neo4jTarget
from graph_cdp.graph.transactions import Graph
from tests.integration.people import MARIE, MARIE_ONCE, NOBODY, PAUL, SOMEBODY
from tests.integration.rich import seed_rich

pytestmark = pytest.mark.neo4j

VIEW = """query ($id: ID, $first: Int! = 2, $after: String) { person(id: $id) { person_id requested_id redirected
  golden_record { first_name email provenance { field source } } identifiers { edges { first_seen_at node { value } } }
  timeline(first: $first, after: $after) { total_count pageInfo { endCursor } edges { node { kind occurred_at } } } consents { purpose is_allowed } } }"""

LISTS = ("records", "identifiers", "devices", "timeline", "events", "transactions")
"""100 of each are too much for several requests of one statement."""

ASKED = [MARIE, PAUL, SOMEBODY, MARIE_ONCE, NOBODY, PAUL, MARIE, SOMEBODY]

AT_ONCE, TOGETHER = sharing.STATEMENTS_MAX, len(ASKED) - sharing.STATEMENTS_MAX


class WatchedGraph(Graph):
    """Notes how many requests each statement answers; `breaks` says which fail, by their parameters."""

    def __init__(self, driver: AsyncDriver, target: Neo4jTarget) -> None:
        super().__init__(driver, database=target.database, timeout_s=60)
        self.requests: list[int] = []
        self.running: list[int] = []
        self.breaks: Callable[[Mapping[str, Any]], bool] = lambda _params: False

    async def read_record(self, text: LiteralString, params: Mapping[str, Any]) -> Record:
        self.requests.append(params.get("count", 1))
        if self.breaks(params):
            raise ClientError("an error, by plan")
        self.running.append(self.running[-1] + 1 if self.running else 1)
        try:
            return await super().read_record(text, params)
        finally:
            self.running.append(self.running[-1] - 1)


@pytest.fixture
async def watched(graph: Graph, driver: AsyncDriver, neo4j_target: Neo4jTarget) -> WatchedGraph:
    """Marie, who did something of everything, and others."""
    await seed_rich(graph)
    return WatchedGraph(driver, neo4j_target)


def asked(id_: str, **variables: Any) -> Asked:
    return Asked(
        query=VIEW, variables={"id": id_, **variables}, operation_name=None, role="admin", region="FR"
    )


async def alone(graph: Graph, id_: str, **variables: Any) -> bytes:
    """The answer to a request that nothing shares."""
    return orjson.dumps(await Documents(schema.core).answer(asked(id_, **variables), graph))


async def planned(graph: WatchedGraph) -> Documents:
    """Documents of which the view can be shared."""
    documents = Documents(schema.core)
    await asyncio.gather(*(documents.answer(asked(NOBODY), graph) for _ in range(AT_ONCE + 2)))
    await documents.sharing.settle()
    graph.requests.clear()
    return documents


async def test_who_asks_first_goes_alone_and_is_waited_for(watched: WatchedGraph) -> None:
    """Sixteen who asked a database that had just started for one new document had it planned sixteen times, beyond their time."""
    documents = Documents(schema.core)
    await asyncio.gather(*(documents.answer(asked(id_), watched) for id_ in ASKED))
    assert watched.running[:4] == [1, 0, 1, 2]


async def test_an_error_of_the_first_keeps_nobody_waiting(watched: WatchedGraph) -> None:
    expected = [await alone(watched, id_) for id_ in ASKED[1:]]
    documents = Documents(schema.core)
    watched.requests.clear()
    watched.breaks = lambda _params: len(watched.requests) == 1
    failed, *answers = await asyncio.gather(
        *(documents.answer(asked(id_), watched) for id_ in ASKED), return_exceptions=True
    )
    assert isinstance(failed, ClientError)
    assert [orjson.dumps(answer) for answer in answers] == expected


async def test_nobody_waits_for_the_plan_of_a_statement_for_several(watched: WatchedGraph) -> None:
    documents = Documents(schema.core)

    await asyncio.gather(*(documents.answer(asked(id_), watched) for id_ in ASKED))
    await documents.sharing.settle()

    assert sorted(watched.requests) == [0, *[1] * len(ASKED)]


async def test_those_that_come_while_others_run_go_together(watched: WatchedGraph) -> None:
    expected = [await alone(watched, id_) for id_ in ASKED]
    documents = await planned(watched)

    answers = await asyncio.gather(*(documents.answer(asked(id_), watched) for id_ in ASKED))

    assert [orjson.dumps(answer) for answer in answers] == expected
    assert watched.requests == [*[1] * AT_ONCE, TOGETHER]


async def test_pages_of_one_size_go_together_wherever_they_begin(watched: WatchedGraph) -> None:
    first = await Documents(schema.core).answer(asked(MARIE), watched)
    assert first is not None
    after = first["person"]["timeline"]["pageInfo"]["endCursor"]
    pages: list[dict[str, Any]] = [{}, {}, {}, {"after": after}, {"first": 3}, {"first": 3, "after": after}]
    expected = [await alone(watched, MARIE, **page) for page in pages]
    documents = await planned(watched)

    answers = await asyncio.gather(*(documents.answer(asked(MARIE, **page), watched) for page in pages))

    assert [orjson.dumps(answer) for answer in answers] == expected
    assert sorted(watched.requests) == [1, 1, 1, 1, 2]


async def test_large_answers_go_alone(watched: WatchedGraph) -> None:
    documents = Documents(schema.core)
    lists = " ".join(f"{name}(first: 100) {{ total_count }}" for name in LISTS)
    large = f"query ($id: ID) {{ person(id: $id) {{ {lists} }} }}"
    one = Asked(query=large, variables={"id": MARIE}, operation_name=None, role="admin", region="FR")

    answers = await asyncio.gather(*(documents.answer(one, watched) for _ in range(4)))

    assert answers[0] is not None
    assert answers == [answers[0]] * 4
    assert watched.requests == [1] * 4


async def test_a_statement_that_fails_is_asked_again_for_each_and_shared_no_more(
    watched: WatchedGraph,
) -> None:
    expected = [await alone(watched, id_) for id_ in ASKED]
    documents = await planned(watched)
    watched.breaks = lambda params: "requests" in params

    answers = await asyncio.gather(*(documents.answer(asked(id_), watched) for id_ in ASKED))
    later = await asyncio.gather(*(documents.answer(asked(id_), watched) for id_ in ASKED))

    assert [orjson.dumps(answer) for answer in answers + later] == expected * 2
    assert watched.requests == [*[1] * AT_ONCE, TOGETHER, *[1] * TOGETHER, *[1] * len(ASKED)]


async def test_what_cannot_be_planned_is_not_shared(watched: WatchedGraph) -> None:
    watched.breaks = lambda params: "requests" in params
    documents = await planned(watched)

    await asyncio.gather(*(documents.answer(asked(id_), watched) for id_ in ASKED))

    assert watched.requests == [1] * len(ASKED)


async def test_an_error_is_told_to_whom_it_belongs(watched: WatchedGraph) -> None:
    expected = [await alone(watched, id_) for id_ in ASKED]
    documents = await planned(watched)
    watched.breaks = lambda params: any(
        one is not None and one.get("person_id_1") == NOBODY for one in params.get("requests", [params])
    )

    answers = await asyncio.gather(
        *(documents.answer(asked(id_), watched) for id_ in ASKED), return_exceptions=True
    )

    failed = ASKED.index(NOBODY)
    assert isinstance(answers.pop(failed), ClientError)
    assert expected.pop(failed)
    assert [orjson.dumps(answer) for answer in answers] == expected


async def test_one_that_is_given_up_takes_no_other_with_it(watched: WatchedGraph) -> None:
    expected = [await alone(watched, id_) for id_ in ASKED]
    documents = await planned(watched)
    tasks = [asyncio.create_task(documents.answer(asked(id_), watched)) for id_ in ASKED]
    await asyncio.sleep(0)

    given_up = [tasks[0], tasks[-1]]
    for task in given_up:
        task.cancel()
    answers = await asyncio.gather(*tasks, return_exceptions=True)

    assert [isinstance(answers[number], asyncio.CancelledError) for number in (0, -1)] == [True, True]
    assert [orjson.dumps(answer) for answer in answers[1:-1]] == expected[1:-1]
    later = await asyncio.gather(*(documents.answer(asked(id_), watched) for id_ in ASKED))
    assert [orjson.dumps(answer) for answer in later] == expected


async def test_what_was_committed_before_a_request_is_in_its_answer(
    watched: WatchedGraph, driver: AsyncDriver
) -> None:
    """A request never joins a statement that runs, which may have read before."""
    documents = await planned(watched)
    for number in range(20):
        before = [asyncio.create_task(documents.answer(asked(PAUL), watched)) for _ in range(AT_ONCE)]
        await asyncio.sleep(0)
        await driver.execute_query(
            "MATCH (p:Person {id: $id}) SET p.first_name = $name", id=PAUL, name=f"Paul {number}"
        )

        answers = await asyncio.gather(*(documents.answer(asked(PAUL), watched) for _ in range(4)))

        await asyncio.gather(*before)
        assert [answer and answer["person"]["golden_record"]["first_name"] for answer in answers] == [
            f"Paul {number}"
        ] * 4
