"""The story's calls, made by Segment's own Python client: what a shop that uses it already would send."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib import import_module
from queue import Queue
from threading import Event
from types import ModuleType
from typing import Any, Protocol

from graph_cdp.demo.scenes import Call
from graph_cdp.errors import Misconfigured, Unavailable

BACKOFF_S_MAX = 60
"""Longest time the client tries again; its own default is 12 hours."""

POLL_S = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """Where messages are sent, and the write key that opens it."""

    url: str
    write_key: str = field(repr=False)


class SegmentClient(Protocol):
    """What is used of `segment.analytics.client.Client`, which has no types."""

    queue: Queue[Mapping[str, Any]]

    def identify(self, **said: Any) -> object:
        """Say who someone is."""
        ...

    def track(self, **said: Any) -> object:
        """Say what someone did."""
        ...

    def page(self, **said: Any) -> object:
        """Say which page someone saw."""
        ...

    def alias(self, **said: Any) -> object:
        """Say that an earlier id is a user."""
        ...

    def join(self) -> None:
        """Let the thread that sends come to its end."""
        ...


def send_calls(calls: Sequence[Call], door: Door, *, told: Callable[[int], None], stop: Event) -> None:
    """Send `calls` and wait until each is acknowledged; `told` learns how many have been.

    Blocks: run it in a thread; it ends soon after `stop` is set. Sending a call again is safe: its message id is
    part of the story.

    Raises:
        Misconfigured: the client is not installed.
        Unavailable: messages were refused, or nobody answered.
    """
    failures: list[Exception] = []
    client = _open_client(door, queue_size=len(calls), on_error=lambda error, _items: failures.append(error))
    try:
        for call in calls:
            _send(client, call)
        while (left := client.queue.unfinished_tasks) and not stop.is_set():
            told(len(calls) - left)
            time.sleep(POLL_S)
    finally:
        client.join()
    if failures:
        raise Unavailable(
            f"{len(failures)} batches of web events were not accepted. The first error: {failures[0]}"
        )
    if not stop.is_set():
        told(len(calls))


def require_client() -> ModuleType:
    """The module of Segment's client.

    Raises:
        Misconfigured: it is not installed; better said before a minute of loading than after it.
    """
    try:
        return import_module("segment.analytics.client")
    except ModuleNotFoundError as error:
        raise Misconfigured(
            "The demo sends its web events by segment-analytics-python, which is not installed: "
            "pip install 'graph-cdp[demo]'."
        ) from error


def _open_client(
    door: Door, *, queue_size: int, on_error: Callable[[Exception, object], None]
) -> SegmentClient:
    client: SegmentClient = require_client().Client(
        door.write_key,
        host=door.url,
        gzip=True,
        max_queue_size=queue_size,
        on_error=on_error,
        max_total_backoff_duration=BACKOFF_S_MAX,
        max_rate_limit_duration=BACKOFF_S_MAX,
    )
    return client


def _send(client: SegmentClient, call: Call) -> None:
    always: dict[str, Any] = {
        "context": dict(call.context),
        "timestamp": datetime.fromtimestamp(call.at / 1000, UTC),
        "message_id": call.message_id,
    }
    ids = {"anonymous_id": call.anonymous_id, "user_id": call.user_id}
    body = dict(call.body)
    match call.type:
        case "identify":
            client.identify(traits=body, **ids, **always)
        case "track":
            client.track(event=call.name, properties=body, **ids, **always)
        case "page":
            client.page(name=call.name, properties=body, **ids, **always)
        case "alias":
            client.alias(previous_id=call.previous_id, user_id=call.user_id, **always)
