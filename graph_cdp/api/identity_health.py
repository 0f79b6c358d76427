"""The health of identity, for stewards: how much there is, what is contested, what is too big, and what to do."""

from typing import TypeVar

import strawberry

from graph_cdp.api.context import Info
from graph_cdp.api.node import Timestamp
from graph_cdp.errors import Unavailable
from graph_cdp.insights import model
from graph_cdp.insights.service import HealthWatch

Report = TypeVar("Report")


@strawberry.type(description="Something that a human should look at.")
class HealthAlarm:
    """An alarm."""

    code: str = strawberry.field(
        description="For programs: `COMPONENT_TOO_LARGE`, `OVER_LIMIT`, `BIG_PERSON`, `CAPPED_IDENTIFIER`, `MANY_CONTESTED`; of collection `MANY_REFUSED`, `SILENT_SOURCE`."
    )
    text: str = strawberry.field(description="What is the matter: `One person has 412 records.`")
    mend: str = strawberry.field(description="What to do about it.")


@strawberry.type(description="How many people have so many records.")
class PersonSizeClass:
    """A class of size."""

    records_min: int = strawberry.field(description="The fewest records of this class: `4`.")
    records_max: int | None = strawberry.field(description="The most; null where there is no bound: `5`.")
    people: int = strawberry.field(description="How many people are in it: `1204`.")


@strawberry.type(description="One of the people with the most records.")
class BigPerson:
    """A big person."""

    person_id: strawberry.ID = strawberry.field(description="The person's own id, for `person(id:)`.")
    records: int = strawberry.field(description="How many records resolve to it: `412`.")
    sources: int = strawberry.field(description="From how many sources they are: `3`.")


@strawberry.type(description="One of the identifiers that the most records hold.")
class HotIdentifier:
    """A hot identifier."""

    identifier_id: strawberry.ID = strawberry.field(description="The identifier's own id.")
    kind: str = strawberry.field(description="Its kind: `phone`.")
    holdings: int = strawberry.field(description="How many times some record began to hold it: `317`.")
    contested: bool = strawberry.field(description="Whether it touches people who may not be one.")
    capped: bool = strawberry.field(
        description="Whether it was found with so many people that it joins nobody."
    )


@strawberry.type(description="A person that holds more values of a kind than the policy's limit.")
class OverLimit:
    """A person over a limit."""

    person_id: strawberry.ID = strawberry.field(description="The person's own id, for `person(id:)`.")
    kind: str = strawberry.field(description="The kind of identifier: `email`.")
    held: int = strawberry.field(description="How many values it holds: `9`.")
    held_max: int = strawberry.field(description="The limit, which restrains joins: `5`.")


@strawberry.type(
    description="How well identity is, by counts and opaque ids. Made by the service every few minutes, so that it "
    "costs the same for ten people and ten million."
)
class IdentityHealth:
    """The report."""

    measured_at: Timestamp = strawberry.field(description="When it was measured.")
    people: int = strawberry.field(description="People, those that were absorbed left out: `29033`.")
    known_people: int = strawberry.field(description="Those of them who are known: `28561`.")
    absorbed_people: int = strawberry.field(description="People that were absorbed by others: `412`.")
    records: int = strawberry.field(description="Source records: `34150`.")
    identifiers: int = strawberry.field(description="Identifiers: `51702`.")
    contested_identifiers: int = strawberry.field(
        description="Identifiers that touch people who may not be one, and so join nobody: `4`."
    )
    review_tasks: int = strawberry.field(description="Open questions to a human: `4`.")
    pending_marks: int = strawberry.field(description="Records whose resolution waits for the job: `0`.")
    sizes: list[PersonSizeClass] = strawberry.field(description="How many people have how many records.")
    biggest: list[BigPerson] = strawberry.field(description="The people with the most records, 20 at most.")
    hottest: list[HotIdentifier] = strawberry.field(
        description="The identifiers with the most holdings, 20 at most."
    )
    over_limits: list[OverLimit] = strawberry.field(
        description="People over a limit, the worst first, 20 at most."
    )
    alarms: list[HealthAlarm] = strawberry.field(
        description="What a human should look at, the most urgent first."
    )


async def read_identity_health(info: Info) -> IdentityHealth:
    """The latest report; the first is made now if it is not there yet.

    Raises:
        Forbidden: only stewards and administrators may read it.
        Unavailable: this service makes no report.
    """
    return _of(await latest_report(info, info.context.health))


async def latest_report(info: Info, watch: HealthWatch[Report] | None) -> Report:
    """The latest report of a watch; the first is made now if it is not there yet.

    Raises:
        Forbidden: only stewards and administrators may read it.
        Unavailable: this service makes no report.
    """
    info.context.require("steward", "admin")
    if watch is None:
        raise Unavailable("This service makes no health report; ask one that does, or use graph-cdp health.")
    return watch.latest or await watch.measure()


def _of(health: model.IdentityHealth) -> IdentityHealth:
    counts = health.counts
    return IdentityHealth(
        measured_at=Timestamp(health.measured_at),
        people=counts.people,
        known_people=counts.known_people,
        absorbed_people=counts.absorbed_people,
        records=counts.records,
        identifiers=counts.identifiers,
        contested_identifiers=counts.contested_identifiers,
        review_tasks=counts.review_tasks,
        pending_marks=counts.pending_marks,
        sizes=[
            PersonSizeClass(records_min=one.records_min, records_max=one.records_max, people=one.people)
            for one in health.sizes
        ],
        biggest=[
            BigPerson(person_id=strawberry.ID(one.person_id), records=one.records, sources=one.sources)
            for one in health.biggest
        ],
        hottest=[
            HotIdentifier(
                identifier_id=strawberry.ID(one.identifier_id), kind=one.kind, holdings=one.holdings,
                contested=one.contested, capped=one.capped,
            )
            for one in health.hottest
        ],
        over_limits=[
            OverLimit(
                person_id=strawberry.ID(one.person_id), kind=one.kind, held=one.held, held_max=one.held_max
            )
            for one in health.over_limits
        ],
        alarms=[HealthAlarm(code=one.code, text=one.text, mend=one.mend) for one in health.alarms],
    )  # fmt: skip
