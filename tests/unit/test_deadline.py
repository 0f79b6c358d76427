"""A request has one time for all that it waits for."""

import asyncio

import pytest

from graph_cdp.api.deadline import Deadline
from graph_cdp.api.errors import TimedOut


async def test_what_was_waited_for_before_counts() -> None:
    deadline = Deadline(0.3)
    assert await deadline.wait_for(asyncio.sleep(0.2, "who asks")) == "who asks"

    with pytest.raises(TimedOut):
        await deadline.wait_for(asyncio.sleep(0.2))


async def test_what_lies_between_does_not() -> None:
    deadline = Deadline(0.3)
    await asyncio.sleep(0.4)  # as long as a slow sender takes

    assert await deadline.wait_for(asyncio.sleep(0.01, "answer")) == "answer"
