"""A client that sends on a schedule, whatever the answers do: a slow answer delays no request after it, and is counted
from the moment at which its request was due (no coordinated omission). A process of its own, so that it measures the
service and not itself.

    python -m benchmarks.open_loop --url http://127.0.0.1:8000 --key gcdp_... --rate 1000 --seconds 30 --seed 1

Standard output is one line of JSON, a `Load`.
"""

import asyncio
import json
import sys
import time
from dataclasses import asdict, dataclass, field
from typing import Annotated

import httpx
import orjson
import typer

from benchmarks.percentiles import percentile
from benchmarks.visitors import Visitors

BATCH = 100
ANSWER_SECONDS_MAX = 120.0
TRIES_PAUSE_S = 1.0
"""After a failure that names no `Retry-After`."""


@dataclass(slots=True, kw_only=True)
class Load:
    """What was sent; `due_s` and `took_ms` say of each request when it was due, by the client's clock in seconds, and how long it took,
    tries included; `late_ms` is by how much the client itself was behind its schedule at worst.
    """

    messages: int = 0
    distinct: int = 0
    seconds: float = 0.0
    late_ms: float = 0.0
    statuses: dict[str, int] = field(default_factory=dict[str, int])
    due_s: list[float] = field(default_factory=list[float])
    took_ms: list[float] = field(default_factory=list[float])

    def note(self, answer: str) -> None:
        """Count an answer, or the failure of a try."""
        self.statuses[answer] = self.statuses.get(answer, 0) + 1

    def percentile(self, share: float) -> float:
        """How long the request took that this share of them did not exceed."""
        return percentile(sorted(self.took_ms), share)

    def percentiles_by_minute(self, share: float) -> list[float]:
        """The same of the requests that were due in each minute: a long run is slow now and then, and this says when."""
        first = min(self.due_s)
        minutes: dict[int, list[float]] = {}
        for due, took in zip(self.due_s, self.took_ms, strict=True):
            minutes.setdefault(int((due - first) // 60), []).append(took)
        return [percentile(sorted(took), share) for _, took in sorted(minutes.items())]


async def send(client: httpx.AsyncClient, body: bytes, load: Load, *, due: float) -> None:
    """Send until it is acknowledged, as SDKs do."""
    while True:
        try:
            answer = await client.post("/v1/batch", content=body)
        except httpx.TransportError as error:
            load.note(type(error).__name__)
            await asyncio.sleep(TRIES_PAUSE_S)
            continue
        load.note(str(answer.status_code))
        if answer.is_success:
            break
        await asyncio.sleep(float(answer.headers.get("retry-after", TRIES_PAUSE_S)))
    load.due_s.append(due)
    load.took_ms.append(1000 * (time.perf_counter() - due))


async def run(url: str, key: str, *, rate: float, seconds: float, visitors: Visitors) -> Load:
    """Send `rate` messages a second for so long, and return once all are acknowledged."""
    load = Load()
    limits = httpx.Limits(max_connections=None, max_keepalive_connections=100)
    headers = {"Authorization": f"Bearer {key}"}
    async with (
        httpx.AsyncClient(base_url=url, headers=headers, limits=limits, timeout=ANSWER_SECONDS_MAX) as client,
        asyncio.TaskGroup() as group,
    ):
        start = time.perf_counter()
        for number in range(max(1, round(rate * seconds / BATCH))):
            body = orjson.dumps({"batch": visitors.batch(BATCH)})
            due = start + number * BATCH / rate
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            load.late_ms = max(load.late_ms, 1000 * (time.perf_counter() - due))
            group.create_task(send(client, body, load, due=due))
            load.messages += BATCH
    load.seconds = time.perf_counter() - start
    load.distinct = visitors.distinct
    return load


def main(
    url: Annotated[str, typer.Option()],
    key: Annotated[str, typer.Option()],
    rate: Annotated[float, typer.Option(help="Messages a second, duplicates included.")],
    seconds: Annotated[float, typer.Option()],
    seed: Annotated[int, typer.Option()],
) -> None:
    """Send on a schedule, and print a Load as JSON."""
    visitors = Visitors(seed=seed, prefix=f"s{seed}-")
    load = asyncio.run(run(url, key, rate=rate, seconds=seconds, visitors=visitors))
    sys.stdout.write(json.dumps(asdict(load)))


if __name__ == "__main__":
    typer.run(main)
