"""Requests of one plan that are in flight at the same time share a statement.

Most of what a small answer costs is the statement and not its rows: it is sent, its plan looked up, a transaction begun and ended.
So a request goes at once while few statements of its plan run; those that arrive meanwhile go together in the next one. A
request never joins a statement that runs, so it sees all that was committed before it was sent. Parameters, limits, masks and
errors stay those of each request: what is shared is only the way to the database and back.
"""

import asyncio
from collections import deque
from collections.abc import Coroutine, Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import LiteralString, TypeAlias

import structlog

from graph_cdp.api.selection.execution import read_answer
from graph_cdp.api.selection.fields import Params
from graph_cdp.api.selection.shapes import Values
from graph_cdp.graph.transactions import Graph

STATEMENTS_MAX = 2
"""Statements of one plan that run at once before requests wait for one another. One process has no use for more: while two
are read and written by the database, Python is busy with the answers of others.
"""

REQUESTS_MAX = 32
"""Requests of one statement: what each saves grows little beyond, and what one slow answer delays grows."""

NODES_MAX = 1_000
"""Nodes that one statement may be asked for, by all its requests. Large answers go alone: they cost more than their statement."""

SLOW_SECONDS = 0.1
"""A statement that takes longer keeps nobody waiting: its place is passed on while it runs."""

PAUSE_SECONDS = 60.0
"""How long a plan is not shared after a statement for several of it failed."""

PLANS_MAX = 1_024
"""Plans of which it is known that there is one, and whether they can be shared; beyond, all are forgotten and learned anew."""

LOG = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """What a request asks of the database: the text of its plan, for one request and for several, and its parameters. `cost` is
    how many nodes it may be answered with.
    """

    text: LiteralString
    text_for_several: LiteralString
    params: Params
    cost: int

    @property
    def limits(self) -> tuple[tuple[str, int], ...]:
        """The parameters that all requests of a statement have in common."""
        return tuple((name, value) for name, value in self.params.items() if name.startswith("row_limit_"))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Waiting:
    statement: Statement
    values: asyncio.Future[Values]


class _Line:
    """Who waits for a plan, and how many of its statements run."""

    __slots__ = ("running", "waiting")

    def __init__(self) -> None:
        self.running = 0
        self.waiting: deque[_Waiting] = deque()


_Key: TypeAlias = tuple[Graph, str, tuple[tuple[str, int], ...]]


