"""Classes of size and alarms, without a database."""

from dataclasses import replace

from graph_cdp.identity.policy import DEFAULT_POLICY
from graph_cdp.ids import IdentifierId, PersonId
from graph_cdp.insights.model import (
    BigPerson,
    Counts,
    HotIdentifier,
    IdentityHealth,
    OverLimit,
    SizeClass,
)
from graph_cdp.insights.rules import (
    BIG_PERSON_RECORDS,
    CONTESTED_MIN,
    MARK_WAITS_MS_MAX,
    find_alarms,
    size_classes,
)

NOW = 1_790_000_000_000
COUNTS = Counts(
    people=10,
    known_people=8,
    absorbed_people=1,
    records=12,
    identifiers=1_000,
    contested_identifiers=0,
    review_tasks=0,
    pending_marks=0,
    oldest_mark_at=None,
)
WELL = IdentityHealth(measured_at=NOW, counts=COUNTS, sizes=(), biggest=(), hottest=(), over_limits=())
HOT = HotIdentifier(identifier_id=IdentifierId("i"), kind="phone", holdings=9, contested=True, capped=False)


def codes(health: IdentityHealth) -> list[str]:
    return [alarm.code for alarm in find_alarms(health, policy=DEFAULT_POLICY)]


def counted(**changes: int) -> IdentityHealth:
    return replace(WELL, counts=replace(COUNTS, **changes))


def big(records: int) -> IdentityHealth:
    return replace(WELL, biggest=(BigPerson(person_id=PersonId("p"), records=records, sources=1),))


def test_every_size_is_in_the_class_whose_bounds_hold_it() -> None:
    classes = size_classes([(1, 7), (4, 2), (5, 1), (6, 3), (1_000, 1), (1_001, 1), (5_000, 1)])
    assert classes == (
        SizeClass(records_min=1, records_max=1, people=7),
        SizeClass(records_min=4, records_max=5, people=3),
        SizeClass(records_min=6, records_max=10, people=3),
        SizeClass(records_min=501, records_max=1_000, people=1),
        SizeClass(records_min=1_001, records_max=None, people=2),
    )
    assert size_classes([]) == ()


def test_what_is_well_raises_no_alarm() -> None:
    assert codes(WELL) == []
    assert codes(replace(WELL, hottest=(HOT,))) == []


def test_each_alarm_is_raised_beyond_its_bound_and_not_at_it() -> None:
    waits = counted(pending_marks=1, oldest_mark_at=NOW - MARK_WAITS_MS_MAX)
    too_long = counted(pending_marks=1, oldest_mark_at=NOW - MARK_WAITS_MS_MAX - 1)
    assert (codes(waits), codes(too_long)) == ([], ["COMPONENT_TOO_LARGE"])
    assert codes(counted(contested_identifiers=CONTESTED_MIN)) == []
    assert codes(counted(contested_identifiers=CONTESTED_MIN + 1)) == ["MANY_CONTESTED"]
    assert codes(counted(contested_identifiers=2_000, identifiers=100_000)) == []
    assert codes(counted(contested_identifiers=2_001, identifiers=100_000)) == ["MANY_CONTESTED"]
    assert (codes(big(BIG_PERSON_RECORDS)), codes(big(BIG_PERSON_RECORDS + 1))) == ([], ["BIG_PERSON"])
    assert codes(replace(WELL, hottest=(HOT, replace(HOT, capped=True)))) == ["CAPPED_IDENTIFIER"]
    over = OverLimit(person_id=PersonId("p"), kind="email", held=6, held_max=5)
    assert codes(replace(WELL, over_limits=(over,))) == ["OVER_LIMIT"]


def test_an_alarm_says_how_much_and_what_to_do() -> None:
    (alarm,) = find_alarms(
        replace(counted(pending_marks=3, oldest_mark_at=NOW - 90 * 60_000)), policy=DEFAULT_POLICY
    )
    assert alarm.text.startswith("3 records have waited for up to 90 minutes")
    assert "2,000 records" in alarm.text
    assert alarm.mend
