"""The statement that computes golden records against the pure model of the same rules."""

import asyncio
import random
from typing import get_args

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from neo4j import AsyncDriver

from graph_cdp.golden_record.model import FieldRule, RuleName, StatingRecord, Survivor, Survivorship
from graph_cdp.golden_record.policy import DEFAULT_SURVIVORSHIP
from graph_cdp.golden_record.repository import Concerned, compute_golden_records
from graph_cdp.golden_record.rules import sole_golden_record, survive
from graph_cdp.golden_record.service import recompute_golden_records
from graph_cdp.graph.queries import Tx
from graph_cdp.graph.transactions import Graph
from graph_cdp.ids import PersonId, RecordId, RecordKey
from graph_cdp.source.model import TRAITS
from graph_cdp.source.rules import TraitValue
from tests.golden_record.stated import golden_record, put
from tests.graph import empty
from tests.identity.teller import Teller
from tests.identity.through_graph import AT

pytestmark = [pytest.mark.neo4j, pytest.mark.timeout(3600)]

FIELDS: tuple[str, ...] = ("first_name", "email", "city")
VALUES = ("a", "bb", "bC", "é", "🜁🜂", "ccc")
NAMES = ("1", "2", "é", "\uffee", "🜁", "Z")
RULES = st.builds(FieldRule, rule=st.sampled_from(get_args(RuleName)), verified=st.booleans())
STATEMENTS = st.builds(
    TraitValue, value=st.sampled_from(VALUES), at=st.integers(1, 3), verified=st.booleans()
)
SURVIVORSHIP = st.builds(
    Survivorship, default=RULES, fields=st.dictionaries(st.sampled_from(FIELDS), RULES, max_size=3)
)
PERSON = PersonId("p0")


@st.composite
def people(draw: st.DrawFn) -> dict[PersonId, list[StatingRecord]]:
    """A few people with records of sources that are trusted more or less."""
    trust = {source: draw(st.integers(0, 2)) for source in ("crm", "pos", "web")}
    keys = draw(
        st.lists(st.tuples(st.sampled_from(sorted(trust)), st.sampled_from(NAMES)), min_size=1, unique=True)
    )
    found: dict[PersonId, list[StatingRecord]] = {}
    for source, name in keys:
        key = RecordKey(f"{source}:row:{name}")
        traits = draw(st.dictionaries(st.sampled_from(FIELDS), STATEMENTS, max_size=3))
        record = StatingRecord(key=key, id=RecordId(f"id of {key}"), trust=trust[source], traits=traits)
        found.setdefault(PersonId(f"p{draw(st.integers(0, 2))}"), []).append(record)
    return found


async def compute(graph: Graph, person_ids: list[PersonId], survivorship: Survivorship) -> int:
    people = dict.fromkeys(person_ids, Concerned())
    return await graph.write(compute_golden_records, people=people, survivorship=survivorship)


async def check(
    stated: dict[PersonId, list[StatingRecord]],
    rules: tuple[Survivorship, Survivorship],
    graph: Graph,
    driver: AsyncDriver,
) -> None:
    """By one set of rules, then by another over what the first left."""
    await empty(driver)
    await put(driver, stated)
    for survivorship in rules:
        await compute(graph, list(stated), survivorship)
        for person_id, records in stated.items():
            assert await golden_record(driver, person_id) == survive(records, survivorship)


CHECKS = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]


@given(stated=people(), rules=st.tuples(SURVIVORSHIP, SURVIVORSHIP))
@settings(max_examples=60, deadline=None, suppress_health_check=CHECKS)
async def test_the_statement_and_the_model_agree(
    stated: dict[PersonId, list[StatingRecord]],
    rules: tuple[Survivorship, Survivorship],
    graph: Graph,
    driver: AsyncDriver,
) -> None:
    await check(stated, rules, graph, driver)


@pytest.mark.soak
@given(stated=people(), rules=st.tuples(SURVIVORSHIP, SURVIVORSHIP))
@settings(max_examples=2_000, deadline=None, suppress_health_check=CHECKS)
async def test_the_statement_and_the_model_agree_2000_times(
    stated: dict[PersonId, list[StatingRecord]],
    rules: tuple[Survivorship, Survivorship],
    graph: Graph,
    driver: AsyncDriver,
) -> None:
    await check(stated, rules, graph, driver)


@given(stated=people(), survivorship=SURVIVORSHIP, seed=st.integers(0, 2**32))
@settings(max_examples=300, deadline=None)
def test_the_order_of_records_does_not_matter(
    stated: dict[PersonId, list[StatingRecord]], survivorship: Survivorship, seed: int
) -> None:
    for records in stated.values():
        shuffled = random.Random(seed).sample(records, len(records))
        assert survive(shuffled, survivorship) == survive(records, survivorship)


