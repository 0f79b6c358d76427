"""What the health reports say of identity and of collection: counts, sizes and opaque ids, never a value."""

from dataclasses import dataclass
from datetime import date

from graph_cdp.ids import IdentifierId, Millis, PersonId


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """How much there is, and how much of it is open.

    `oldest_mark_at`: since when the longest waiting record waits for the job; None where none does.
    """

    people: int
    known_people: int
    absorbed_people: int
    records: int
    identifiers: int
    contested_identifiers: int
    review_tasks: int
    pending_marks: int
    oldest_mark_at: Millis | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SizeClass:
    """How many people have so many records, both bounds included; `records_max` is None where there is none."""

    records_min: int
    records_max: int | None
    people: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BigPerson:
    """One of the people with the most records."""

    person_id: PersonId
    records: int
    sources: int


@dataclass(frozen=True, slots=True, kw_only=True)
class HotIdentifier:
    """One of the identifiers with the most holdings: intervals in which some record held it."""

    identifier_id: IdentifierId
    kind: str
    holdings: int
    contested: bool
    capped: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class OverLimit:
    """A person that holds more values of a kind than the policy's limit. A limit restrains joins, it takes nothing apart."""

    person_id: PersonId
    kind: str
    held: int
    held_max: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """Something that a human should look at: a code for programs, what is the matter, and what to do."""

    code: str
    text: str
    mend: str


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentityHealth:
    """The report. Lists hold the first few, the worst first."""

    measured_at: Millis
    counts: Counts
    sizes: tuple[SizeClass, ...]
    biggest: tuple[BigPerson, ...]
    hottest: tuple[HotIdentifier, ...]
    over_limits: tuple[OverLimit, ...]
    alarms: tuple[Alarm, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DayOfMessages:
    """Messages that were received on a day (UTC): those that are stored, and those that were refused."""

    day: date
    messages: int
    refused: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceHealth:
    """What came from a source: `days` are the last seven, the oldest first. `last_received_at` is None where nothing came
    in them.
    """

    source: str
    records: int
    waiting_dead_letters: int
    last_received_at: Millis | None
    days: tuple[DayOfMessages, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CollectionHealth:
    """The report on collection, with all sources by name."""

    measured_at: Millis
    sources: tuple[SourceHealth, ...]
    alarms: tuple[Alarm, ...] = ()
