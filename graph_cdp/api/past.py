"""Who a person was at a time, by what was known then: the intervals in which records resolved to people are kept.

What is not kept is not shown as it is now: the golden record is the one of then where nothing it is made of changed since, and
an error elsewhere; what records said is not offered at all. What they held is kept, with when it became known.
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

IDENTIFIERS_AS_OF = Rows(
    name="identifiers_as_of",
    match=f"""MATCH (person:Person {{id: parent.id}})<-[then:RESOLVES_TO|RESOLVED_TO]-(record:SourceRecord)
WHERE {THEN}
MATCH (record)-[holding:HAS_IDENTIFIER]->(identifier:Identifier)
WITH identifier, coalesce(holding.recorded_at, holding.first_seen_at) AS since, coalesce(holding.ended_at, holding.valid_to) AS until
WHERE since <= parent.as_of AND (until IS NULL OR until > parent.as_of)
WITH identifier, min(since) AS since
WITH {{identifier_id: identifier.id, kind: identifier.kind, value: identifier.value, since: since}} AS it""",
    at="it.since",
    id="it.identifier_id",
    order="ASC",
)
"""Holdings of before migration V0083 say only when things happened; they are shown by that."""

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


@strawberry.type(description="An identifier, as records of a person were known to hold it at a time.")
class IdentifierAsOf:
    """An interval of a holding."""

    identifier_id: strawberry.ID = column("it.identifier_id", "Its own id: opaque, never the value.")
    kind: str = column("it.kind", "What it is: `email`, `phone`, `user_id`, `loyalty_card`, …")
    value: str = column("it.value", "The normalised value: `marie@example.com`.")
    since: Timestamp = column("it.since", "Since when a record of this person was known to hold it.")


@strawberry.type(description="Who a person was at a time, by what was known then.")
class PersonAsOf:
    """A person of the past."""

    person_id: strawberry.ID = column("it.id", "The id of the person that the id answered with then.")
    as_of: Timestamp = column("it.as_of", "The time that was asked for.")
    records: Connection[RecordAsOf] = pages(
        RECORDS_AS_OF, "The source records that were this person then, by since when."
    )
    identifiers: Connection[IdentifierAsOf] = pages(
        IDENTIFIERS_AS_OF,
        "The identifiers that these records were known to hold then, by since when; also those that they ceased to hold since.",
    )
    golden_record: GoldenRecord | None = one(
        UNCHANGED,
        "What was known then, where it is kept: an error `PAST_NOT_KEPT` if the records, or what they say, changed since.",
        missing=_not_kept,
    )
