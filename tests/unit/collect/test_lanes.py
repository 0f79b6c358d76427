"""The lanes of group commit: whose messages wait for whose, and what a writer that ends leaves behind."""

import asyncio
from collections.abc import Sequence
from itertools import count

from graph_cdp.collect.batcher import LANES, WriterFailed
from graph_cdp.flows.outcome import ACCEPTED, Outcome
from graph_cdp.source.model import Message
from tests.unit.collect.test_batcher import Store, batcher, message, messages


def user_of_another_lane() -> str:
    """One whose messages do not wait for those of `u1`."""
    lane = hash("web:user:u1") % LANES
    return next(f"u{number}" for number in count(2) if hash(f"web:user:u{number}") % LANES != lane)


async def test_a_crash_of_a_writer_leaves_nobody_waiting() -> None:
    crash: list[BaseException] = [_Crash()]
    store = Store(lambda one: crash.pop() if crash and one.message_id != "m9" else None)
    store.open.clear()
    async with batcher(store.ingest, messages_max=1) as group:
        requests = [asyncio.create_task(group.submit(messages(number))) for number in (1, 2, 3)]
        other = asyncio.create_task(group.submit([message(9, user_of_another_lane())]))
        await store.begun.wait()
        store.open.set()
        errors = await asyncio.gather(*requests, return_exceptions=True)
        assert [type(error) for error in errors] == [WriterFailed] * 3
        assert await other == [ACCEPTED]
        assert await group.submit(messages(4)) == [ACCEPTED]


async def test_a_message_that_comes_as_its_writer_ends_is_written() -> None:
    store = Store()
    async with batcher(store.ingest) as group:
        for number in range(50):
            await group.submit(messages(number))
            for _ in range(number % 5):
                await asyncio.sleep(0)
            assert await group.submit(messages(100 + number)) == [ACCEPTED]
    assert len(store.batches) == 100


async def test_a_batch_is_written_in_each_lane_at_one_time() -> None:
    writing: list[set[str]] = []
    go_on, all_here = asyncio.Event(), asyncio.Event()
    sent = [message(number, f"u{number % 16}") for number in range(64)]

    async def ingest(batch: Sequence[Message]) -> list[Outcome]:
        writing.append({str(one.record_key) for one in batch})
        if len(writing) == LANES:
            all_here.set()
        await go_on.wait()
        return [ACCEPTED] * len(batch)

    async with batcher(ingest, messages_max=64, queue_max=100) as group:
        asked = asyncio.create_task(group.submit(sent))
        try:
            await asyncio.wait_for(all_here.wait(), 10)
            await asyncio.sleep(0.01)
            assert len(writing) == LANES
            assert sum(len(records) for records in writing) == len(set[str]().union(*writing)) == 16
        finally:
            go_on.set()
        assert await asked == [ACCEPTED] * 64


async def test_messages_of_one_record_are_never_in_two_batches_at_one_time() -> None:
    store = Store()
    store.open.clear()
    async with batcher(store.ingest, messages_max=2) as group:
        answers = [asyncio.create_task(group.submit([message(number)])) for number in (1, 2, 3)]
        await store.begun.wait()
        await asyncio.sleep(0.01)
        assert group.held == 3
        store.open.set()
        await asyncio.gather(*answers)
    assert store.batches == [["m1", "m2"], ["m3"]]


async def test_of_two_messages_with_one_id_in_a_request_the_first_is_written_first() -> None:
    store = Store()
    users = ["u1", user_of_another_lane()]
    async with batcher(store.ingest) as group:
        for first, second in (users, users[::-1]):
            store.batches.clear()
            await group.submit([message(1, first), message(1, second)])
            assert store.batches == [["m1", "m1"]]


class _Crash(BaseException):
    """Ends a task as a cancellation does, and unlike KeyboardInterrupt not the loop."""
