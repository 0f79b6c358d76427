"""Subscriptions: what is told, once and whole, on every process, through merges, splits and late commits."""

import asyncio
from collections.abc import AsyncGenerator
from typing import Any

import pytest
from neo4j import AsyncDriver

from graph_cdp.graph.driver import Neo4jTarget, open_session
from graph_cdp.graph.transactions import Graph
from tests.integration.asking import make_key
from tests.integration.listening import CHANGES, FACTS, Listener, Running, running, told_in
from tests.integration.mutating import (
    GIVE_VERDICT,
    IDENTIFY,
    TRACK,
    WRITE_RECORDS,
    WRITE_TRANSACTIONS,
    Caller,
    caller,
)

pytestmark = pytest.mark.neo4j

ADD_EVENT = """MATCH (record:SourceRecord {key: 'web:user:u1'})
CREATE (record)-[:PERFORMED]->(:Event {id: $id, source: 'web', message_id: $id, type: 'track', name: $id,
  record_key: record.key, occurred_at: 1, received_at: 1, recorded_at: $at, payload: '{}'})"""

ORDER = {
    "idempotency_key": "o1",
    "about": {"user_id": "u1"},
    "number": "1017",
    "occurred_at": "2026-01-01T00:00:00Z",
    "amount": 12.5,
    "currency": "EUR",
    "status": "completed",
}
NEW_RECORD = {"idempotency_key": "r1", "row_id": "17", "traits": {"email": "a@x.fr"}}


@pytest.fixture
async def service(graph: Graph, neo4j_target: Neo4jTarget) -> AsyncGenerator[Running]:
    async with running(neo4j_target) as service:
        yield service


@pytest.fixture
async def admin(service: Running, graph: Graph) -> AsyncGenerator[Caller]:
    async with service.client() as client:
        yield await caller(client, graph, "admin")


async def identify(admin: Caller, key: str, about: dict[str, str], **traits: str) -> dict[str, Any]:
    return await admin.call(
        IDENTIFY, input={"idempotency_key": key, "about": about, "traits": traits}, source="web"
    )


async def track(admin: Caller, name: str) -> None:
    await admin.call(
        TRACK,
        input={"idempotency_key": name, "about": {"user_id": "u1"}, "event": name},
        source="web",
    )


def names(delivery: dict[str, Any]) -> list[str]:
    return [fact["event"]["name"] for fact in delivery["facts"] if fact["event"]]


async def names_until(listener: Listener, last: str, id_: str = "1") -> tuple[list[str], str]:
    """The names of all events that are told until one, and the cursor behind it."""
    heard: list[str] = []
    delivery: dict[str, Any] = {}
    while last not in heard:
        delivery = await listener.told(id_)
        heard += names(delivery)
    return heard, str(delivery["cursor"])


async def test_what_somebody_does_is_told_as_it_is_committed(
    service: Running, admin: Caller, graph: Graph
) -> None:
    person_id = (await identify(admin, "i1", {"user_id": "u1"}))["person_id"]
    async with service.listen(await make_key(graph, "app")) as listener:
        first = told_in(await listener.subscribe(FACTS, id=person_id))
        await track(admin, "Viewed")
        second = await listener.told()
        await admin.call(WRITE_TRANSACTIONS, transactions=[ORDER], source="web")
        kinds: list[Any] = []
        while len(kinds) < 2:
            kinds += (await listener.told())["facts"]

    assert (first["facts"], first["person"]) == ([], {"person_id": person_id})
    assert second["facts"] == [{"kind": "EVENT", "event": {"name": "Viewed"}, "transaction": None}]
    assert sorted(kinds, key=lambda fact: fact["kind"]) == [
        {"kind": "EVENT", "event": {"name": "order"}, "transaction": None},
        {
            "kind": "TRANSACTION",
            "event": None,
            "transaction": {"kind": "ORDER", "amount": 12.5, "status": "completed"},
        },
    ]


async def test_what_was_missed_is_told_after_the_cursor_by_another_process(
    service: Running, admin: Caller, graph: Graph, neo4j_target: Neo4jTarget
) -> None:
    secret = await make_key(graph, "app")
    await identify(admin, "i1", {"user_id": "u1"})
    wanted: dict[str, Any] = {"identifier": {"kind": "user_id", "value": "u1"}}
    async with service.listen(secret) as listener:
        start = told_in(await listener.subscribe(FACTS, **wanted))["cursor"]
        await track(admin, "Heard")
        heard, cursor = await names_until(listener, "Heard")
    for number in range(60):
        await track(admin, f"Missed {number:02}")

    async with running(neo4j_target) as other, other.listen(secret) as listener:
        again = told_in(await listener.subscribe(FACTS, after=cursor, **wanted))
        missed, _ = await names_until(listener, "Missed 59")
        await listener.subscribe(FACTS, "2", after=start, **wanted)
        everything, _ = await names_until(listener, "Missed 59", "2")
        await track(admin, "Now")
        now, _ = await names_until(listener, "Now")

    expected = [f"Missed {number:02}" for number in range(60)]
    assert (heard, names(again), missed, now) == (["Heard"], [], expected, ["Now"])
    assert everything == ["Heard", *expected]


