"""What users of other matchers ran into, asked of ours."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import pytest
from neo4j import AsyncDriver

from graph_cdp.candidates.repository import LIST_CANDIDATES, list_candidates
from graph_cdp.flows.ingest import Ingest
from graph_cdp.graph.queries import Tx
from graph_cdp.graph.transactions import Graph
from graph_cdp.identity.policy import DEFAULT_POLICY
from graph_cdp.source.model import Message
from tests.identity.through_graph import RECEIVED_AT
from tests.integration.arrivals import matching, resolving, trained, whole
from tests.integration.querying import hits_of, query
from tests.integration.test_match_graph import febrl_4, load

pytestmark = pytest.mark.neo4j

PEOPLE = """
MATCH (record:SourceRecord)-[:RESOLVES_TO]->(person:Person)
RETURN record.key AS record_key, person.id AS person_id
"""

ALL, KNOWN, TWICE = 80, 70, 50
"""People; those of whom there is a record when weights are learned, and those of whom there are two by then."""

DISGUISED = 1
"""Of person 61 the second record has another given name, date of birth and postal code: it is nobody's."""


async def people(graph: Graph) -> dict[str, str]:
    """The person of each record."""
    return {row["record_key"]: row["person_id"] for row in await query(graph, PEOPLE)}


def parts() -> tuple[list[Message], list[Message]]:
    """The records that are there when weights are learned, and those that arrive after: of people who are known, and twice of others."""
    messages = febrl_4(ALL)
    one, other = messages[:ALL], messages[ALL:]
    return [*one[:KNOWN], *other[:TWICE]], [*one[KNOWN:], *other[TWICE:]]


async def arrive_later(graph: Graph, messages: Sequence[Message]) -> None:
    """Ingest what comes a second after the rest: of two people the older one gives the id."""
    await Ingest(graph=graph, policy=DEFAULT_POLICY, clock=lambda: RECEIVED_AT + 1_000)(messages)


def told_together(person_of: dict[str, str], numbers: range) -> int:
    """Of how many people of these numbers the two records are one person."""
    return sum(
        person_of[f"crm:row:rec-{number}-org"] == person_of[f"pos:row:rec-{number}-dup-0"]
        for number in numbers
    )


async def test_splink_1112_new_records_join_who_is_there_and_each_other(
    graph: Graph, driver: AsyncDriver
) -> None:
    """Splink #1112, dedupe #1113: new records have to be clustered with what is clustered already, and among themselves."""
    base, new = parts()
    await load(graph, driver, base)
    await trained(graph)
    before = await people(graph)
    await arrive_later(graph, new)
    await matching(graph).run()
    after = await people(graph)

    assert {key: after[key] for key in before} == before
    assert told_together(after, range(TWICE, KNOWN)) == KNOWN - TWICE - DISGUISED
    assert told_together(after, range(KNOWN, ALL)) == ALL - KNOWN
    assert len(set(after.values())) == len(set(before.values())) + ALL - KNOWN + DISGUISED


async def test_zingg_132_ids_stay_when_all_is_learned_and_matched_anew(
    graph: Graph, driver: AsyncDriver
) -> None:
    """Zingg #132: the id of a cluster is another one after each training."""
    base, new = parts()
    await load(graph, driver, base)
    first = await trained(graph)
    before = await people(graph)
    await arrive_later(graph, new)
    found = await whole(graph).find()
    await whole(graph).apply(found)
    await resolving(graph).run()
    after = await people(graph)

    assert found.text != first
    assert {key: after[key] for key in before} == before
    assert told_together(after, range(ALL)) > told_together(before | dict.fromkeys(after, ""), range(TWICE))


async def test_splink_3229_comparing_a_record_reads_its_candidates_and_nobody_else(
    graph: Graph, driver: AsyncDriver
) -> None:
    """Splink PR #3229: to score one record the whole table was read."""
    base, new = parts()
    some, others = base[:20] + base[KNOWN : KNOWN + 20], base[20:KNOWN] + new
    await load(graph, driver, some)
    await trained(graph)
    before = await graph.read(cost_of_candidates, some)
    await arrive_later(graph, others)
    await matching(graph).run()
    after = await graph.read(cost_of_candidates, some)

    assert after.records >= before.records > 0
    assert after.hits / after.records <= 1.5 * before.hits / before.records


class Cost(NamedTuple):
    """How many records some are compared with, and how often the database is touched to find them."""

    records: int
    hits: int


async def cost_of_candidates(tx: Tx, messages: Sequence[Message]) -> Cost:
    """What comparing the records of these messages costs."""
    keys = [message.record_key for message in messages if message.record_key]
    candidates = await list_candidates(tx, record_keys=keys)
    result = await tx.run("PROFILE " + LIST_CANDIDATES.text, {"record_keys": keys, "kinds": []})
    summary: Any = await result.consume()
    return Cost(len(candidates.records), hits_of(summary.profile))
