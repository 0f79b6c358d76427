"""Who a person was at a time, by what was known then: the intervals in which records resolved to people are kept.

What is not kept is not shown as it is now: the golden record is the one of then where nothing it is made of changed since, and
an error elsewhere; what records said and held is not offered at all.
"""

from collections.abc import Mapping
from typing import Any

import strawberry

from graph_cdp.api.connections import Connection
from graph_cdp.api.node import Timestamp, parse_id
from graph_cdp.api.person import GoldenRecord
from graph_cdp.api.selection.fields import Filter, Params, Rows, Start, column, one, pages
from graph_cdp.errors import Conflict
from graph_cdp.intake.times import parse_iso

THEN = "then.since <= parent.as_of AND (then.until IS NULL OR then.until > parent.as_of)"


class PastNotKept(Conflict):
    """What was known then is not kept."""

    code = "PAST_NOT_KEPT"


def _not_kept() -> PastNotKept:
    return PastNotKept(
        "The records of this person, or what they say, changed since: the golden record of then is not kept."
    )


def _bind(arguments: Mapping[str, Any], _region: str) -> Params:
    at = parse_iso(str(arguments["at"]), field="`at`")
    return {"person_id": parse_id("Person", str(arguments["id"])), "as_of": at}


PERSON_AS_OF = Start(
    parameters=("person_id", "as_of"),
    arguments=(
        Filter(name="id", type=strawberry.ID, description="A person's `id` or `person_id`."),
        Filter(name="at", type=str, description="When: `2026-01-31T12:00:00Z`."),
    ),
    bind=_bind,
    match="""MATCH (asked:Person {id: $person_id})
MATCH (:SourceRecord {key: asked.founded_by})-[then:RESOLVES_TO|RESOLVED_TO]->(person:Person)
WHERE then.since <= $as_of AND (then.until IS NULL OR then.until > $as_of)
WITH {id: person.id, as_of: $as_of} AS it""",
)
"""An id answers with the person that has its founding record: that holds at any time."""

RECORDS_AS_OF = Rows(
    name="records_as_of",
    match=f"""MATCH (person:Person {{id: parent.id}})<-[then:RESOLVES_TO|RESOLVED_TO]-(record:SourceRecord)
WHERE {THEN}
WITH {{record_id: record.id, source: record.source, kind: record.kind, since: then.since, until: then.until}} AS it""",
    at="it.since",
    id="it.record_id",
    order="ASC",
    count=f"""MATCH (person:Person {{id: parent.id}})<-[then:RESOLVES_TO|RESOLVED_TO]-(it:SourceRecord)
WHERE {THEN}""",
)

UNCHANGED = """MATCH (it:Person {id: parent.id})
WHERE NOT EXISTS {
    MATCH (it)<-[now:RESOLVES_TO]-(record:SourceRecord)
    WHERE now.since > parent.as_of OR record.updated_at > parent.as_of
  }
  AND NOT EXISTS {
    MATCH (it)<-[then:RESOLVED_TO]-(:SourceRecord)
    WHERE then.since <= parent.as_of AND then.until > parent.as_of
  }"""


@strawberry.type(description="A source record, as it belonged to a person at a time.")
class RecordAsOf:
    """An interval of a record."""

    record_id: strawberry.ID = column("it.record_id", "Its own id: opaque.")
    source: str = column("it.source", "The name of the source whose record it is.")
    kind: str = column("it.kind", "What kind of record it is: `row`, `user`, `anonymous`, …")
    since: Timestamp = column("it.since", "Since when it was this person, without a break.")
    until: Timestamp | None = column("it.until", "Until when it was; null if it still is.")


@strawberry.type(description="Who a person was at a time, by what was known then.")
class PersonAsOf:
    """A person of the past."""

    person_id: strawberry.ID = column("it.id", "The id of the person that the id answered with then.")
    as_of: Timestamp = column("it.as_of", "The time that was asked for.")
    records: Connection[RecordAsOf] = pages(
        RECORDS_AS_OF, "The source records that were this person then, by since when."
    )
    golden_record: GoldenRecord | None = one(
        UNCHANGED,
        "What was known then, where it is kept: an error `PAST_NOT_KEPT` if the records, or what they say, changed since.",
        missing=_not_kept,
    )