async def test_a_fact_whose_transaction_ends_late_is_told_once(
    service: Running, admin: Caller, graph: Graph, driver: AsyncDriver
) -> None:
    secret = await make_key(graph, "app")
    person_id = (await identify(admin, "i1", {"user_id": "u1"}))["person_id"]
    now = service.view.live.clock()
    async with service.listen(secret) as listener:
        await listener.subscribe(FACTS, id=person_id)
        async with open_session(driver, database="neo4j") as session, await session.begin_transaction() as tx:
            await tx.run(ADD_EVENT, id="late", at=now + 10)
            async with open_session(driver, database="neo4j") as other:
                await (await other.run(ADD_EVENT, id="early", at=now + 20)).consume()
            early, cursor = await names_until(listener, "early")
            await tx.commit()
        late, end = await names_until(listener, "late")

        await listener.subscribe(FACTS, "2", id=person_id, after=cursor)
        await listener.subscribe(FACTS, "3", id=person_id, after=end)
        await track(admin, "Last")
        missed, _ = await names_until(listener, "Last", "2")
        after_all, _ = await names_until(listener, "Last", "3")

    assert (early, late) == (["early"], ["late"])
    assert (missed, after_all) == (["late", "Last"], ["Last"])


async def test_a_person_is_followed_through_a_merge(service: Running, admin: Caller, graph: Graph) -> None:
    one = (await identify(admin, "i1", {"user_id": "u1"}))["person_id"]
    other = (await identify(admin, "i2", {"anonymous_id": "a1"}, email="a@x.fr"))["person_id"]
    async with service.listen(await make_key(graph, "app")) as listener:
        await listener.subscribe(CHANGES, "one", id=one)
        await listener.subscribe(CHANGES, "other", id=other)
        await listener.subscribe(FACTS, "facts", id=other)
        merged = (await identify(admin, "i3", {"user_id": "u1"}, email="a@x.fr"))["person_id"]
        told = [await listener.told(id_) for id_ in ("one", "other")]
        await admin.call(WRITE_RECORDS, records=[NEW_RECORD], source="crm")
        then = [await listener.told(id_) for id_ in ("one", "other")]
        await track(admin, "Bought")
        facts, _ = await names_until(listener, "Bought", "facts")

    assert merged in {one, other}
    assert one != other
    for delivery, kind in [*((one_, "merge") for one_ in told), *((one_, "attach") for one_ in then)]:
        assert delivery["person"] == {"person_id": merged}
        assert delivery["changes"][-1]["kind"] == kind
    assert told[0]["changes"][-1] == told[1]["changes"][-1]
    assert [change["kind"] for change in then[0]["changes"]] == ["attach"]
    assert facts[-1] == "Bought"


async def test_a_split_is_told_to_whoever_follows_either_part(
    service: Running, admin: Caller, graph: Graph
) -> None:
    left = await identify(admin, "i1", {"user_id": "u1"}, email="a@x.fr")
    right = await identify(admin, "i2", {"anonymous_id": "a1"}, email="a@x.fr")
    assert left["person_id"] == right["person_id"]
    async with service.listen(await make_key(graph, "app")) as listener:
        cursor = told_in(await listener.subscribe(CHANGES, id=left["person_id"]))["cursor"]
        verdict = await admin.call(
            GIVE_VERDICT,
            input={
                "idempotency_key": "v1",
                "kind": "NOT_SAME",
                "left": [left["record_id"]],
                "right": [right["record_id"]],
                "reason": "two people",
            },
        )
        told = await listener.told()
        (new,) = {one["person_id"] for one in verdict["records"]} - {left["person_id"]}
        await listener.subscribe(CHANGES, "new", id=new, after=cursor)
        told_to_new = await listener.told("new")

    assert [change["kind"] for change in told["changes"]] == ["split"]
    assert told_to_new["changes"] == told["changes"]
    assert told_to_new["person"] == {"person_id": new}


async def test_how_many_listen_is_counted(service: Running, admin: Caller, graph: Graph) -> None:
    await identify(admin, "i1", {"user_id": "u1"})
    about = {"kind": "user_id", "value": "u1"}
    async with service.listen(await make_key(graph, "app")) as listener:
        await listener.subscribe(FACTS, identifier=about)
        await listener.subscribe(CHANGES, id_="2", identifier=about)
        assert await count_subscriptions(service, graph) == "2.0"


async def count_subscriptions(service: Running, graph: Graph) -> str:
    async with service.client() as client:
        answer = await client.get("/metrics", headers={"X-API-Key": await make_key(graph, "admin")})
    (line,) = [one for one in answer.text.splitlines() if one.startswith("graph_cdp_subscriptions ")]
    return line.split()[1]


async def test_nobody_is_looked_after_once_the_socket_is_cut(
    service: Running, admin: Caller, graph: Graph
) -> None:
    person_id = (await identify(admin, "i1", {"user_id": "u1"}))["person_id"]
    async with service.listen(await make_key(graph, "app")) as listener:
        await listener.subscribe(FACTS, id=person_id)
        await listener.subscribe(CHANGES, "2", id=person_id)
        await listener.subscribe(CHANGES, "3", id=person_id)
        await listener.complete("3")
        await until(service, 2)
        listener.socket.transport.abort()
        await until(service, 0)


async def until(service: Running, watching: int) -> None:
    async with asyncio.timeout(10):
        while service.watching != watching:  # noqa: ASYNC110 - what is awaited happens in the service
            await asyncio.sleep(0.02)
