"""The statements about golden records."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from graph_cdp.golden_record.model import StatingRecord, Survivorship
from graph_cdp.graph.queries import Tx, fetch_all, fetch_one, load_query
from graph_cdp.ids import PersonId, RecordId
from graph_cdp.source.model import TRAITS
from graph_cdp.source.repository import read_traits

COMPUTE_GOLDEN_RECORDS = load_query("procedures/compute_golden_records")
LIST_STATEMENTS_IN_SCOPE = load_query("golden_record/list_statements_in_scope")
LIST_PEOPLE = load_query("golden_record/list_people")


@dataclass(frozen=True, slots=True, kw_only=True)
class Concerned:
    """A person whose golden record is computed.

    `known`: whether the person holds more than a device; None where that stays as it is. `record_ids`: records that
    the caller read as this person's without having locked the person. `properties`: the golden record, where the
    person is new and the caller knows all that is said of it.
    """

    known: bool | None = None
    record_ids: Collection[RecordId] = ()
    properties: Mapping[str, str | int] | None = None


async def compute_golden_records(
    tx: Tx, *, people: Mapping[PersonId, Concerned], survivorship: Survivorship
) -> int:
    """Write the values that survive for these people, each with its source; locks them, in the order of their ids.

    How many of the `record_ids` resolve to somebody else by now: with any the transaction must start again, as its
    people were changed between reading and locking them.
    """
    rows = [
        {
            "person_id": person_id,
            "known": one.known,
            "record_ids": sorted(one.record_ids),
            "properties": one.properties,
        }
        for person_id, one in sorted(people.items())
    ]
    row = await fetch_one(tx, COMPUTE_GOLDEN_RECORDS, people=rows, rules=_rules(survivorship))
    moved: int = row["moved_count"]
    return moved


def _rules(survivorship: Survivorship) -> list[dict[str, str | bool]]:
    rules = ((field, survivorship.rule(field)) for field in TRAITS)
    return [{"field": field, "rule": rule.rule, "verified": rule.verified} for field, rule in rules]


async def list_statements_in_scope(tx: Tx, *, person_id: PersonId, org_unit_id: str) -> list[StatingRecord]:
    """What the records of a person state whose source belongs to a unit, or to one below it."""
    return [
        StatingRecord(
            key=row["key"],
            id=row["id"],
            trust=row["trust"],
            traits=read_traits(row["properties"]),
        )
        for row in await fetch_all(tx, LIST_STATEMENTS_IN_SCOPE, person_id=person_id, org_unit_id=org_unit_id)
    ]


async def list_people(tx: Tx, *, after_id: str, row_limit: int) -> list[PersonId]:
    """A page of people, by id, who were not absorbed."""
    return [
        row["person_id"] for row in await fetch_all(tx, LIST_PEOPLE, after_id=after_id, row_limit=row_limit)
    ]