class Sharing:
    """Reads the answers of requests, several at once where several wait."""

    def __init__(self) -> None:
        self._lines: dict[_Key, _Line] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._is_planned: dict[str, bool] = {}
        self._firsts: dict[str, asyncio.Event] = {}

    async def read(self, graph: Graph, statement: Statement) -> Values:
        """The values of a statement, as `read_answer` reads them. Who asks first goes alone: the database takes a second to plan a
        text, and plans it for each who asks before it has.
        """
        first = self._firsts.get(statement.text)
        if first is None:
            return await self._read_first(graph, statement)
        await first.wait()
        return await self._read_known(graph, statement)

    async def _read_first(self, graph: Graph, statement: Statement) -> Values:
        if len(self._firsts) >= PLANS_MAX:
            self._firsts.clear()
        ended = self._firsts[statement.text] = asyncio.Event()
        try:
            return await read_answer(graph, text=statement.text, params=statement.params)
        finally:
            ended.set()

    async def _read_known(self, graph: Graph, statement: Statement) -> Values:
        if 2 * statement.cost > NODES_MAX:
            return await read_answer(graph, text=statement.text, params=statement.params)
        key = (graph, statement.text, statement.limits)
        line = self._lines.setdefault(key, _Line())
        if line.running < STATEMENTS_MAX or not self._may_share(graph, statement):
            line.running += 1
            with self._place(key, line):
                return await read_answer(graph, text=statement.text, params=statement.params)
        waiting = _Waiting(statement=statement, values=asyncio.get_running_loop().create_future())
        line.waiting.append(waiting)
        return await waiting.values

    async def settle(self) -> None:
        """Wait for what goes on in the background."""
        while self._tasks:
            await asyncio.gather(*self._tasks)

    def _may_share(self, graph: Graph, statement: Statement) -> bool:
        """Whether the database has planned the statement for several, which takes a second; the first who asks lets it do so,
        and nobody waits for it.
        """
        known = self._is_planned.get(statement.text)
        if known is None:
            if len(self._is_planned) >= PLANS_MAX:
                self._is_planned.clear()
            self._is_planned[statement.text] = False
            self._begin(self._plan(graph, statement))
        return bool(known)

    async def _plan(self, graph: Graph, statement: Statement) -> None:
        if await _read_several(graph, statement, []) is None:
            self._pause(statement)
        else:
            self._is_planned[statement.text] = True

    def _pause(self, statement: Statement) -> None:
        self._is_planned[statement.text] = False
        asyncio.get_running_loop().call_later(PAUSE_SECONDS, self._is_planned.pop, statement.text, None)

    def _begin(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    @contextmanager
    def _place(self, key: _Key, line: _Line) -> Generator[None]:
        """A place among the statements that run. It is passed on with the end of the block, or once that takes long."""
        is_passed_on = False

        def pass_on() -> None:
            nonlocal is_passed_on
            if not is_passed_on:
                is_passed_on = True
                self._pass_on(key, line)

        timer = asyncio.get_running_loop().call_later(SLOW_SECONDS, pass_on)
        try:
            yield
        finally:
            timer.cancel()
            pass_on()

    def _pass_on(self, key: _Key, line: _Line) -> None:
        """Let those who wait have a place, else give it up."""
        together = _take(line.waiting)
        if together:
            self._begin(self._serve(key, line, together))
            return
        line.running -= 1
        if line.running == 0:
            del self._lines[key]

    async def _serve(self, key: _Key, line: _Line, together: Sequence[_Waiting]) -> None:
        """Answer them by one statement; if that fails, by one for each, so that an error is told to whom it belongs."""
        graph, first = key[0], together[0].statement
        with self._place(key, line):
            if len(together) > 1:
                found = await _read_several(graph, first, [one.statement.params for one in together])
                for number, values in found or ():
                    _tell(together[number], values)
                if found is not None:
                    return
                self._pause(first)
            await asyncio.gather(*(_answer_alone(graph, one) for one in together))


def _take(waiting: deque[_Waiting]) -> list[_Waiting]:
    """The next requests of one statement; those that were given up are left out."""
    taken: list[_Waiting] = []
    nodes = 0
    while waiting and len(taken) < REQUESTS_MAX and nodes + waiting[0].statement.cost <= NODES_MAX:
        one = waiting.popleft()
        if not one.values.done():
            taken.append(one)
            nodes += one.statement.cost
    return taken


async def _read_several(
    graph: Graph, statement: Statement, requests: Sequence[Params]
) -> Sequence[tuple[int, Values]] | None:
    """The values of each request with its number; None where that failed.

    The list is always as long, since the database plans anew for one that is ten times longer.
    """
    filled = [*requests, *[None] * (REQUESTS_MAX - len(requests))]
    params: Params = {"requests": filled, "count": len(requests), **dict(statement.limits)}
    try:
        record = await graph.read_record(statement.text_for_several, params)
    except Exception as error:  # noqa: BLE001 - whatever it was, each is told its own when it is answered alone
        LOG.info("answered_one_by_one", error=type(error).__qualname__, requests=len(requests))
        return None
    return record[0]


async def _answer_alone(graph: Graph, one: _Waiting) -> None:
    try:
        values = await read_answer(graph, text=one.statement.text, params=one.statement.params)
    except Exception as error:  # noqa: BLE001 - it is raised where the answer is waited for
        if not one.values.done():
            one.values.set_exception(error)
    else:
        _tell(one, values)


def _tell(one: _Waiting, values: Values) -> None:
    if not one.values.done():
        one.values.set_result(values)
