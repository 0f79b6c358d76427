"""What the HTTP edge costs without a database: requests of 100 messages through the routes and the batcher, into an
ingest that forgets. Processor time of this process, the best of the rounds.

    python -m benchmarks.collect.edge --rounds 5
    python -m benchmarks.collect.edge --profile
"""

import asyncio
import cProfile
import pstats
import sys
import time
from collections.abc import Sequence
from typing import Annotated

import orjson
import typer
from starlette.applications import Starlette
from starlette.types import Message as AsgiMessage
from starlette.types import Scope

from benchmarks.visitors import Visitors
from graph_cdp.access.model import KeyId, Principal
from graph_cdp.collect.batcher import Batcher
from graph_cdp.collect.http import Collection, collect_routes
from graph_cdp.dead_letters.model import DeadLetter
from graph_cdp.flows.outcome import ACCEPTED, Outcome
from graph_cdp.source.model import Message

BATCH, REQUESTS, REQUESTS_WARM = 100, 100, 20
SCOPE: Scope = {
    "type": "http", "method": "POST", "path": "/v1/batch", "headers": [(b"authorization", b"Bearer x")],
    "query_string": b"", "http_version": "1.1", "scheme": "http", "server": ("edge", 80), "root_path": "",
}  # fmt: skip
PROFILE_LINES = 30


class Anybody:
    """Lets everybody in."""

    async def authenticate(self, secret: str | None) -> Principal:
        """A write key of the source `edge`."""
        del secret
        return Principal(key_id=KeyId("edge"), role="ingest", source="edge")


async def forget(messages: Sequence[Message]) -> list[Outcome]:
    """Accept everything, and store nothing."""
    return [ACCEPTED] * len(messages)


async def refuse(letters: Sequence[DeadLetter]) -> None:
    """The stream holds no bad message."""
    raise SystemExit(f"{letters[0].code}: this measures nothing.")


async def request(app: Starlette, body: bytes) -> None:
    """One request through the application."""
    waiting: list[AsgiMessage] = [{"type": "http.request", "body": body, "more_body": False}]
    answers: list[AsgiMessage] = []

    async def receive() -> AsgiMessage:
        return waiting.pop()

    async def send(message: AsgiMessage) -> None:
        answers.append(message)

    await app(dict(SCOPE), receive, send)
    if answers[0]["status"] != 200:
        raise SystemExit(f"{answers}: this measures nothing.")


async def measure(rounds: int, *, profile: bool) -> float:
    """Microseconds of processor time a message."""
    visitors = Visitors(seed=1)
    bodies = [orjson.dumps({"batch": visitors.batch(BATCH)}) for _ in range(REQUESTS_WARM + REQUESTS)]
    async with Batcher(forget, messages_max=500, wait_ms=0, queue_max=10_000) as batcher:
        collection = Collection(keyring=Anybody(), submit=batcher.submit, bury=refuse, region="FR")
        app = Starlette(routes=collect_routes(collection))
        for body in bodies[:REQUESTS_WARM]:
            await request(app, body)
        seconds: list[float] = []
        for _ in range(rounds):
            started = time.process_time()
            for body in bodies[REQUESTS_WARM:]:
                await request(app, body)
            seconds.append(time.process_time() - started)
        if profile:
            with cProfile.Profile() as profiler:
                for body in bodies[REQUESTS_WARM:]:
                    await request(app, body)
            pstats.Stats(profiler, stream=sys.stdout).sort_stats("tottime").print_stats(PROFILE_LINES)
    return 1e6 * min(seconds) / (REQUESTS * BATCH)


def main(
    rounds: Annotated[int, typer.Option(help="Rounds of 100 requests; the best counts.")] = 5,
    profile: Annotated[bool, typer.Option("--profile", help="Show where the time goes.")] = False,  # noqa: FBT002
) -> None:
    """Measure what the HTTP edge costs. No database is used."""
    print(f"{asyncio.run(measure(rounds, profile=profile)):.0f} µs a message")


if __name__ == "__main__":
    typer.run(main)
