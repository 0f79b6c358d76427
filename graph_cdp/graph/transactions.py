"""Units of work: one function, one transaction, committed at the edge."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from typing import Any, Concatenate, LiteralString, ParamSpec, TypeVar

from neo4j import (
    READ_ACCESS,
    AsyncDriver,
    AsyncManagedTransaction,
    AsyncSession,
    Query,
    Record,
    unit_of_work,
)
from neo4j.exceptions import DriverError, IncompleteCommit, Neo4jError, ServiceUnavailable

from graph_cdp.errors import Unavailable
from graph_cdp.graph.bolt import NotRead
from graph_cdp.graph.driver import open_session
from graph_cdp.graph.record_reader import RecordReader

T = TypeVar("T")
P = ParamSpec("P")
Work = Callable[Concatenate[AsyncManagedTransaction, P], Awaitable[T]]

INCOMPLETE_COMMITS_MAX = 5

STARTS_MAX = 20

PATIENCE, LATE_S = 4, 3.0
"""A unit of work is given up after so many times the limit of its transaction: it may wait for a connection, be tried again, and
wait once more, each within that limit; and Neo4j ends a transaction up to two seconds late. What takes longer is a database that hangs
without closing its connections.
"""

RETRY_DELAY_S = 0.02
"""First wait before a transaction that lost a deadlock is tried again, doubled each time. Locks are held for some
milliseconds here; the driver's default of a second would idle most writers of a busy person.
"""


class Graph:
    """The database as the flows and services see it: `read` and `write` run a unit of work in a transaction.

    Both retry transient errors (deadlocks, lost connections) as the driver does, so a unit of work may run many
    times and must have no effect outside its transaction. `write` is also tried again when the commit's answer was
    lost (`IncompleteCommit`, which the driver does not retry): every write carries its own idempotency key, so
    running it again is safe. All end, also where the database hangs.
    """

    def __init__(
        self, driver: AsyncDriver, *, database: str, timeout_s: float, reader: RecordReader | None = None
    ) -> None:
        self._driver = driver
        self._database = database
        self._timeout_s = timeout_s
        self._reader = reader

    async def read(self, work: Work[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """The result of `work(tx, ...)` in a read transaction."""
        async with self._session() as session:
            return await session.execute_read(unit_of_work(timeout=self._timeout_s)(work), *args, **kwargs)

    async def read_record(self, text: LiteralString, params: Mapping[str, Any]) -> Record:
        """The one record of a statement that reads, in one round trip where `read` takes three.

        A transient error is tried again as by `read`. With a reader most of them take a sixth of the driver's time.
        """
        try:
            if self._reader is not None:
                with suppress(NotRead):
                    return await self._reader.read(text, params, timeout_s=self._timeout_s, late_s=LATE_S)
            async with self._session(default_access_mode=READ_ACCESS) as session:
                result = await session.run(Query(text, timeout=self._timeout_s), dict(params))
                return await result.single(strict=True)
        except (DriverError, Neo4jError) as error:
            if not error.is_retryable():
                raise
        return await self.read(_only_record, text, params)

    async def write(self, work: Work[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """The result of `work(tx, ...)` once its transaction is committed.

        Raises:
            neo4j.exceptions.IncompleteCommit: the answer to the commit was lost time and again.
        """
        timed = unit_of_work(timeout=self._timeout_s)(work)
        for attempt in range(INCOMPLETE_COMMITS_MAX):
            try:
                async with self._session(initial_retry_delay=RETRY_DELAY_S) as session:
                    return await session.execute_write(timed, *args, **kwargs)
            except IncompleteCommit:
                if attempt + 1 == INCOMPLETE_COMMITS_MAX:
                    raise
                await asyncio.sleep(0.1 * 2**attempt)
        raise AssertionError  # unreachable: the last attempt returns or raises

    async def write_anew(
        self,
        when: type[Exception] | tuple[type[Exception], ...],
        work: Work[P, T],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> T:
        """As `write`; it starts again when an error says that another writer changed what the transaction had read.

        Raises:
            Unavailable: that was so twenty times in a row.
        """
        for _ in range(STARTS_MAX):
            try:
                return await self.write(work, *args, **kwargs)
            except when:
                continue
        raise Unavailable("Many writers are changing the same people at once. Try again in a moment.")

    @asynccontextmanager
    async def _session(self, **options: object) -> AsyncGenerator[AsyncSession]:
        """A session for one unit of work. A database that hangs is one that is gone.

        Raises:
            neo4j.exceptions.ServiceUnavailable: it did not answer for `PATIENCE` times the limit of a transaction and `LATE_S`.
        """
        limit = asyncio.timeout(PATIENCE * self._timeout_s + LATE_S)
        try:
            async with limit, open_session(self._driver, database=self._database, **options) as session:
                yield session
        except TimeoutError:
            if not limit.expired():
                raise
            raise ServiceUnavailable("The database does not answer.") from None


async def _only_record(tx: AsyncManagedTransaction, text: LiteralString, params: Mapping[str, Any]) -> Record:
    return await (await tx.run(text, dict(params))).single(strict=True)
