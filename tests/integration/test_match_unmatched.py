"""Records are matched as they arrive, and the matches are those of all records matched at once by the same policy: in whatever
order they come, change and wait.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from random import Random

import pytest
from neo4j import AsyncDriver
from neo4j.exceptions import ClientError

from graph_cdp.candidates.repository import count_unmatched, list_full_keys
from graph_cdp.flows.ingest import Ingest
from graph_cdp.flows.match_graph import NeverTrained
from graph_cdp.graph.checks import find_violations
from graph_cdp.graph.transactions import Graph
from graph_cdp.identity.policy import DEFAULT_POLICY
from graph_cdp.ids import RecordKey
from graph_cdp.source.model import Message
from tests.faults.faulty import FaultyGraph, Plan
from tests.identity.through_graph import RECEIVED_AT, observe
from tests.integration.arrivals import NOTHING_DIFFERS, against_all, arrive, matches, matching, trained, whole
from tests.integration.querying import query
from tests.integration.test_match_graph import febrl_4, load, measured

pytestmark = pytest.mark.neo4j

STANDING = """
MATCH (record:SourceRecord {key: $key})
RETURN record:Unmatched AS waits, COUNT { (record)-[:HAS_MATCH_KEY]->() } AS keys,
       COUNT { (record)-[:MATCHES]-() } AS matches
