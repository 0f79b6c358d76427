"""A human's verdict on records: applied at once, holding for ever, refused where it contradicts."""

from typing import Literal

import pytest
from neo4j import AsyncDriver

from graph_cdp.errors import Invalid, NotFound
from graph_cdp.flows.give_verdict import ConflictingVerdicts, GiveVerdict, NewVerdict
from graph_cdp.flows.ingest import Ingest
from graph_cdp.graph.driver import open_session
from graph_cdp.graph.transactions import Graph
from graph_cdp.identity.policy import DEFAULT_POLICY
from graph_cdp.ids import RecordId
from tests.identity.canonical import canonical
from tests.identity.scenario import TIMESTAMP, Json
from tests.identity.through_graph import RECEIVED_AT, observe, parse

pytestmark = pytest.mark.neo4j


def row(number: int, **traits: str) -> Json:
    """A row of the CRM."""
    about: Json = {"messageId": f"m{number}", "timestamp": TIMESTAMP, "type": "record", "source": "crm"}
    return {**about, "record_id": str(number), "traits": traits}


class Steward:
    """Who tells messages and gives verdicts, one after the other."""

    def __init__(self, graph: Graph, driver: AsyncDriver) -> None:
        self.driver = driver
        self.time = RECEIVED_AT
        self.ingest = Ingest(graph=graph, policy=DEFAULT_POLICY, clock=self.clock)
        self.changes: list[list[str]] = []
        self.flow = GiveVerdict(
            graph=graph,
            policy=DEFAULT_POLICY,
            clock=self.clock,
            observe=lambda resolved: self.changes.append(sorted(resolved.change_kinds)),
        )

    def clock(self) -> int:
        """Each look at it is a millisecond later."""
        self.time += 1
        return self.time

    async def tell(self, *messages: Json) -> None:
        """Send messages, each by itself."""
        for message in messages:
            await self.ingest([parse(message)])

    async def say(self, kind: Literal["same", "not_same"], left: int, right: int) -> None:
        """Give a verdict on two rows by their numbers."""
        sides = [frozenset([await self.record_id(number)]) for number in (left, right)]
        await self.flow(
            NewVerdict(
                kind=kind,
                left=sides[0],
                right=sides[1],
                by="steward",
                reason="asked them",
            )
        )

    async def record_id(self, number: int) -> RecordId:
        """The opaque id of a row."""
        async with open_session(self.driver, database="neo4j") as session:
            result = await session.run(
                "MATCH (r:SourceRecord {key: $key}) RETURN r.id AS id", key=f"crm:row:{number}"
            )
            return RecordId((await result.single(strict=True))["id"])

    async def people(self) -> list[list[str]]:
        """The rows of each person, by number."""
        person_of = (await observe(self.driver)).person_of
        people: dict[object, list[str]] = {}
        for key, person in sorted(person_of.items()):
            people.setdefault(person, []).append(key.rsplit(":", 1)[1])
        return sorted(people.values())


@pytest.fixture
def steward(graph: Graph, driver: AsyncDriver) -> Steward:
    """Somebody who looks after an empty graph."""
    return Steward(graph, driver)


async def test_same_joins_what_nothing_else_does(steward: Steward) -> None:
    await steward.tell(row(1, first_name="Anne"), row(2, first_name="Paul"))
    await steward.say("same", 1, 2)
    assert await steward.people() == [["1", "2"]]


async def test_not_same_parts_and_holds_against_later_evidence(steward: Steward) -> None:
    await steward.tell(row(1, email="a@x.fr"), row(2, email="a@x.fr"))
    assert await steward.people() == [["1", "2"]]
    await steward.say("not_same", 1, 2)
    assert steward.changes == [["split"]]
    await steward.tell({**row(1, email="a@x.fr", phone="0611111112"), "messageId": "m10"})
    await steward.tell({**row(2, email="a@x.fr", phone="0611111112"), "messageId": "m11"})
    assert await steward.people() == [["1"], ["2"]]


async def test_newest_verdict_on_a_pair_wins_and_restores_the_state(steward: Steward) -> None:
    await steward.tell(row(1, email="a@x.fr", city="Lyon"), row(2, email="a@x.fr"), row(3, email="c@x.fr"))
    before = await canonical(steward.driver)
    ids = dict((await observe(steward.driver)).person_of)
    await steward.say("same", 2, 3)
    assert await steward.people() == [["1", "2", "3"]]
    await steward.say("not_same", 2, 3)
    await steward.say("not_same", 1, 3)
    assert await canonical(steward.driver) == before
    assert dict((await observe(steward.driver)).person_of) == ids


async def test_verdict_that_closes_a_contradiction_is_refused_and_changes_nothing(steward: Steward) -> None:
    await steward.tell(row(1), row(2), row(3))
    await steward.say("same", 1, 2)
    await steward.say("not_same", 1, 3)
    before = await canonical(steward.driver)
    with pytest.raises(ConflictingVerdicts):
        await steward.say("same", 2, 3)
    assert await canonical(steward.driver) == before


async def test_verdict_on_unknown_or_equal_records_is_refused(steward: Steward) -> None:
    await steward.tell(row(1))
    known = await steward.record_id(1)

    def verdict(other: RecordId) -> NewVerdict:
        return NewVerdict(
            kind="same", left=frozenset([known]), right=frozenset([other]), by="steward", reason=""
        )

    with pytest.raises(NotFound):
        await steward.flow(verdict(RecordId("nobody")))
    with pytest.raises(Invalid):
        await steward.flow(verdict(known))
