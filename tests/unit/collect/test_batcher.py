"""Group commit: what shares a transaction, what fails alone, and that nobody waits for ever."""

import asyncio
from collections.abc import Callable, Sequence

import pytest
from neo4j.exceptions import Neo4jError, ServiceUnavailable

from graph_cdp.collect.batcher import Batcher, QueueFull, WriterFailed
from graph_cdp.collect.isolation import NOT_STORED, Ingest, WrongAnswer, ingest_apart
from graph_cdp.errors import Unavailable
from graph_cdp.flows.outcome import ACCEPTED, DUPLICATE, Outcome
from graph_cdp.ids import RecordKey
from graph_cdp.source.model import Message


def message(number: int, user: str = "u1") -> Message:
    return Message(
        source="web", message_id=f"m{number}", type="track", record_key=RecordKey(f"web:user:{user}"), occurred_at=0,
        received_at=0, payload="{}", body_hash=str(number),
    )  # fmt: skip


def messages(*numbers: int) -> list[Message]:
    return [message(number) for number in numbers]


class Store:
    """An ingest that remembers its batches, may be held up, and fails where `fails` says so."""

    def __init__(self, fails: Callable[[Message], BaseException | None] = lambda _: None) -> None:
        self.batches: list[list[str]] = []
        self.open = asyncio.Event()
        self.open.set()
        self.begun = asyncio.Event()
        self._fails = fails

    async def ingest(self, batch: Sequence[Message]) -> list[Outcome]:
        self.begun.set()
        await self.open.wait()
        for one in batch:
            if error := self._fails(one):
                raise error
        known = {name for stored in self.batches for name in stored}
        self.batches.append([one.message_id for one in batch])
        return [DUPLICATE if one.message_id in known else ACCEPTED for one in batch]


def batcher(ingest: Ingest, *, messages_max: int = 4, queue_max: int = 8) -> Batcher:
    return Batcher(ingest, messages_max=messages_max, wait_ms=1, queue_max=queue_max)


async def test_requests_that_arrive_together_share_one_transaction() -> None:
    store = Store()
    async with batcher(store.ingest) as group:
        answers = await asyncio.gather(group.submit(messages(1)), group.submit(messages(2, 3)))
    assert answers == [[ACCEPTED], [ACCEPTED, ACCEPTED]]
    assert store.batches == [["m1", "m2", "m3"]]


async def test_a_request_larger_than_a_batch_is_answered_once_all_of_it_is_stored() -> None:
    store = Store()
    async with batcher(store.ingest) as group:
        assert await group.submit(messages(*range(7))) == [ACCEPTED] * 7
    assert store.batches == [["m0", "m1", "m2", "m3"], ["m4", "m5", "m6"]]


async def test_outcomes_come_back_in_the_order_of_the_request() -> None:
    store = Store()
    async with batcher(store.ingest) as group:
        await group.submit(messages(2))
        assert await group.submit(messages(1, 2, 3)) == [ACCEPTED, DUPLICATE, ACCEPTED]


async def test_a_bad_message_fails_alone() -> None:
    store = Store(lambda one: ValueError("bad") if one.message_id == "m2" else None)
    async with batcher(store.ingest) as group:
        answers = await asyncio.gather(group.submit(messages(0, 1)), group.submit(messages(2, 3)))
    assert answers == [[ACCEPTED, ACCEPTED], [NOT_STORED, ACCEPTED]]
    assert store.batches == [["m0", "m1"], ["m3"]]


@pytest.mark.parametrize(
    "code",
    ["Neo.ClientError.Statement.TypeError", "Neo.ClientError.Schema.ConstraintValidationFailed", "Neo.DatabaseError.Transaction.TransactionCommitFailed"],
)  # fmt: skip
async def test_a_value_that_the_database_refuses_fails_alone(code: str) -> None:
    store = Store(lambda one: _neo4j_error(code) if one.message_id == "m1" else None)
    async with batcher(store.ingest) as group:
        assert await group.submit(messages(0, 1)) == [ACCEPTED, NOT_STORED]


@pytest.mark.parametrize(
    "error",
    [
        ServiceUnavailable("gone"),
        TimeoutError(),
        ConnectionResetError(),
        Unavailable("Away."),
    ],
)
async def test_an_outage_blames_no_message(error: Exception) -> None:
    store = Store(lambda _: error)
    async with batcher(store.ingest) as group:
        with pytest.raises(Unavailable):
            await group.submit(messages(1, 2))
    assert store.batches == []


@pytest.mark.parametrize(
    "code",
    [
        "Neo.TransientError.Transaction.DeadlockDetected", "Neo.ClientError.Security.Forbidden",
        "Neo.ClientError.Transaction.TransactionTimedOut", "Neo.ClientError.Statement.SyntaxError",
        "Neo.ClientError.General.ForbiddenOnReadOnlyDatabase",
    ],
)  # fmt: skip
async def test_an_error_that_meets_every_message_blames_none(code: str) -> None:
    store = Store(lambda _: _neo4j_error(code))
    async with batcher(store.ingest) as group:
        with pytest.raises(Unavailable):
            await group.submit(messages(1, 2))


