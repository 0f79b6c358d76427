"""The report on collection from what was counted: the days of each source, and what of it is an alarm. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from graph_cdp.ids import Millis
from graph_cdp.insights.model import Alarm, CollectionHealth, DayOfMessages, SourceHealth

DAYS = 7
"""How many days the report has, today included."""

DAY_MS = 86_400_000
EPOCH = date(1970, 1, 1)

REFUSED_SHARE_MAX, REFUSED_MIN = 0.05, 20
"""Of what a source sent in the days of the report, and how many at least: below, a few customers typed badly."""

BUSY_DAYS_MIN = 3
"""A source that sent on so many of the earlier days is expected to send every day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """What the graph was asked. Days are counted from 1970-01-01, and keys are (source, day)."""

    records: Mapping[str, int]
    messages: Mapping[tuple[str, int], int]
    refused: Mapping[tuple[str, int], int]
    waiting: Mapping[str, int]
    newest: Mapping[str, Millis]


def report_since(now: Millis) -> Millis:
    """The moment at which the first day of a report begins."""
    return (now // DAY_MS - DAYS + 1) * DAY_MS


def make_report(counted: Counted, *, now: Millis) -> CollectionHealth:
    """The report: every source that has a record, a message or a dead letter, by name."""
    names = {*counted.records, *counted.waiting, *(name for name, _ in (*counted.messages, *counted.refused))}
    sources = tuple(_source(name, counted, now=now) for name in sorted(names))
    return CollectionHealth(measured_at=now, sources=sources, alarms=tuple(find_alarms(sources, now=now)))


def find_alarms(sources: Iterable[SourceHealth], *, now: Millis) -> Iterator[Alarm]:
    """What a human should look at: a source that sends much that is refused, or one that fell silent."""
    for source in sources:
        refused = sum(one.refused for one in source.days)
        sent = refused + sum(one.messages for one in source.days)
        if refused >= REFUSED_MIN and refused > REFUSED_SHARE_MAX * sent:
            yield Alarm(
                code="MANY_REFUSED",
                text=f"Of {sent:,} messages of {source.source} in {DAYS} days, {refused:,} were refused.",
                mend="Look at its dead letters by reason (dead_letter_counts): its form may have changed.",
            )
        busy = sum(one.messages > 0 for one in source.days[:-1])
        if busy >= BUSY_DAYS_MIN and now - (source.last_received_at or 0) > DAY_MS:
            last = datetime.fromtimestamp((source.last_received_at or 0) / 1000, UTC)
            yield Alarm(
                code="SILENT_SOURCE",
                text=f"{source.source} sent on {busy} of the last days, and nothing since {last:%Y-%m-%d %H:%M} UTC.",
                mend="Ask whoever operates the source; its key may have expired (graph-cdp keys list).",
            )


def _source(name: str, counted: Counted, *, now: Millis) -> SourceHealth:
    first = report_since(now) // DAY_MS
    return SourceHealth(
        source=name,
        records=counted.records.get(name, 0),
        waiting_dead_letters=counted.waiting.get(name, 0),
        last_received_at=counted.newest.get(name),
        days=tuple(
            DayOfMessages(
                day=EPOCH + timedelta(days=day),
                messages=counted.messages.get((name, day), 0),
                refused=counted.refused.get((name, day), 0),
            )
            for day in range(first, first + DAYS)
        ),
    )
