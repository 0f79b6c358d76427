"""Any order, repetition and grouping of any messages gives one state of the graph (RELIABILITY T5)."""

import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from neo4j import AsyncDriver

from graph_cdp.flows.ingest import Ingest
from graph_cdp.graph.checks import find_violations
from graph_cdp.graph.transactions import Graph
from graph_cdp.identity.policy import DEFAULT_POLICY
from tests.graph import empty
from tests.identity.canonical import State, canonical
from tests.identity.scenario import Json
from tests.identity.through_graph import RECEIVED_AT, parse

pytestmark = [pytest.mark.neo4j, pytest.mark.timeout(3600)]

DAYS = ("2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z")
EMAILS = ("one@x.fr", "two@x.fr")
PHONES = ("0611111112", "0612000001")
NAMES = ("Anne", "Paul")


@st.composite
def traits(draw: st.DrawFn) -> Json:
    """Some traits, of few values, so that records meet."""
    pools = {"email": EMAILS, "phone": PHONES, "first_name": NAMES, "city": ("Lyon", "Paris")}
    return {name: draw(st.sampled_from(pool)) for name, pool in pools.items() if draw(st.booleans())}


@st.composite
def messages_of(draw: st.DrawFn, number: int) -> Json:
    """A message of any kind that says who somebody is."""
    user, device = draw(st.sampled_from(("u1", "u2"))), draw(st.sampled_from(("a1", "a2")))
    about: Json = {"messageId": f"m{number}", "timestamp": draw(st.sampled_from(DAYS)), "source": "web"}
    match draw(st.sampled_from(("identify", "login", "page", "alias", "record"))):
        case "identify":
            return {**about, "type": "identify", "userId": user, "traits": draw(traits())}
        case "login":
            return {
                **about,
                "type": "identify",
                "userId": user,
                "anonymousId": device,
                "traits": draw(traits()),
            }
        case "page":
            return {**about, "type": "page", "anonymousId": device}
        case "alias":
            return {
                **about,
                "type": "alias",
                "userId": user,
                "previousId": draw(st.sampled_from((device, "u1", "u2"))),
            }
        case _:
            id_ = draw(st.sampled_from(("1", "2", "3")))
            return {**about, "source": "crm", "type": "record", "record_id": id_, "traits": draw(traits())}


@st.composite
def histories(draw: st.DrawFn) -> list[Json]:
    """Two to eight messages."""
    return [draw(messages_of(number)) for number in range(draw(st.integers(2, 8)))]


async def state_after(
    messages: list[Json], chance: random.Random, graph: Graph, driver: AsyncDriver
) -> State:
    """Ingest the messages in the order given, in batches of a size by chance, into an empty graph."""
    await empty(driver)
    ingest = Ingest(graph=graph, policy=DEFAULT_POLICY, clock=lambda: RECEIVED_AT)
    rest = [parse(message) for message in messages]
    while rest:
        size = chance.randint(1, len(rest))
        await ingest(rest[:size])
        rest = rest[size:]
    return await canonical(driver)


async def check(messages: list[Json], seed: int, graph: Graph, driver: AsyncDriver) -> None:
    """The state as told, and as told in another order with some messages again."""
    chance = random.Random(seed)
    told = await state_after(messages, chance, graph, driver)
    again = [*messages, *chance.choices(messages, k=2)]
    chance.shuffle(again)
    assert await state_after(again, chance, graph, driver) == told
    assert await find_violations(graph) == []


CHECKS = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]


@given(messages=histories(), seed=st.integers(0, 2**32))
@settings(max_examples=40, deadline=None, suppress_health_check=CHECKS)
async def test_order_does_not_matter(
    messages: list[Json], seed: int, graph: Graph, driver: AsyncDriver
) -> None:
    await check(messages, seed, graph, driver)


@pytest.mark.soak
@given(messages=histories(), seed=st.integers(0, 2**32))
@settings(max_examples=300, deadline=None, suppress_health_check=CHECKS)
async def test_order_does_not_matter_in_300_histories(
    messages: list[Json], seed: int, graph: Graph, driver: AsyncDriver
) -> None:
    await check(messages, seed, graph, driver)
