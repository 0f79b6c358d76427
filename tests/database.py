"""The real Neo4j that tests run on, as a pytest plugin: the fixture `neo4j_target`.

In this order: the one that GRAPH_CDP_TEST_NEO4J_URI names (its content is deleted), a container by
testcontainers, a server of our own on this machine. The last line of the run says which it was.
Workers of pytest-xdist (`-n 2`) get one each.
"""

import os
import signal
from collections.abc import Generator
from contextlib import ExitStack
from pathlib import Path
from typing import LiteralString, cast

import pytest
from neo4j import GraphDatabase
from xdist.workermanage import WorkerController  # pyright: ignore[reportMissingTypeStubs] - it has types, not stubs

from graph_cdp.errors import Unavailable
from graph_cdp.graph.driver import Neo4jTarget
from graph_cdp.graph.server.docker import ImageUnavailable, engine_answers, ensure_image
from graph_cdp.graph.server.exclusive import exclusive
from graph_cdp.graph.server.local import local_home, reset_local, running_state, start_local
from graph_cdp.graph.server.progress import say_nothing
from graph_cdp.settings import Settings

TEST_ROOT = Path(__file__).resolve().parents[1] / ".graph-cdp" / "test"
SLOTS = 8
"""Test runs that may go on side by side, each with a server of its own."""

KEEP = "GRAPH_CDP_TEST_KEEP_NEO4J"
"""Set to 1, the local server stays up after the run and the next one begins 10 s sooner; it is ended by `graph-cdp db down`
with GRAPH_CDP_DATA_DIR=.graph-cdp/test/0."""

SCHEMA: dict[str, LiteralString] = {
    "CONSTRAINT": "SHOW CONSTRAINTS YIELD name",
    "INDEX": "SHOW INDEXES YIELD name, type WHERE type <> 'LOOKUP'",
}

used = pytest.StashKey[set[str]]()
USED_BY_WORKER = "graph_cdp_databases"


def pytest_configure(config: pytest.Config) -> None:
    """No database is used yet. Raises `UsageError` where several workers would empty the one that is named."""
    config.stash[used] = set()
    if _named_database() and (getattr(config.option, "numprocesses", None) or 0) > 1:
        message = (
            "GRAPH_CDP_TEST_NEO4J_URI names one database, which serves one worker: leave out --numprocesses."
        )
        raise pytest.UsageError(message)


@pytest.fixture(scope="session")
def neo4j_target(request: pytest.FixtureRequest) -> Generator[Neo4jTarget]:
    """An empty database, this run's alone."""
    with ExitStack() as stack:
        kind, target = _named_database() or _managed_database(stack)
        _wipe(target)
        request.config.stash[used].add(f"{kind}, {target.uri}")
        yield target


def pytest_sessionfinish(session: pytest.Session) -> None:
    """A worker tells the process that prints the summary."""
    told: dict[str, list[str]] | None = getattr(session.config, "workeroutput", None)
    if told is not None:
        told[USED_BY_WORKER] = sorted(session.config.stash[used])


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: WorkerController) -> None:
    """Hear what a worker told; one that crashed told nothing."""
    told = cast("dict[str, list[str]]", getattr(node, "workeroutput", {}))
    node.config.stash[used].update(told.get(USED_BY_WORKER, []))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Say which database the tests ran on: a run that quietly took another proves less than it seems."""
    databases = "; ".join(sorted(config.stash[used])) or "no test asked for it"
    terminalreporter.write_line(f"Neo4j of this run: {databases}")


def _named_database() -> tuple[str, Neo4jTarget] | None:
    uri = os.environ.get("GRAPH_CDP_TEST_NEO4J_URI")  # noqa: TID251 - what tests run on is no setting of the service
    if not uri:
        return None
    user = os.environ.get("GRAPH_CDP_TEST_NEO4J_USER", "neo4j")  # noqa: TID251 - likewise
    password = os.environ.get("GRAPH_CDP_TEST_NEO4J_PASSWORD", "")  # noqa: TID251 - likewise
    return "your server", Neo4jTarget(uri=uri, user=user, password=password, database="neo4j")


def _managed_database(stack: ExitStack) -> tuple[str, Neo4jTarget]:
    settings = Settings()
    if not engine_answers():
        return "a local server (no Docker engine answers)", _local_server(stack)
    try:
        ensure_image(settings.neo4j_image, say=say_nothing)
    except ImageUnavailable:
        return f"a local server (no image {settings.neo4j_image})", _local_server(stack)
    from tests.container import start_container  # noqa: PLC0415 - asks for the engine when it is imported

    return f"testcontainers ({settings.neo4j_image})", start_container(stack, settings)


def _local_server(stack: ExitStack) -> Neo4jTarget:
    """A server in the first slot that no other test run holds."""
    settings = Settings(
        data_dir=_free_slot(stack),
        neo4j_bolt_port=17687,
        neo4j_http_port=17474,
        neo4j_heap="768m",
        neo4j_pagecache="256m",
    )
    keep = os.environ.get(KEEP) == "1"  # noqa: TID251 - likewise
    if not keep:
        reset_local(settings, say=say_nothing)
    target = start_local(settings, say=say_nothing)
    if not keep:
        stack.callback(_kill, settings)
    return target


def _free_slot(stack: ExitStack) -> Path:
    for number in range(SLOTS):
        slot = TEST_ROOT / str(number)
        try:
            stack.enter_context(exclusive(slot / "in-use", wait_s=0))
        except Unavailable:
            continue
        return slot
    pytest.fail(f"{SLOTS} other test runs are going on: wait for one to end.")


def _kill(settings: Settings) -> None:
    """End the server at once: nothing in it is worth the ten seconds of a clean stop."""
    state = running_state(local_home(settings))
    if state is not None:
        os.kill(state.pid, signal.SIGKILL)


def _wipe(target: Neo4jTarget) -> None:
    """Delete every node, constraint and index: as a new database, but for the names it has ever seen."""
    auth = (target.user, target.password)
    with GraphDatabase.driver(target.uri, auth=auth) as driver:  # pyright: ignore[reportUnknownMemberType] - options are untyped
        with driver.session(database=target.database) as session:  # pyright: ignore[reportUnknownMemberType] - likewise
            session.run("MATCH (n) CALL (n) { DETACH DELETE n } IN TRANSACTIONS OF 5000 ROWS").consume()
        for kind, listed in SCHEMA.items():
            for record in driver.execute_query(listed, database_=target.database).records:
                dropped = cast("LiteralString", f"DROP {kind} `{record['name']}` IF EXISTS")
                driver.execute_query(dropped, database_=target.database)