async def test_after_an_outage_the_next_request_is_served() -> None:
    outage = [ServiceUnavailable("gone")]
    store = Store(lambda _: outage.pop() if outage else None)
    async with batcher(store.ingest) as group:
        with pytest.raises(Unavailable):
            await group.submit(messages(1))
        assert await group.submit(messages(1)) == [ACCEPTED]


async def test_a_full_queue_refuses_before_memory_grows() -> None:
    store = Store()
    store.open.clear()
    async with batcher(store.ingest, queue_max=3) as group:
        first = asyncio.create_task(group.submit(messages(1, 2, 3)))
        await store.begun.wait()
        with pytest.raises(QueueFull):
            await group.submit(messages(4))
        store.open.set()
        assert await first == [ACCEPTED] * 3
        assert await group.submit(messages(4)) == [ACCEPTED]


async def test_a_request_larger_than_the_queue_is_served_when_nothing_waits() -> None:
    store = Store()
    async with batcher(store.ingest, queue_max=3) as group:
        assert await group.submit(messages(1, 2, 3, 4, 5)) == [ACCEPTED] * 5


async def test_stopping_writes_what_waits_and_takes_no_more() -> None:
    store = Store()
    store.open.clear()
    group = batcher(store.ingest)
    waiting = asyncio.create_task(group.submit(messages(1, 2, 3, 4, 5, 6)))
    await store.begun.wait()
    closing = asyncio.create_task(group.close())
    await asyncio.sleep(0)
    with pytest.raises(Unavailable):
        await group.submit(messages(7))
    store.open.set()
    await closing
    assert await waiting == [ACCEPTED] * 6
    assert store.batches == [["m1", "m2", "m3", "m4"], ["m5", "m6"]]


async def test_without_messages_there_is_no_transaction_and_stopping_returns() -> None:
    store = Store()
    group = batcher(store.ingest)
    assert await group.submit([]) == []
    await group.close()
    assert store.batches == []


async def test_messages_of_a_caller_that_went_away_are_written() -> None:
    store = Store()
    store.open.clear()
    async with batcher(store.ingest, messages_max=1) as group:
        gone = asyncio.create_task(group.submit(messages(1, 2)))
        await store.begun.wait()
        gone.cancel()
        await asyncio.wait([gone])
        assert gone.cancelled()
        store.open.set()
    assert store.batches == [["m1"], ["m2"]]


@pytest.mark.parametrize("error", [None, ServiceUnavailable("gone")])
async def test_a_caller_that_went_away_leaves_the_others_of_its_batch_their_answer(
    error: Exception | None,
) -> None:
    store = Store(lambda _: error)
    store.open.clear()
    async with batcher(store.ingest) as group:
        gone, stays = (asyncio.create_task(group.submit(messages(number))) for number in (1, 2))
        await store.begun.wait()
        gone.cancel()
        await asyncio.wait([gone])
        store.open.set()
        (answer,) = await asyncio.gather(stays, return_exceptions=True)
    assert isinstance(answer, Unavailable) if error else answer == [ACCEPTED]


async def test_a_failed_request_is_not_written_further() -> None:
    store = Store(lambda one: ServiceUnavailable("gone") if one.message_id == "m1" else None)
    async with batcher(store.ingest, messages_max=1) as group:
        with pytest.raises(Unavailable):
            await group.submit(messages(1, 2))
        assert await group.submit(messages(3)) == [ACCEPTED]
    assert store.batches == [["m3"]]


async def test_room_is_asked_for_before_anything_is_spent() -> None:
    store = Store()
    store.open.clear()
    async with batcher(store.ingest, queue_max=3) as group:
        first = asyncio.create_task(group.submit(messages(1, 2)))
        await store.begun.wait()
        group.require_room(1)
        with pytest.raises(QueueFull):
            group.require_room(2)
        store.open.set()
        await first
    with pytest.raises(Unavailable):
        group.require_room(1)


async def test_an_ingest_that_answers_too_little_is_a_failure() -> None:
    async def ingest(batch: Sequence[Message]) -> list[Outcome]:
        return [ACCEPTED]

    with pytest.raises(WrongAnswer):
        await ingest_apart(ingest, messages(1, 2))
    async with batcher(ingest) as group:
        with pytest.raises(WriterFailed):
            await group.submit(messages(1, 2))


def _neo4j_error(code: str) -> Neo4jError:
    return Neo4jError._hydrate_neo4j(code=code, message="x")  # pyright: ignore[reportPrivateUsage]
