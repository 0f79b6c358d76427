"""Following a person: what is new of it, in pages, for as long as somebody listens.

A subscription reads for itself, from where it stands, and only when the tail says that there is something. So nothing waits
in memory: whoever reads slowly is told later, and one that was away for a day goes on where it was.
"""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from graph_cdp.api.live.position import Place, Told, decode_position, encode_position
from graph_cdp.api.live.repository import NewChange, NewFact, list_changes, list_facts, read_sequence
from graph_cdp.api.live.tail import Kind, Tail
from graph_cdp.errors import Unavailable
from graph_cdp.graph.transactions import Graph
from graph_cdp.ids import Millis, PersonId

TOLD_AT_ONCE_MAX = 25
"""Rows of one answer: what `limits.PLAIN_LIST_NODES` counts for a list without pages."""

READ_AT_ONCE = 500
"""Rows of one reading."""

LOOKED_AT_AGAIN_MAX = 10_000
"""Rows of the stretch that is looked at again and again: a megabyte a subscription."""

CHANGES_BACK = 10_000
"""How many numbers of the journal are looked at again: those that are given while a commit becomes visible are some hundreds."""

CHECK_S = 5.0
"""How often a subscription that hears nothing asks whether its key is still good."""


class TooMuchAtOnce(Unavailable):
    """More was written of one person than can be followed."""

    code = "TOO_MUCH_AT_ONCE"


async def _nothing() -> None:
    """No check."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Live:
    """What following needs. A fact may become visible `late_ms` after its time; `check` raises when the caller may listen no
    longer.
    """

    graph: Graph
    tail: Tail
    clock: Callable[[], Millis]
    late_ms: int
    check: Callable[[], Awaitable[None]] = _nothing


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """What is told at once: rows, and the cursor behind them."""

    person_id: PersonId
    cursor: str
    rows: Sequence[NewChange | NewFact]

    def as_map(self) -> Mapping[str, Any]:
        """The delivery as a statement takes it."""
        return {
            "person_id": self.person_id,
            "cursor": self.cursor,
            "changes": [row.id for row in self.rows if isinstance(row, NewChange)],
            "facts": [
                {"kind": row.kind, "id": row.id, "at": row.occurred_at}
                for row in self.rows
                if isinstance(row, NewFact)
            ],
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Stream:
    """A kind of news: the name of its cursors, how it is read, and up to where all is settled by now."""

    name: str
    kind: Kind
    read: Callable[..., Awaitable[Sequence[NewChange | NewFact]]]
    horizon: Callable[[Live], Awaitable[int]]


async def _settled_changes(live: Live) -> int:
    return max(await live.graph.read(read_sequence) - CHANGES_BACK, 0)


async def _settled_facts(live: Live) -> int:
    return live.clock() - live.late_ms


CHANGES = Stream(name="person_changed", kind="changes", read=list_changes, horizon=_settled_changes)
FACTS = Stream(name="facts_added", kind="facts", read=list_facts, horizon=_settled_facts)


async def follow(
    live: Live, stream: Stream, person_id: PersonId, after: str | None
) -> AsyncGenerator[Delivery]:
    """What is new of a person after a cursor, or from now on; at once a delivery without rows, for its cursor.

    Raises:
        BadCursor: `after` is no cursor of this stream.
        TooManySubscriptions: this process takes no more.
        TooMuchAtOnce: more is written than can be followed.
        Unauthenticated, Forbidden: the caller may listen no longer.
    """
    told = decode_position(stream.name, after) if after else None
    with live.tail.watch(stream.kind, person_id) as watch:
        told = told or await _present(live, stream, person_id)
        yield Delivery(person_id=person_id, cursor=encode_position(stream.name, told), rows=())
        while True:
            watch.news.clear()
            horizon = await stream.horizon(live)
            looked_at: list[Place] = []
            async for page in _pages(live, stream, person_id, told.settled):
                for rows in _parts([row for row in page if not told.knows(row.at, row.id)]):
                    told = told.and_also(_places(rows), horizon=horizon)
                    yield Delivery(person_id=person_id, cursor=encode_position(stream.name, told), rows=rows)
                _note(looked_at, page, horizon)
            told = told.after_all(looked_at, horizon=horizon)
            watch.settle(told)
            await _wait(live, watch.news)


async def _present(live: Live, stream: Stream, person_id: PersonId) -> Told:
    """Where a subscription begins: all that is there counts as told."""
    horizon = await stream.horizon(live)
    looked_at: list[Place] = []
    async for page in _pages(live, stream, person_id, horizon):
        _note(looked_at, page, horizon)
    return Told(settled=horizon, marks={}).after_all(looked_at, horizon=horizon)


async def _pages(
    live: Live, stream: Stream, person_id: PersonId, settled: int
) -> AsyncGenerator[Sequence[NewChange | NewFact]]:
    after = Place(at=settled + 1, id="")
    while True:
        page = await live.graph.read(stream.read, person_id=person_id, after=after, row_limit=READ_AT_ONCE)
        yield page
        if len(page) < READ_AT_ONCE:
            return
        after = Place(at=page[-1].at, id=page[-1].id)


def _note(looked_at: list[Place], page: Sequence[NewChange | NewFact], horizon: int) -> None:
    looked_at += [place for place in _places(page) if place.at > horizon]
    if len(looked_at) > LOOKED_AT_AGAIN_MAX:
        raise TooMuchAtOnce(
            "More is written of this person than can be followed. Read its timeline, and subscribe again without `after`."
        )


def _places(rows: Sequence[NewChange | NewFact]) -> list[Place]:
    return [Place(at=row.at, id=row.id) for row in rows]


def _parts(rows: Sequence[NewChange | NewFact]) -> list[Sequence[NewChange | NewFact]]:
    return [rows[start : start + TOLD_AT_ONCE_MAX] for start in range(0, len(rows), TOLD_AT_ONCE_MAX)]


async def _wait(live: Live, news: asyncio.Event) -> None:
    """Until there is news, for whoever may still listen."""
    while True:
        with suppress(TimeoutError):
            await asyncio.wait_for(news.wait(), CHECK_S)
        await live.check()
        if news.is_set():
            return