"""

UNUSED = """
MATCH (record:SourceRecord)-[:HAS_MATCH_KEY {unused: true}]->()
RETURN record.key AS one, count(*) AS keys
"""

MOST_CANDIDATES = """
MATCH (record:SourceRecord)
RETURN max(COUNT {
  MATCH (record)-[mine:HAS_MATCH_KEY]->()<-[theirs:HAS_MATCH_KEY]-(other)
  WHERE mine.unused IS NULL AND theirs.unused IS NULL
  RETURN DISTINCT other
}) AS candidates
"""

BASE, ALL = 80, 140


def parts() -> tuple[list[Message], list[Message]]:
    """What is there when weights are learned, and what arrives after."""
    messages = febrl_4(ALL)
    base = [one for number in (0, ALL) for one in messages[number : number + BASE]]
    return base, [one for one in messages if one not in base]


def changed(message: Message, version: int, **traits: str | None) -> Message:
    """A later row of the same record, with other traits; None for one that it states no more."""
    said = {name: value for name, value in {**message.traits, **traits}.items() if value is not None}
    id_ = f"{message.message_id}-{version}"
    return replace(message, message_id=id_, body_hash=id_, occurred_at=RECEIVED_AT + version, traits=said)


def changes(messages: list[Message]) -> list[Message]:
    """New versions of some: a mistyped name, one that is taken back, a move, silence."""
    found: list[Message] = []
    for number, one in enumerate(messages[:30]):
        name = one.traits.get("last_name", "x")
        found.append(changed(one, 1, last_name=name[1:] + "q", city="kew"))
        if number % 3 == 0:
            found.append(changed(one, 2))
        if number % 7 == 0:
            found.append(changed(one, 3, **dict.fromkeys(one.traits)))
    return found


@pytest.mark.parametrize("seed", [1, 2])
async def test_what_arrives_in_any_order_matches_as_all_at_once(
    graph: Graph, driver: AsyncDriver, seed: int
) -> None:
    base, rest = parts()
    await load(graph, driver, base)
    await trained(graph)
    before = await matches(graph)
    chance = Random(seed)
    arrivals = rest + changes(base) + changes(rest)
    chance.shuffle(arrivals)
    await arrive(graph, arrivals, chance=chance)

    assert await against_all(graph) == NOTHING_DIFFERS
    assert len(await matches(graph)) > len(before)
    assert await graph.read(count_unmatched) == 0
    assert await find_violations(graph) == []


async def test_a_new_record_joins_the_person_that_no_identifier_names(
    graph: Graph, driver: AsyncDriver
) -> None:
    base, rest = parts()
    await load(graph, driver, base)
    await trained(graph)
    ingest = Ingest(graph=graph, policy=DEFAULT_POLICY, clock=lambda: RECEIVED_AT)
    await ingest(rest)
    identifiers_only = await measured(driver)
    assert await matching(graph).run() > 0
    matched = await measured(driver)
    assert matched.pairwise.recall > identifiers_only.pairwise.recall
    assert matched.pairwise.precision == 1.0


async def test_a_key_that_fills_no_longer_vouches_for_whom_it_brought(
    graph: Graph, driver: AsyncDriver
) -> None:
    """Evidence found only through a key that has more records than its cap is evaluated again."""
    base, rest = parts()
    await load(graph, driver, base)
    await trained(graph, block_records_max=2)
    full = await graph.read(list_full_keys)
    before = await matches(graph)
    again = [
        replace(one, source="web", record_key=RecordKey(f"web:row:{one.message_id}")) for one in base[:40]
    ]
    await arrive(graph, [*rest, *again], chance=Random(3))
    assert len(await graph.read(list_full_keys)) > len(full)
    stand = {(row["one"], row["other"]) for row in await matches(graph)}
    assert any((row["one"], row["other"]) not in stand for row in before)
    assert await against_all(graph) == NOTHING_DIFFERS
    assert await find_violations(graph) == []


def crowds(base: list[Message], size: int) -> list[Message]:
    """Copies, more than are candidates; and as many as are, with two others of whom each says another half: those two have few candidates."""
    crowded = [crowd(one, size, one.traits) for one in base[:9:4]]
    invented = {
        "first_name": "zebulon",
        "last_name": "quixote",
        "birth_date": "1931-02-03",
        "street": "7 windmill rise",
        "city": "toboso",
        "postal_code": "7007",
    }
    halves = [dict(list(invented.items())[:3]), dict(list(invented.items())[3:])]
    crowded.append(crowd(base[1], size, invented))
    crowded += [crowd(base[place], 1, half) for place, half in zip((2, 3), halves, strict=True)]
    return [one for of_crowd in crowded for one in of_crowd]


def crowd(message: Message, size: int, traits: Mapping[str, str]) -> list[Message]:
    """So many records that say the same."""
    keys = [RecordKey(f"till{number}:row:{message.message_id}") for number in range(size)]
    return [
        replace(message, source=f"till{number}", record_key=key, traits=traits, identifiers=())
        for number, key in enumerate(keys)
    ]


@pytest.mark.parametrize("candidates_max", [4, 9])
async def test_who_has_too_many_candidates_looks_by_its_rarest_keys_whoever_comes_first(
    graph: Graph, driver: AsyncDriver, candidates_max: int
) -> None:
    """A record that arrives can make its neighbours look by fewer keys; one that changes sets them free again. Of so many copies each has
    too many others, and what a copy matched before counts no more.
    """
    base, rest = parts()
    await load(graph, driver, base)
    await trained(graph, candidates_max=candidates_max)
    before = {row["one"]: row["keys"] for row in await query(graph, UNUSED)}
    await arrive(graph, [*rest, *crowds(base, candidates_max)], chance=Random(candidates_max))
    after = {row["one"]: row["keys"] for row in await query(graph, UNUSED)}
    assert any(after.get(one, 0) > before.get(one, 0) for one in after)
    assert await against_all(graph) == NOTHING_DIFFERS
    await arrive(graph, [replace(changed(one, 9), traits={}) for one in base[::3]], chance=Random(1))
    freed = {row["one"]: row["keys"] for row in await query(graph, UNUSED)}
    assert any(freed.get(one, 0) < after[one] for one in after)
    assert await against_all(graph) == NOTHING_DIFFERS
    (most,) = await query(graph, MOST_CANDIDATES)
    assert 0 < most["candidates"] <= candidates_max
    assert await graph.read(count_unmatched) == 0

    await driver.execute_query("MATCH ()-[has:HAS_MATCH_KEY]->() REMOVE has.unused")
    await trained(graph, candidates_max=candidates_max)
    assert {row["one"]: row["keys"] for row in await query(graph, UNUSED)} == freed
    await trained(graph, candidates_max=200)
    assert await query(graph, UNUSED) == []


async def test_two_processes_that_compare_at_once_miss_nothing(graph: Graph, driver: AsyncDriver) -> None:
    base, rest = parts()
    await load(graph, driver, base)
    await trained(graph)
    ingest = Ingest(graph=graph, policy=DEFAULT_POLICY, clock=lambda: RECEIVED_AT)
    halves = [rest[place::4] for place in range(4)]
    for _ in range(2):
        await asyncio.gather(*(ingest(half) for half in halves), matching(graph).run(), matching(graph).run())
    await matching(graph).run()
    assert await against_all(graph) == NOTHING_DIFFERS


async def test_without_a_policy_records_wait_and_none_is_lost(graph: Graph, driver: AsyncDriver) -> None:
    base, rest = parts()
    await load(graph, driver, base)
    assert await matching(graph).run() == 0
    assert await graph.read(count_unmatched) == len(base)
    with pytest.raises(NeverTrained, match="No policy was learned yet"):
        await whole(graph).find_again()

    await trained(graph)
    assert await graph.read(count_unmatched) == 0
    await load_more(graph, rest)
    assert await graph.read(count_unmatched) == len(rest)


async def load_more(graph: Graph, messages: list[Message]) -> None:
    """Store messages; nobody compares them."""
    await Ingest(graph=graph, policy=DEFAULT_POLICY, clock=lambda: RECEIVED_AT)(messages)


async def test_who_changes_while_all_are_matched_is_compared_after(graph: Graph, driver: AsyncDriver) -> None:
    base, rest = parts()
    await load(graph, driver, base)
    found = await whole(graph).find()
    meanwhile = changes(base)
    await load_more(graph, [*rest, *meanwhile])
    await whole(graph).apply(found)
    late = {one.record_key: one.traits for one in (*base, *rest, *meanwhile)}
    as_read = {one.record_key: one.traits for one in base}
    waiting = [key for key, traits in late.items() if as_read.get(key) != traits]
    assert await graph.read(count_unmatched) == len(waiting) > len(rest)
    assert await matching(graph).run() >= len(waiting)
    assert await against_all(graph) == NOTHING_DIFFERS


async def test_what_an_interrupted_matching_left_is_mended_by_the_next(
    graph: Graph, driver: AsyncDriver
) -> None:
    base, rest = parts()
    await load(graph, driver, base)
    await trained(graph)
    await load_more(graph, rest)
    flow = whole(graph)

    def stop(done: int, total: int) -> None:
        del total
        if done:
            raise KeyboardInterrupt

    stopped = replace(flow, watched=replace(flow.watched, keeping=stop))
    with pytest.raises(KeyboardInterrupt):
        await stopped.apply(await stopped.find())
    assert await matching(graph).run() == 0  # no policy is in force
    await trained(graph)
    assert await against_all(graph) == NOTHING_DIFFERS


async def test_who_says_too_little_has_no_match_key(graph: Graph, driver: AsyncDriver) -> None:
    base, rest = parts()
    await load(graph, driver, base)
    await trained(graph)
    await arrive(graph, rest, chance=Random(5))
    silent = rest[0]
    await arrive(graph, [changed(silent, 9, **dict.fromkeys(silent.traits))], chance=Random(6))
    assert silent.record_key is not None
    assert await query(graph, STANDING, key=silent.record_key) == [{"waits": False, "keys": 0, "matches": 0}]
    assert RecordKey(silent.record_key) in (await observe(driver)).person_of


async def test_a_fault_at_any_statement_leaves_the_record_waiting(graph: Graph, driver: AsyncDriver) -> None:
    base, rest = parts()
    await load(graph, driver, base)
    await trained(graph)
    ingest = Ingest(graph=graph, policy=DEFAULT_POLICY, clock=lambda: RECEIVED_AT)
    plan, at = Plan(fault="broken"), 0
    while True:
        plan, at = Plan(fault="broken", at=at + 1), at + 1
        arrived = rest[at]
        await ingest([arrived])
        faulty = replace(matching(graph), graph=FaultyGraph(driver, plan))
        try:
            await faulty.run()
        except ClientError:
            assert await query(graph, STANDING, key=arrived.record_key) == [
                {"waits": True, "keys": 0, "matches": 0}
            ]
        await matching(graph).run()
        if not plan.spent:
            break
    assert at > 6
    assert await against_all(graph) == NOTHING_DIFFERS
