"""What of the health report is an alarm, and how people are put into classes of size. Pure."""

from collections.abc import Iterable, Iterator

from graph_cdp.identity.policy import Policy
from graph_cdp.ids import Millis
from graph_cdp.insights.model import Alarm, Counts, IdentityHealth, SizeClass

SIZE_BOUNDS = (1, 2, 3, 5, 10, 20, 50, 100, 200, 500, 1_000)
"""The greatest number of records of each class of size but the last, which has no bound."""

BIG_PERSON_RECORDS = 100
"""Nobody is known to so many sources: more records than this are almost always a value that many people share."""

CONTESTED_SHARE_MAX, CONTESTED_MIN = 0.02, 50
"""Of all identifiers, and how many at least. Families and a shop's tablets make some; more is a source that sends one value
for many people."""

MARK_WAITS_MS_MAX = 10 * 60_000
"""The job looks for marks twice a second; what waits longer does not fit it, or the job does not run."""


def size_classes(people_by_records: Iterable[tuple[int, int]]) -> tuple[SizeClass, ...]:
    """Classes of size that hold anybody, from (records, people) of each number of records."""
    counted: dict[int | None, int] = dict.fromkeys((*SIZE_BOUNDS, None), 0)
    for records, people in people_by_records:
        counted[next((bound for bound in SIZE_BOUNDS if records <= bound), None)] += people
    lowest = [1, *(bound + 1 for bound in SIZE_BOUNDS)]
    return tuple(
        SizeClass(records_min=least, records_max=bound, people=people)
        for least, (bound, people) in zip(lowest, counted.items(), strict=True)
        if people
    )


def find_alarms(health: IdentityHealth, *, policy: Policy) -> Iterator[Alarm]:
    """What a human should look at."""
    yield from alarms_of_counts(health.counts, now=health.measured_at, policy=policy)
    if health.over_limits:
        worst = health.over_limits[0]
        yield Alarm(
            code="OVER_LIMIT",
            text="People hold more values of a kind than its limit: the worst "
            f"{worst.held:,} of the kind {worst.kind}, of which {worst.held_max:,} are usual.",
            mend="Look at their records: one that states them all may be a shop's. Give a verdict (not same) where two "
            "people are one.",
        )
    if health.biggest and health.biggest[0].records > BIG_PERSON_RECORDS:
        yield Alarm(
            code="BIG_PERSON",
            text=f"One person has {health.biggest[0].records:,} records.",
            mend="Ask what joins them: an identifier that they all share may be a placeholder.",
        )
    capped = sum(one.capped for one in health.hottest)
    if capped:
        yield Alarm(
            code="CAPPED_IDENTIFIER",
            text=f"{capped:,} of the hottest identifiers were found with {policy.people_capped:,} people or more: they "
            "join nobody.",
            mend="Tell the source not to send them, or reject them by a rule of the source.",
        )


def alarms_of_counts(counts: Counts, *, now: Millis, policy: Policy) -> Iterator[Alarm]:
    """The alarms that counts alone tell."""
    waits_ms = now - (now if counts.oldest_mark_at is None else counts.oldest_mark_at)
    if waits_ms > MARK_WAITS_MS_MAX:
        yield Alarm(
            code="COMPONENT_TOO_LARGE",
            text=f"{counts.pending_marks:,} records have waited for up to {waits_ms // 60_000:,} minutes to be resolved: "
            f"what hangs together with them is more than {policy.component_records_max:,} records.",
            mend="Look for marked_records_wait in the service's log; is the service running?",
        )
    if counts.contested_identifiers > max(CONTESTED_MIN, CONTESTED_SHARE_MAX * counts.identifiers):
        yield Alarm(
            code="MANY_CONTESTED",
            text=f"{counts.contested_identifiers:,} of {counts.identifiers:,} identifiers are contested.",
            mend="Look at the review tasks by reason: a source may send one value for many people.",
        )
