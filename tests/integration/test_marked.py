"""Components beyond the declared size: nothing is lost meanwhile, and after the job it is as if there were no limit."""

import random
from dataclasses import replace
from typing import LiteralString

import pytest
from neo4j import AsyncDriver

from graph_cdp.flows.ingest import Ingest
from graph_cdp.flows.resolve_marked import ResolveMarked
from graph_cdp.graph.checks import find_violations
from graph_cdp.graph.transactions import Graph
from graph_cdp.identity.component import Seeds, read_component
from graph_cdp.identity.marks import LIST_UNRESOLVED, list_unresolved
from graph_cdp.identity.policy import DEFAULT_POLICY
from graph_cdp.identity.repository import read_holders
from graph_cdp.ids import RecordKey
from graph_cdp.source.model import IdentifierKey
from tests.concurrency.stream import stream
from tests.graph import empty
from tests.identity.canonical import canonical
from tests.identity.scenario import TIMESTAMP, Json
from tests.identity.through_graph import RECEIVED_AT, observe, parse
from tests.integration.querying import hits_of

pytestmark = pytest.mark.neo4j

SMALL = replace(DEFAULT_POLICY, component_records_max=4)


def receipt(number: int) -> Json:
    """A receipt on which everybody's card stands."""
    return {
        "messageId": f"m{number}",
        "timestamp": TIMESTAMP,
        "type": "record",
        "source": "pos",
        "record_id": f"r{number}",
        "traits": {"loyalty_card": "29900099"},
    }


async def test_component_over_the_limit_waits_for_the_job(graph: Graph, driver: AsyncDriver) -> None:
    ingest = Ingest(graph=graph, policy=SMALL, clock=lambda: RECEIVED_AT)
    for number in range(7):
        await ingest([parse(receipt(number))])

    waiting = await graph.read(list_unresolved, row_limit=100)
    assert [one.record_key for one in waiting] == ["pos:row:r4", "pos:row:r5", "pos:row:r6"]
    assert len(set((await observe(driver)).person_of.values())) == 4
    assert await find_violations(graph) == []

    assert await ResolveMarked(graph=graph, policy=SMALL, clock=lambda: RECEIVED_AT).run() == 3
    assert len(set((await observe(driver)).person_of.values())) == 1
    assert await graph.read(list_unresolved, row_limit=100) == []


WAITING: LiteralString = """
UNWIND range(1, 2000) AS number
CREATE (:SourceRecord {id: 'r' + number, key: 'crm:row:' + number})<-[:ABOUT]-(:Job {
  id: 'resolve r' + number, kind: 'resolve', state: 'pending', marked_at: 10000 - number
})
"""


async def test_a_round_reads_its_marks_and_not_all_that_wait(graph: Graph, driver: AsyncDriver) -> None:
    """After the first matching of a million records nearly all of them wait; each round had read and sorted them all."""
    await driver.execute_query(WAITING)

    waiting = await graph.read(list_unresolved, row_limit=10)
    assert [one.record_key for one in waiting] == [f"crm:row:{2000 - place}" for place in range(10)]
    profiled = await driver.execute_query(f"PROFILE {LIST_UNRESOLVED.text}", row_limit=10)
    assert hits_of(profiled.summary.profile) < 200  # pyright: ignore[reportUnknownMemberType]
    await empty(driver)  # records of nobody break the rules of the graph


def sale(number: int) -> Json:
    """A receipt with its customer's e-mail and the shop's own phone."""
    return {**receipt(number), "traits": {"phone": "0140000001", "email": f"c{number}@x.fr"}}


async def test_identifier_of_too_many_people_is_no_longer_followed(graph: Graph, driver: AsyncDriver) -> None:
    policy = replace(DEFAULT_POLICY, people_capped=8)
    ingest = Ingest(graph=graph, policy=policy, clock=lambda: RECEIVED_AT)
    await ingest([parse(sale(number)) for number in range(9)])
    phone = IdentifierKey(kind="phone", value="+33140000001")
    stored = await graph.read(read_holders, identifiers=[phone])
    assert (stored[phone].contested, stored[phone].capped, stored[phone].record_keys) == (True, True, ())

    await ingest([parse(sale(10)), parse(sale(11))])
    seeds = Seeds(record_keys=frozenset({RecordKey("pos:row:r10")}))
    component = await graph.read(read_component, seeds=seeds, policy=policy, records_max=None)
    assert list(component.records) == ["pos:row:r10"]
    assert len(set((await observe(driver)).person_of.values())) == 11


async def test_user_id_joins_at_once(graph: Graph, driver: AsyncDriver) -> None:
    ingest = Ingest(graph=graph, policy=SMALL, clock=lambda: RECEIVED_AT)
    for number in range(5):
        await ingest([parse(receipt(number))])
    card = {
        "externalIds": [{"id": "29900099", "type": "loyalty_card", "collection": "users", "encoding": "none"}]
    }
    about: Json = {"timestamp": TIMESTAMP, "type": "identify", "userId": "u1", "context": card}
    await ingest([parse({**about, "messageId": "i1", "source": "web"})])
    await ingest([parse({**about, "messageId": "i2", "source": "app"})])

    person_of = dict((await observe(driver)).person_of)
    assert person_of["web:user:u1"] == person_of["app:user:u1"]  # type: ignore[index]
    assert await find_violations(graph) == []

    await ResolveMarked(graph=graph, policy=SMALL, clock=lambda: RECEIVED_AT).run()
    assert len(set((await observe(driver)).person_of.values())) == 1


@pytest.mark.parametrize("seed", range(4))
async def test_after_the_job_it_is_as_without_a_limit(seed: int, graph: Graph, driver: AsyncDriver) -> None:
    messages = [parse(message) for message in stream(seed, count=60, shared=40)]
    ingest = Ingest(graph=graph, policy=DEFAULT_POLICY, clock=lambda: RECEIVED_AT)
    await ingest(messages)
    expected = await canonical(driver)

    await empty(driver)
    limited = Ingest(graph=graph, policy=SMALL, clock=lambda: RECEIVED_AT)
    chance = random.Random(seed)
    chance.shuffle(messages)
    for start in range(0, len(messages), 5):
        await limited(messages[start : start + 5])
        assert await find_violations(graph) == []
    assert await graph.read(list_unresolved, row_limit=1) != []
    await ResolveMarked(graph=graph, policy=SMALL, clock=lambda: RECEIVED_AT).run()
    assert await canonical(driver) == expected
