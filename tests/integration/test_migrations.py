"""Migrations against the real database: once, in order, resumed after a crash, one process at a time."""

import asyncio
import signal
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from neo4j import AsyncDriver

from graph_cdp.errors import Unavailable
from graph_cdp.graph.driver import Neo4jTarget, open_session
from graph_cdp.graph.migrations import (
    Lock,
    Migration,
    MigrationChanged,
    list_applied_migrations,
    load_migrations,
    migrate,
    migration_status,
    take_migration_lock,
)
from graph_cdp.graph.transactions import Graph

pytestmark = pytest.mark.neo4j

THREE = "MERGE (:Probe {n: 1}); UNWIND range(1, 1500000) AS n MERGE (p:Probe {n: 2}) SET p.x = n; MERGE (:Probe {n: 3});"

RUN_MIGRATION = """
import asyncio, sys
from pathlib import Path
from graph_cdp.graph.driver import Neo4jTarget, open_driver, open_session
from graph_cdp.graph.migrations import Lock, load_migrations, migrate
from graph_cdp.graph.transactions import Graph

async def main(folder, uri, user, password, database):
    target = Neo4jTarget(uri=uri, user=user, password=password, database=database)
    async with open_driver(target, timeout_s=60) as driver:
        graph = Graph(driver, database=database, timeout_s=120)
        await migrate(graph, load_migrations(Path(folder)), lock=Lock(lease_ms=2000))

asyncio.run(main(*sys.argv[1:]))
"""


@pytest.fixture
async def folder(tmp_path: Path, graph: Graph, driver: AsyncDriver) -> AsyncIterator[Path]:
    """A folder for migrations of the test, which the database has forgotten afterwards."""
    assert graph is not None
    yield tmp_path
    async with open_session(driver, database="neo4j") as session:
        await (await session.run("MATCH (m:Migration) WHERE m.id STARTS WITH 'V9' DELETE m")).consume()
        await (await session.run("MATCH (p:Probe) DELETE p")).consume()


def write(folder: Path, name: str, text: str) -> tuple[Migration, ...]:
    """Add a migration to the folder; all that it holds now."""
    (folder / f"{name}.cypher").write_text(text, encoding="utf-8")
    return load_migrations(folder)


async def probes(driver: AsyncDriver) -> list[int]:
    """What the migrations of the test have made."""
    async with open_session(driver, database="neo4j") as session:
        result = await session.run("MATCH (p:Probe) RETURN p.n AS n ORDER BY n")
        return [row["n"] async for row in result]


async def test_pending_migrations_are_applied_once_and_in_order(
    graph: Graph, driver: AsyncDriver, folder: Path
) -> None:
    write(folder, "V9001__first", "CREATE (:Probe {n: 1});")
    migrations = write(folder, "V9002__second", "CREATE (:Probe {n: 2}); CREATE (:Probe {n: 3});")

    assert await migrate(graph, migrations) == ["V9001__first", "V9002__second"]
    assert await migrate(graph, migrations) == []
    assert await probes(driver) == [1, 2, 3]
    statuses = await migration_status(graph, migrations)
    assert [(one.id, one.state) for one in statuses[:2]] == [
        ("V9001__first", "applied"),
        ("V9002__second", "applied"),
    ]
    assert {one.state for one in statuses[2:]} == {"unknown"}


async def test_migration_that_changed_is_refused(graph: Graph, driver: AsyncDriver, folder: Path) -> None:
    await migrate(graph, write(folder, "V9001__first", "CREATE (:Probe {n: 1});"))
    changed = write(folder, "V9001__first", "CREATE (:Probe {n: 5});")

    with pytest.raises(MigrationChanged, match="V9001__first.cypher is not what was applied"):
        await migrate(graph, changed)
    assert await probes(driver) == [1]
    assert (await migration_status(graph, changed))[0].state == "changed"


async def test_killed_migration_goes_on_where_it_stopped(
    graph: Graph, driver: AsyncDriver, folder: Path, neo4j_target: Neo4jTarget
) -> None:
    migrations = write(folder, "V9001__three", THREE)
    where = [neo4j_target.uri, neo4j_target.user, neo4j_target.password, neo4j_target.database]
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", RUN_MIGRATION, str(folder), *where)
    while await probes(driver) != [1]:
        assert process.returncode is None
        await asyncio.sleep(0.02)
    process.send_signal(signal.SIGKILL)
    await process.wait()

    assert (await migration_status(graph, migrations))[0].state in {"pending", "interrupted"}
    assert await migrate(graph, migrations) == ["V9001__three"]
    assert await probes(driver) == [1, 2, 3]
    applied = (await graph.read(list_applied_migrations))["V9001__three"]
    assert (applied.statements_done, applied.statements_total) == (3, 3)


async def test_second_process_waits_for_the_lock(graph: Graph, folder: Path) -> None:
    migrations = write(folder, "V9001__first", "CREATE (:Probe {n: 1});")
    other = Lock(owner="another process", lease_ms=600_000)
    assert await graph.write(take_migration_lock, lock=other)

    with pytest.raises(Unavailable, match="Another process is migrating"):
        await migrate(graph, migrations, lock=Lock(wait_s=0.3))

    assert await graph.write(take_migration_lock, lock=Lock(owner="another process", lease_ms=0))
    assert await migrate(graph, migrations) == ["V9001__first"]


async def test_two_processes_at_once_apply_each_migration_once(
    graph: Graph, driver: AsyncDriver, folder: Path
) -> None:
    migrations = write(folder, "V9001__first", "CREATE (:Probe {n: 1});")

    assert sorted(await asyncio.gather(*(migrate(graph, migrations) for _ in range(4)))) == [
        [],
        [],
        [],
        ["V9001__first"],
    ]
    assert await probes(driver) == [1]
