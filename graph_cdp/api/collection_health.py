"""The health of collection, for stewards: what each source sent day by day, what was refused, which fell silent."""

from datetime import date

import strawberry

from graph_cdp.api.context import Info
from graph_cdp.api.identity_health import HealthAlarm, latest_report
from graph_cdp.api.node import Timestamp
from graph_cdp.insights import model


@strawberry.type(description="What a source sent on one day, in UTC.")
class DayOfMessages:
    """A day of a source."""

    day: date = strawberry.field(description="The day: `2026-11-25`.")
    messages: int = strawberry.field(
        description="Messages that were stored, rows of files included: `18240`."
    )
    refused: int = strawberry.field(description="Messages that were refused and kept as dead letters: `3`.")


@strawberry.type(description="What came from a source lately.")
class SourceHealth:
    """A source."""

    source: str = strawberry.field(description="Its name: `web`.")
    records: int = strawberry.field(description="How many source records it has: `10482`.")
    waiting_dead_letters: int = strawberry.field(description="Its dead letters that wait for a human: `12`.")
    last_received_at: Timestamp | None = strawberry.field(
        description="When its newest message was received; null if none was in the last seven days."
    )
    days: list[DayOfMessages] = strawberry.field(
        description="The last seven days, today included, the oldest first; days without a message, too."
    )


@strawberry.type(
    description="What each source sent lately, what of it was refused, and what to do about it. Made by the service every few minutes."
)
class CollectionHealth:
    """The report."""

    measured_at: Timestamp = strawberry.field(description="When it was measured.")
    sources: list[SourceHealth] = strawberry.field(description="All sources, by name.")
    alarms: list[HealthAlarm] = strawberry.field(
        description="What a human should look at: `MANY_REFUSED`, `SILENT_SOURCE`."
    )


async def read_collection_health(info: Info) -> CollectionHealth:
    """The latest report; the first is made now if it is not there yet.

    Raises:
        Forbidden: only stewards and administrators may read it.
        Unavailable: this service makes no report.
    """
    report = await latest_report(info, info.context.collection)
    return CollectionHealth(
        measured_at=Timestamp(report.measured_at),
        sources=[_source(one) for one in report.sources],
        alarms=[HealthAlarm(code=one.code, text=one.text, mend=one.mend) for one in report.alarms],
    )


def _source(health: model.SourceHealth) -> SourceHealth:
    received_at = health.last_received_at
    return SourceHealth(
        source=health.source,
        records=health.records,
        waiting_dead_letters=health.waiting_dead_letters,
        last_received_at=None if received_at is None else Timestamp(received_at),
        days=[DayOfMessages(day=one.day, messages=one.messages, refused=one.refused) for one in health.days],
    )
