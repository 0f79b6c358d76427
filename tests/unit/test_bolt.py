"""Answers are put together from whatever pieces they arrive in."""

import asyncio

import pytest

from graph_cdp.graph.bolt import Connection, NotRead
from graph_cdp.graph.packstream import END, read_field, write_message

SUCCESS, RECORD = b"\x70", b"\x71"
LONG = ["long " * 30_000]
ANSWER = (
    write_message(SUCCESS, {"fields": ["one"]})
    + END
    + write_message(RECORD, LONG)
    + write_message(SUCCESS, {})
)


class Told(asyncio.Transport):
    """Where a connection writes; nobody reads it."""

    def __init__(self) -> None:
        super().__init__()
        self.is_closed = False

    def write(self, data: bytes | bytearray | memoryview) -> None:
        """Nothing."""

    def is_closing(self) -> bool:
        return self.is_closed

    def abort(self) -> None:
        self.is_closed = True


async def connected() -> Connection:
    """A connection that agreed about a version."""
    connection = Connection()
    connection.connection_made(Told())
    connection.data_received(b"\x00\x00\x06\x05")
    return connection


@pytest.mark.parametrize("size", [1, 7, 65_535, 65_536, len(ANSWER)])
async def test_an_answer_is_whole_whatever_its_pieces(size: int) -> None:
    connection = await connected()
    answering = asyncio.create_task(connection.exchange(b"", 2, seconds_max=60))
    await asyncio.sleep(0)
    data = END + ANSWER

    for start in range(0, len(data), size):
        connection.data_received(data[start : start + size])

    assert [read_field(message) for message in await answering] == [{"fields": ["one"]}, LONG, {}]


async def test_a_broken_connection_answers_nobody() -> None:
    connection = await connected()
    answering = asyncio.create_task(connection.exchange(b"", 2, seconds_max=60))
    await asyncio.sleep(0)
    connection.data_received(ANSWER[:40])

    connection.connection_lost(None)

    with pytest.raises(NotRead):
        await answering
    assert not connection.is_open


async def test_who_is_given_up_closes_the_connection() -> None:
    connection = await connected()
    answering = asyncio.create_task(connection.exchange(b"", 2, seconds_max=60))
    await asyncio.sleep(0)

    answering.cancel()
    await asyncio.wait([answering])

    assert not connection.is_open


async def test_an_answer_that_does_not_come_is_given_up() -> None:
    connection = await connected()
    loop = asyncio.get_running_loop()
    loop.call_later(0.01, connection.connection_lost, None)  # as a loop does once it is closed

    with pytest.raises(NotRead):
        await connection.exchange(b"", 2, seconds_max=0.001)
    assert not connection.is_open
