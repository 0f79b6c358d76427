"""What the service counts of itself, in the text format of Prometheus.

Labels are codes, kinds, routes and names of sources: never a value, an id or a path as it was asked for, so that nothing
personal leaves and the number of series stays small. Each application has a registry of its own.
"""

import time
from collections import Counter as Tally
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import TypeAlias

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from graph_cdp.collect.dead_letters import Bury
from graph_cdp.dead_letters.model import DeadLetter
from graph_cdp.flows.outcome import Outcome
from graph_cdp.identity.resolved import Resolved
from graph_cdp.insights.model import CollectionHealth, IdentityHealth
from graph_cdp.source.model import Message

IngestMessages: TypeAlias = Callable[[Sequence[Message]], Awaitable[list[Outcome]]]
"""Stores a batch: one outcome a message."""

BATCH_MESSAGES = (1, 2, 5, 10, 20, 50, 100, 200, 500)
COMMIT_SECONDS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30)
"""Upper bounds of the histograms' buckets: from a lone request to the default maximum."""

GAUGES = {
    "people": "People, those that were absorbed left out.",
    "known_people": "People who are known.",
    "records": "Source records.",
    "identifiers": "Identifiers.",
    "contested_identifiers": "Identifiers that touch people who may not be one.",
    "review_tasks": "Open questions to a human.",
    "biggest_person_records": "Records of the person that has the most.",
    "hottest_identifier_holdings": "Holdings of the identifier that has the most.",
    "identity_alarms": "Alarms of the health report.",
    "identity_measured_timestamp_seconds": "When the health report was made; 0 before the first.",
}
"""What the health report tells of identity."""

HELD = {
    "queue_messages": "Messages that wait or are being written.",
    "pending_marks": "Records whose resolution waits for the job.",
    "unmatched_records": "Records that wait to be compared with others.",
    "subscriptions": "Subscriptions that this process looks after.",
}
"""What is counted when somebody asks, by whoever holds it."""


class Metrics:
    """Every metric of one application, on a registry of its own."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._messages = self._counter(
            "messages", "Messages by source and what became of them.", "source", "status", "code"
        )
        self._dead_letters = self._counter(
            "dead_letters", "Refused messages that were kept.", "source", "code"
        )
        self._changes = self._counter("identity_changes", "Changes of who is who, by kind.", "kind")
        self._refusals = self._counter(
            "identity_refusals", "Identifiers that became contested, by reason.", "code"
        )
        self._requests = self._counter(
            "http_requests", "Requests by route and status class.", "route", "status"
        )
        self._batch = Histogram(
            "graph_cdp_batch_messages",
            "Messages of a batch that was written.",
            buckets=BATCH_MESSAGES,
            registry=self._registry,
        )
        self._commit = Histogram(
            "graph_cdp_batch_duration_seconds",
            "Time from the start of a batch to its commit.",
            buckets=COMMIT_SECONDS,
            registry=self._registry,
        )
        self._held = {name: self._gauge(name, meaning) for name, meaning in HELD.items()}
        self._collection_alarms = self._gauge("collection_alarms", "Sources that a human should look at.")
        self._identity = {name: self._gauge(name, meaning) for name, meaning in GAUGES.items()}

    def _gauge(self, name: str, meaning: str) -> Gauge:
        return Gauge(f"graph_cdp_{name}", meaning, registry=self._registry)

    def _counter(self, name: str, meaning: str, *labels: str) -> Counter:
        return Counter(f"graph_cdp_{name}", meaning, labels, registry=self._registry)

    def count_outcomes(self, source: str, outcomes: Sequence[Outcome]) -> None:
        """Count what became of a request's messages."""
        for (status, code), number in Tally((one.status, one.code or "") for one in outcomes).items():
            self._messages.labels(source, status, code).inc(number)

    def count_resolved(self, resolved: Resolved) -> None:
        """Count what a committed resolution changed."""
        for kind, number in Tally(resolved.change_kinds).items():
            self._changes.labels(kind).inc(number)
        for code, number in Tally(resolved.contested_codes).items():
            self._refusals.labels(code).inc(number)

    def count_request(self, route: str, status: int) -> None:
        """Count a request that was answered, by its route's pattern and the class of its status."""
        self._requests.labels(route, f"{status // 100}xx").inc()

    def counted_bury(self, bury: Bury) -> Bury:
        """`bury`, with the letters counted once they are committed."""

        async def counted(letters: Sequence[DeadLetter]) -> None:
            await bury(letters)
            for letter in letters:
                self._dead_letters.labels(letter.source, letter.code).inc()

        return counted

    def timed(self, ingest: IngestMessages) -> IngestMessages:
        """`ingest`, with the size and the duration of each batch that was committed."""

        async def measured(messages: Sequence[Message]) -> list[Outcome]:
            started = time.monotonic()
            outcomes = await ingest(messages)
            self._commit.observe(time.monotonic() - started)
            self._batch.observe(len(messages))
            return outcomes

        return measured

    def set_identity(self, health: IdentityHealth) -> None:
        """What the newest health report says."""
        counts = health.counts
        values = {
            "people": counts.people,
            "known_people": counts.known_people,
            "records": counts.records,
            "identifiers": counts.identifiers,
            "contested_identifiers": counts.contested_identifiers,
            "review_tasks": counts.review_tasks,
            "biggest_person_records": health.biggest[0].records if health.biggest else min(counts.records, 1),
            "hottest_identifier_holdings": health.hottest[0].holdings if health.hottest else 0,
            "identity_alarms": len(health.alarms),
            "identity_measured_timestamp_seconds": health.measured_at / 1000,
        }
        for name, gauge in self._identity.items():
            gauge.set(values[name])

    def set_collection(self, health: CollectionHealth) -> None:
        """What the newest report on collection says."""
        self._collection_alarms.set(len(health.alarms))

    def text(self, held: Mapping[str, int]) -> bytes:
        """All metrics; `held` gives those of `HELD`."""
        for name, gauge in self._held.items():
            gauge.set(held[name])
        return generate_latest(self._registry)