@given(stated=people(), survivorship=SURVIVORSHIP)
@settings(max_examples=200)
def test_of_one_record_all_survives_by_whichever_rule(
    stated: dict[PersonId, list[StatingRecord]], survivorship: Survivorship
) -> None:
    for one in (record for records in stated.values() for record in records):
        expected: dict[str, str | int] = {}
        for name, survivor in survive([one], survivorship).items():
            expected |= {name: survivor.value, f"{name}_from": survivor.record_id, f"{name}_at": survivor.at}
        assert sole_golden_record(one.id, one.traits) == expected


def record(name: str, /, **stated: tuple[str, int]) -> StatingRecord:
    key = RecordKey(f"crm:row:{name}")
    traits = {trait: TraitValue(value=value, at=at) for trait, (value, at) in stated.items()}
    return StatingRecord(key=key, id=RecordId(name), trust=0, traits=traits)


async def test_a_value_that_no_record_states_any_more_goes(graph: Graph, driver: AsyncDriver) -> None:
    await put(driver, {PERSON: [record("1", city=("Lyon", 1), email=("a@x.fr", 1))]})
    await compute(graph, [PERSON], DEFAULT_SURVIVORSHIP)
    await put(driver, {PERSON: [record("1", city=("Lyon", 1))]})

    await compute(graph, [PERSON], DEFAULT_SURVIVORSHIP)

    assert await golden_record(driver, PERSON) == {
        "city": Survivor(value="Lyon", record_id=RecordId("1"), at=1)
    }


async def test_every_trait_can_survive(graph: Graph, driver: AsyncDriver) -> None:
    stated = record("1", **{name: (f"some {name}", 1) for name in TRAITS})
    await put(driver, {PERSON: [stated]})

    await compute(graph, [PERSON], DEFAULT_SURVIVORSHIP)

    assert await golden_record(driver, PERSON) == survive([stated], DEFAULT_SURVIVORSHIP)


async def test_a_record_that_is_somebody_elses_by_now_is_told(graph: Graph, driver: AsyncDriver) -> None:
    await put(driver, {PERSON: [record("1")], PersonId("p1"): [record("2")]})
    concerned = {PERSON: Concerned(record_ids=[RecordId("1"), RecordId("2")])}

    moved = await graph.write(compute_golden_records, people=concerned, survivorship=DEFAULT_SURVIVORSHIP)

    assert moved == 1


async def test_of_two_writers_the_second_sees_what_the_first_wrote(graph: Graph, driver: AsyncDriver) -> None:
    await put(driver, {PERSON: [record("1", city=("Lyon", 1)), record("2", email=("a@x.fr", 1))]})
    first_has_computed = asyncio.Event()

    async def write(tx: Tx, name: str, trait: str, value: str) -> None:
        await (
            await tx.run(
                "MATCH (r:SourceRecord {id: $id}) SET r[$trait] = $value", id=name, trait=trait, value=value
            )
        ).consume()
        if name == "2":
            await first_has_computed.wait()
        await compute_golden_records(tx, people={PERSON: Concerned()}, survivorship=DEFAULT_SURVIVORSHIP)
        if name == "1":
            first_has_computed.set()
            await asyncio.sleep(0.5)  # the second is at the person's lock by then, or has read too early

    await asyncio.gather(graph.write(write, "1", "city", "Paris"), graph.write(write, "2", "email", "b@x.fr"))

    golden = await golden_record(driver, PERSON)
    assert {name: survivor.value for name, survivor in golden.items()} == {"city": "Paris", "email": "b@x.fr"}


async def test_all_people_are_computed_again(graph: Graph, driver: AsyncDriver) -> None:
    stated = {PersonId(f"p{number:04}"): [record(str(number), city=("Lyon", 1))] for number in range(1_001)}
    await put(driver, stated)
    told: list[int] = []

    assert (
        await recompute_golden_records(graph, survivorship=DEFAULT_SURVIVORSHIP, progress=told.append)
        == 1_001
    )

    assert told == [500, 1_000, 1_001]
    for person_id in (PersonId("p0000"), PersonId("p1000")):
        assert (await golden_record(driver, person_id))["city"].value == "Lyon"


async def test_new_people_get_their_golden_records_in_the_batch_that_founds_them(
    graph: Graph, driver: AsyncDriver
) -> None:
    teller = Teller(graph=graph, driver=driver)

    await teller.tell(
        teller.row("1", email="a@x.fr", first_name="Anne"),
        teller.make(type="identify", userId="u1", traits={"email": "a@x.fr", "city": "Lyon"}),
        teller.make(type="identify", userId="u2", traits={"email": "b@x.fr", "city": "Paris"}),
        teller.make(type="page", anonymousId="a1", name="Home"),
    )

    assert await teller.golden("web:user:u1") == {"email": "a@x.fr", "first_name": "Anne", "city": "Lyon"}
    assert await teller.golden("web:user:u2") == {"email": "b@x.fr", "city": "Paris"}
    assert await teller.golden("web:anonymous:a1") == {}
    person_id = PersonId(await teller.person_id("web:user:u2"))
    stored = await golden_record(driver, person_id)
    await compute(graph, [person_id], DEFAULT_SURVIVORSHIP)
    assert await golden_record(driver, person_id) == stored
    assert {survivor.at for survivor in stored.values()} == {AT}
