"""kill -9 of the service, of the database and of both in the middle of ingests and merges: what was acknowledged
is there once, and people are what pure `resolve` makes of the messages (RELIABILITY T2).
"""

import asyncio
import secrets
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Literal, get_args

import pytest
from neo4j import AsyncDriver

from graph_cdp.access.model import KeyId, NewKey
from graph_cdp.access.rules import SECRET_BYTES, make_secret
from graph_cdp.access.service import issue_key, system_clock
from graph_cdp.flows.ingest import Ingest
from graph_cdp.graph.checks import find_violations
from graph_cdp.graph.driver import Neo4jTarget, open_driver
from graph_cdp.graph.migrations import load_migrations, migrate
from graph_cdp.graph.server.toolchain import find_java, find_maven, missing_tools
from graph_cdp.graph.transactions import Graph
from graph_cdp.identity.policy import DEFAULT_POLICY
from graph_cdp.ids import new_id
from graph_cdp.settings import Settings
from tests.concurrency.stream import stream
from tests.concurrency.test_writers import MESSAGES, compare
from tests.faults.installation import RETRY_SECONDS_MAX, Database, Service
from tests.faults.senders import Senders
from tests.graph import empty
from tests.integration.querying import query

pytestmark = [pytest.mark.neo4j, pytest.mark.timeout(600)]

Victim = Literal["service", "database", "both"]

KILLS_FAST = {0: 2, 1: 1, 2: 1}
"""Kills by seed. A database takes ten seconds to come back, so there are few of them here."""

SEEDS_SOAK = range(3, 53)
KILLS_SOAK = 5
SOURCES = ("web", "app")


@dataclass(frozen=True, slots=True, kw_only=True)
class Kill:
    """Whom to kill once so many messages are acknowledged, and how many seconds later."""

    victim: Victim
    after: int
    delay_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Installation:
    """What is killed, and how its database is reached."""

    database: Database
    service: Service
    target: Neo4jTarget

    async def suffer(self, victim: Victim) -> None:
        """Kill, and start again what is gone."""
        if victim != "database":
            self.service.kill()
        if victim != "service":
            await asyncio.to_thread(self.database.kill)
            assert await asyncio.to_thread(self.database.start) == self.target
        await self.service.start()


@pytest.fixture(scope="module")
async def installation(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Installation]:
    """A database and a service of this file's own, started once."""
    missing = missing_tools(java=find_java(Settings().java_home), maven=find_maven())
    if missing:
        pytest.skip(f"A database that may be killed is a local one, which needs {' and '.join(missing)}.")
    directory: Path = tmp_path_factory.mktemp("killed")
    settings = Settings(
        data_dir=directory,
        neo4j_bolt_port=21687,
        neo4j_http_port=21474,
        neo4j_heap="512m",
        neo4j_pagecache="128m",
    )
    database = Database(settings)
    try:
        target = await asyncio.to_thread(database.start)
        async with open_driver(target, timeout_s=60) as driver:
            await migrate(Graph(driver, database=target.database, timeout_s=60), load_migrations())
        service = Service(target, directory)
        try:
            yield Installation(database=database, service=service, target=target)
        finally:
            service.kill()
    finally:
        database.kill()


def plan(seed: int, *, kills: int) -> list[Kill]:
    """When to kill whom; the service and the database at least once each, both at once where there is one kill."""
    chance = Random(f"kills {seed}")
    victims: list[Victim] = ["service", "database"] if kills > 1 else ["both"]
    victims.extend(chance.choices(get_args(Victim), k=kills - len(victims)))
    chance.shuffle(victims)
    moments = sorted(chance.sample(range(1, MESSAGES * 3 // 4), kills))
    return [
        Kill(victim=victim, after=after, delay_s=chance.uniform(0, 0.03))
        for victim, after in zip(victims, moments, strict=True)
    ]


async def make_keys(graph: Graph) -> dict[str, str]:
    """A write key for each source."""
    keys = {source: make_secret(secrets.token_bytes(SECRET_BYTES)) for source in SOURCES}
    for source, secret in keys.items():
        new = NewKey(name=source, role="ingest", source=source)
        await graph.write(issue_key, new, key_id=KeyId(new_id()), secret=secret, now=system_clock())
    return keys


async def survive(installation: Installation, driver: AsyncDriver, *, seed: int, kills: int) -> None:
    """Send the stream of a seed through all kills, and compare what is there with what was said."""
    graph = Graph(driver, database=installation.target.database, timeout_s=RETRY_SECONDS_MAX)
    await empty(driver)
    senders = Senders(
        url=installation.service.url,
        keys=await make_keys(graph),
        rows=Ingest(graph=graph, policy=DEFAULT_POLICY, clock=system_clock),
        chance=Random(f"senders {seed}"),
    )
    planned = plan(seed, kills=kills)
    sys.stdout.write(f"seed {seed}: {', '.join(f'{kill.victim} after {kill.after}' for kill in planned)}\n")
    messages = stream(seed, count=MESSAGES)
    await installation.service.start()
    async with asyncio.TaskGroup() as group:
        group.create_task(senders.send(messages))
        for kill in planned:
            await senders.reaches(kill.after)
            await asyncio.sleep(kill.delay_s)
            await installation.suffer(kill.victim)
    assert (senders.acknowledged, senders.refused) == (len(messages), [])
    assert senders.failures > 0
    events = await query(graph, "MATCH (e:Event) RETURN e.source AS source, e.message_id AS id")
    said = {(message["source"], message["messageId"]) for message in messages}
    assert sorted((event["source"], event["id"]) for event in events) == sorted(said)
    assert await query(graph, "MATCH (letter:DeadLetter) RETURN letter.code AS code") == []
    await compare(driver, seed=seed)
    assert await find_violations(graph) == []


@pytest.mark.parametrize("seed", KILLS_FAST)
async def test_what_was_acknowledged_survives_kills(seed: int, installation: Installation) -> None:
    async with open_driver(installation.target, timeout_s=RETRY_SECONDS_MAX) as driver:
        await survive(installation, driver, seed=seed, kills=KILLS_FAST[seed])


@pytest.mark.soak
@pytest.mark.parametrize("seed", SEEDS_SOAK)
async def test_what_was_acknowledged_survives_many_kills(seed: int, installation: Installation) -> None:
    async with open_driver(installation.target, timeout_s=RETRY_SECONDS_MAX) as driver:
        await survive(installation, driver, seed=seed, kills=KILLS_SOAK)
