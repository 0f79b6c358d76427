"""A writing process: `python -m tests.concurrency.worker URI USER PASSWORD SEED COUNT WRITERS SHARE SHARES`.

It takes every SHARES-th message of the stream, and WRITERS concurrent writers ingest them, a few at a time. It prints
`ready`, waits for a line on its standard input so that all processes start together, and ends with what it did.
"""

import asyncio
import sys
from collections import Counter
from random import Random

from graph_cdp.flows.ingest import Ingest
from graph_cdp.graph.driver import Neo4jTarget, open_driver
from graph_cdp.graph.transactions import Graph
from graph_cdp.identity.policy import DEFAULT_POLICY
from graph_cdp.source.model import Message
from tests.concurrency.stream import stream
from tests.identity.through_graph import RECEIVED_AT, parse

BATCH_MAX = 8


async def write_all(ingest: Ingest, messages: list[Message], *, writers: int, chance: Random) -> Counter[str]:
    """Let concurrent writers take the messages, in batches of one to eight."""
    outcomes: Counter[str] = Counter()

    async def write() -> None:
        while messages:
            size = chance.randint(1, BATCH_MAX)
            batch = [messages.pop() for _ in range(min(size, len(messages)))]
            outcomes.update(outcome.status for outcome in await ingest(batch))

    await asyncio.gather(*(write() for _ in range(writers)))
    return outcomes


async def main(uri: str, user: str, password: str, *numbers: str) -> None:
    """Write this process's share of the stream."""
    seed, count, writers, share, shares = map(int, numbers)
    messages = [parse(message) for message in stream(seed, count=count)[share::shares]]
    target = Neo4jTarget(uri=uri, user=user, password=password, database="neo4j")
    async with open_driver(target, timeout_s=120) as driver:
        graph = Graph(driver, database=target.database, timeout_s=120)
        ingest = Ingest(graph=graph, policy=DEFAULT_POLICY, clock=lambda: RECEIVED_AT)
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        await asyncio.to_thread(sys.stdin.readline)
        outcomes = await write_all(ingest, messages, writers=writers, chance=Random(f"{seed} {share}"))
        sys.stdout.write(f"{dict(outcomes)}\n")


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
