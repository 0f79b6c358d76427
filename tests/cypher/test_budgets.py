"""What the statements of an ingest cost, in the database's own count of what it touches (db hits), on a graph of a
known size. A figure that grows is a plan that changed, or a statement that does more: review it like behaviour.
"""

from collections import Counter
from collections.abc import Sequence
from typing import Any, LiteralString, cast

import pytest
from neo4j import AsyncDriver, AsyncManagedTransaction, AsyncResult

from graph_cdp.flows.ingest import Ingest
from graph_cdp.graph.queries import cypher_folder
from graph_cdp.graph.transactions import Graph, P, T, Work
from graph_cdp.identity.policy import DEFAULT_POLICY
from graph_cdp.ids import RecordKey
from graph_cdp.source.model import IdentifierKey, Message
from tests.graph import empty
from tests.integration.querying import hits_of

pytestmark = pytest.mark.neo4j

NOW = 1_790_000_000_000
PEOPLE = 1_000
BATCH = 100
NAME_OF = {
    path.read_text(encoding="utf-8"): str(path.relative_to(cypher_folder()).with_suffix(""))
    for path in cypher_folder().rglob("*.cypher")
}
ADD_EVENTS: LiteralString = """
MATCH (record:SourceRecord {key: $key})
UNWIND range(1, $count) AS number
CREATE (record)-[:PERFORMED]->(:Event {
  id: record.key + number, source: 'app', message_id: record.key + number, record_key: record.key, occurred_at: $now
})
"""

KNOWN = {
    "source/lock_records": 4_000,
    "source/store_messages": 3_700,
}
"""For a hundred messages. There is no other statement: nobody is resolved again."""

NEW = {
    "source/lock_records": 1_500,
    "identity/lock_identifiers": 2_200,
    "source/store_messages": 2_900,
    "procedures/attach": 2_000,
    "procedures/compute_golden_records": 4_000,
    "procedures/number_changes": 210,
}
"""For a hundred messages, each of which makes a record, two identifiers and a person."""

MERGE = {
    "source/lock_records": 40,
    "identity/lock_identifiers": 38,
    "source/store_messages": 36,
    "identity/read_component_records": 74,
    "identity/read_holders": 4,
    "identity/read_people": 20,
    "identity/lock_people": 30,
    "procedures/merge": 45,
    "procedures/compute_golden_records": 61,
    "procedures/number_changes": 8,
}
"""For one message that joins two people of one record each."""


class Profiled:
    """A transaction whose statements are profiled."""

    def __init__(self, tx: AsyncManagedTransaction) -> None:
        self._tx = tx
        self._results: list[tuple[str, AsyncResult]] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self._tx, name)

    async def run(self, query: str, *args: Any, **kwargs: Any) -> AsyncResult:
        """Run a statement, and remember it."""
        result = await self._tx.run(cast("LiteralString", f"PROFILE {query}"), *args, **kwargs)
        self._results.append((NAME_OF[query], result))
        return result

    async def hits(self) -> Counter[str]:
        """The db hits of each statement so far, by the name of its file."""
        found: Counter[str] = Counter()
        for name, result in self._results:
            summary = await result.consume()
            found[name] += hits_of(summary.profile)  # pyright: ignore[reportUnknownMemberType]
        return found


class ProfiledGraph(Graph):
    """A graph that counts what its last write cost."""

    cost: Counter[str]

    async def write(self, work: Work[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Write, and count."""

        async def profiled(tx: AsyncManagedTransaction, *args: P.args, **kwargs: P.kwargs) -> T:
            counting = Profiled(tx)
            answer = await work(counting, *args, **kwargs)  # type: ignore[arg-type]
            self.cost = await counting.hits()
            return answer

        return await super().write(profiled, *args, **kwargs)


def user(number: int, *, at: int = NOW, also: str | None = None) -> Message:
    """A message of a user with an e-mail of their own, who may say another one, too."""
    emails = [f"p{number}@x.fr", *([also] if also else [])]
    identifiers = [IdentifierKey(kind="email", value=email) for email in emails]
    return _message(f"user:u{number}", at, [*identifiers, IdentifierKey(kind="user_id", value=f"u{number}")])


def subscriber(email: str) -> Message:
    """A message of somebody who only has an e-mail."""
    return _message(f"email:{email}", NOW, [IdentifierKey(kind="email", value=email)])


def _message(record: str, at: int, identifiers: Sequence[IdentifierKey]) -> Message:
    return Message(
        source="app",
        message_id=f"{record} {at} {len(identifiers)}",
        type="track",
        record_key=RecordKey(f"app:{record}"),
        occurred_at=at,
        received_at=NOW,
        payload="{}",
        body_hash="",
        identifiers=tuple(identifiers),
    )


@pytest.fixture
async def ingest(driver: AsyncDriver, graph: Graph) -> Ingest:
    """The flow on a thousand people with a record of two identifiers and an event each; its statements were planned
    while there was nobody, as those of a new installation are.
    """
    await empty(driver)
    await driver.execute_query("CALL db.clearQueryCaches()")
    messages = [user(number) for number in range(PEOPLE)]
    await Ingest(graph=graph, policy=DEFAULT_POLICY, clock=lambda: NOW)(messages)
    profiled = ProfiledGraph(driver, database="neo4j", timeout_s=60)
    return Ingest(graph=profiled, policy=DEFAULT_POLICY, clock=lambda: NOW)


async def cost(ingest: Ingest, *messages: Message) -> Counter[str]:
    """The db hits of each statement of an ingest."""
    await ingest(messages)
    assert isinstance(ingest.graph, ProfiledGraph)
    return ingest.graph.cost


def dearer(spent: Counter[str], budget: dict[str, int]) -> dict[str, str]:
    """The statements that cost more than their budget, or have none."""
    return {
        name: f"{hits} db hits, budget {budget.get(name, 0)}"
        for name, hits in spent.items()
        if hits > budget.get(name, 0)
    }


async def test_a_batch_about_known_records_keeps_its_budget(ingest: Ingest) -> None:
    later = [user(number, at=NOW + 1) for number in range(BATCH)]
    assert dearer(await cost(ingest, *later), KNOWN) == {}


async def test_a_batch_about_new_records_keeps_its_budget(ingest: Ingest) -> None:
    new = [user(number) for number in range(PEOPLE, PEOPLE + BATCH)]
    assert dearer(await cost(ingest, *new), NEW) == {}


async def test_a_merge_costs_the_same_whatever_its_people_did(ingest: Ingest, driver: AsyncDriver) -> None:
    """A subscriber turns out to be a user, who has one event or 5,000 of them."""
    await ingest([subscriber("a@x.fr"), subscriber("b@x.fr")])
    await driver.execute_query(ADD_EVENTS, key="app:user:u2", count=5_000, now=NOW)
    await driver.execute_query(ADD_EVENTS, key="app:email:b@x.fr", count=5_000, now=NOW)

    few = await cost(ingest, user(1, also="a@x.fr"))
    many = await cost(ingest, user(2, also="b@x.fr"))

    assert few["procedures/merge"] > 0
    assert dearer(few, MERGE) == {}
    assert dearer(many, MERGE) == {}
