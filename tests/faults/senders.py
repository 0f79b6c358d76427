"""Clients that lose nothing: each sends what it has until it is acknowledged, whatever happens on the other side."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random

import httpx
from neo4j.exceptions import DriverError, Neo4jError

from graph_cdp.errors import Unavailable
from graph_cdp.flows.ingest import Ingest
from tests.identity.scenario import Json
from tests.identity.through_graph import parse

BATCH_MAX = 6
SENDERS_EACH = 3
"""Clients of each source that send at once."""

PAUSE_S = 0.1
"""Between two tries: less than a server asks for, so that it is met while it starts."""

ANSWER_SECONDS_MAX = 60.0


@dataclass(slots=True, kw_only=True)
class Senders:
    """Web and app send over HTTP, each with a key of its own; rows go by the flow itself, as an import does.

    `acknowledged` counts messages that were answered for, `failures` the tries that were not.
    """

    url: str
    keys: dict[str, str]
    rows: Ingest
    chance: Random
    acknowledged: int = 0
    failures: int = 0
    refused: list[object] = field(default_factory=list[object])

    async def send(self, messages: Sequence[Json]) -> None:
        """Return once all are acknowledged."""
        rows = [message for message in messages if message["type"] == "record"]
        async with (
            httpx.AsyncClient(base_url=self.url, timeout=ANSWER_SECONDS_MAX) as client,
            asyncio.TaskGroup() as group,
        ):
            for source in self.keys:
                waiting = [message for message in messages if message["source"] == source]
                for _ in range(SENDERS_EACH):
                    group.create_task(self._post_all(client, source, waiting))
            group.create_task(self._write_rows(rows))

    async def reaches(self, count: int) -> None:
        """Wait until that many messages are acknowledged."""
        while self.acknowledged < count:  # noqa: ASYNC110 - what is awaited is what several tasks add up to
            await asyncio.sleep(0.001)

    def _take(self, waiting: list[Json]) -> list[Json]:
        return [waiting.pop() for _ in range(min(len(waiting), self.chance.randint(1, BATCH_MAX)))]

    async def _post_all(self, client: httpx.AsyncClient, source: str, waiting: list[Json]) -> None:
        while batch := self._take(waiting):
            items = [{key: value for key, value in one.items() if key != "source"} for one in batch]
            while not await self._post(client, source, items):
                self.failures += 1
                await asyncio.sleep(PAUSE_S)
            self.acknowledged += len(batch)

    async def _post(self, client: httpx.AsyncClient, source: str, items: list[Json]) -> bool:
        try:
            answer = await client.post(
                "/v1/batch",
                json={"batch": items},
                headers={"X-Strict-Mode": "1", "Authorization": f"Bearer {self.keys[source]}"},
            )
        except httpx.TransportError:
            return False
        if answer.status_code not in {200, 503, 429}:
            self.refused.append(answer.text)
        return answer.status_code < 500 and answer.status_code != 429

    async def _write_rows(self, waiting: list[Json]) -> None:
        while batch := self._take(waiting):
            messages = [parse(one) for one in batch]
            while True:
                try:
                    outcomes = await self.rows(messages)
                    break
                except (DriverError, Neo4jError, Unavailable, OSError):
                    self.failures += 1
                    await asyncio.sleep(PAUSE_S)
            self.refused.extend(outcome for outcome in outcomes if outcome.status == "refused")
            self.acknowledged += len(batch)
