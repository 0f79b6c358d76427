"""A graph whose records are matched as they arrive, and what matching all of them by the same policy says."""

from collections.abc import Sequence
from dataclasses import replace
from random import Random

from graph_cdp.candidates.model import Difference
from graph_cdp.flows.ingest import Ingest
from graph_cdp.flows.match_graph import MatchGraph
from graph_cdp.flows.match_unmatched import MatchUnmatched
from graph_cdp.flows.resolve_marked import ResolveMarked
from graph_cdp.graph.transactions import Graph
from graph_cdp.identity.policy import DEFAULT_POLICY
from graph_cdp.matching.linkage.policy import MatchPolicy
from graph_cdp.source.model import Message
from tests.identity.through_graph import RECEIVED_AT
from tests.integration.querying import query

MATCHES = """
MATCH (one:SourceRecord)-[match:MATCHES]->(other:SourceRecord)
RETURN one.key AS one, other.key AS other, match.weight AS weight, match.probability AS probability
ORDER BY one, other
"""

NOTHING_DIFFERS = Difference(written={}, deleted=[])


def resolving(graph: Graph) -> ResolveMarked:
    """The job that resolves what is marked."""
    return ResolveMarked(graph=graph, policy=DEFAULT_POLICY, clock=lambda: RECEIVED_AT)


def matching(graph: Graph) -> MatchUnmatched:
    """The job that compares what waits."""
    return MatchUnmatched(graph=graph, clock=lambda: RECEIVED_AT, resolve=resolving(graph).run)


def whole(graph: Graph) -> MatchGraph:
    """The matching of all records."""
    return MatchGraph(
        graph=graph, policy=DEFAULT_POLICY, match_policy=MatchPolicy(region="AU"), clock=lambda: RECEIVED_AT
    )


async def trained(graph: Graph, *, block_records_max: int = 100, candidates_max: int = 200) -> str:
    """Match all records, with training, and keep what was learned; the text of the policy."""
    flow = whole(graph)
    policy = replace(flow.match_policy, block_records_max=block_records_max, candidates_max=candidates_max)
    flow = replace(flow, match_policy=policy)
    found = await flow.find()
    await flow.apply(found)
    await resolving(graph).run()
    return found.text


async def arrive(graph: Graph, messages: Sequence[Message], *, chance: Random) -> None:
    """Let messages arrive in batches of random sizes; sometimes the job runs in between."""
    ingest = Ingest(graph=graph, policy=DEFAULT_POLICY, clock=lambda: RECEIVED_AT)
    start = 0
    while start < len(messages):
        size = chance.randint(1, 40)
        await ingest(messages[start : start + size])
        start += size
        if chance.random() < 0.4:
            await matching(graph).run()
    await matching(graph).run()


async def against_all(graph: Graph) -> Difference:
    """How the matches that stand differ from those that matching all records by the same policy finds."""
    return (await whole(graph).find_again()).difference


async def matches(graph: Graph) -> list[dict[str, object]]:
    """The matches that stand."""
    return await query(graph, MATCHES)
