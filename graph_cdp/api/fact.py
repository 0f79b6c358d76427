"""The timeline: all that a person did and said, of every kind, newest first."""

from enum import Enum

import strawberry

from graph_cdp.api.case import Case
from graph_cdp.api.consent import ConsentRecord
from graph_cdp.api.event import Event
from graph_cdp.api.node import Timestamp
from graph_cdp.api.selection.fields import Rows, column, one
from graph_cdp.api.timelines import only
from graph_cdp.api.transaction import Transaction


@strawberry.enum(description="What kind of fact it is.")
class FactKind(Enum):
    """The names are GraphQL's (capitals), the values the graph's."""

    EVENT = strawberry.enum_value("event", description="A message about what somebody did; `event` has it.")
    TRANSACTION = strawberry.enum_value(
        "transaction", description="A purchase or a return; `transaction` has it."
    )
    CASE = strawberry.enum_value("case", description="A call, a complaint, an answer; `case` has it.")
    CONSENT = strawberry.enum_value("consent", description="A statement of consent; `consent_record` has it.")


@strawberry.type(
    description="One fact of a timeline. Of the fields that hold facts the one that `kind` names has a value."
)
class Fact:
    """A row of a timeline."""

    kind: FactKind = column("it.kind", "What kind of fact it is.", shown=FactKind)
    occurred_at: Timestamp = column("it.at", "When it happened.")
    event: Event | None = one(
        "MATCH (it:Event {id: parent.id}) WHERE parent.kind = 'event'", "The event; null for other kinds."
    )
    transaction: Transaction | None = one(
        "MATCH (it:Transaction {id: parent.id}) WHERE parent.kind = 'transaction'",
        "The transaction; null for other kinds.",
    )
    case: Case | None = one(
        "MATCH (it:Case {id: parent.id}) WHERE parent.kind = 'case'", "The case; null for other kinds."
    )
    consent_record: ConsentRecord | None = one(
        "MATCH (it:ConsentRecord {id: parent.id}) WHERE parent.kind = 'consent'",
        "The statement of consent; null for other kinds.",
    )


def _of(label: str, kind: str, where: str = "true") -> str:
    return f"""  MATCH (found:{label})
  USING INDEX SEEK found:{label}(record_key, occurred_at, id)
  WHERE found.record_key = record.key AND found.occurred_at <= $at AND found.id IS NOT NULL AND {where}
    AND CASE found.occurred_at WHEN $at THEN found.id < $id ELSE true END
    AND ($kinds IS NULL OR '{kind}' IN $kinds)
  RETURN {{kind: '{kind}', id: found.id, at: found.occurred_at}} AS it
  ORDER BY found.record_key DESC, found.occurred_at DESC, found.id DESC
  LIMIT $row_limit"""


def _all(label: str, kind: str, where: str = "true") -> str:
    return f"""  MATCH (it:{label})
  USING INDEX SEEK it:{label}(record_key, occurred_at, id)
  WHERE it.record_key = record.key AND it.occurred_at IS NOT NULL AND it.id IS NOT NULL AND {where} AND ($kinds IS NULL OR '{kind}' IN $kinds)
  RETURN it"""


FACTS = Rows(
    name="timeline",
    match=f"""MATCH (parent)<-[:RESOLVES_TO]-(record:SourceRecord)
CALL (record) {{
{_of("Event", "event")}
  UNION ALL
{_of("Transaction", "transaction", "found.kind IS NOT NULL")}
  UNION ALL
{_of("ConsentRecord", "consent")}
  UNION ALL
  MATCH (record)-[:RAISED]->(found:Case)
  WHERE $kinds IS NULL OR 'case' IN $kinds
  RETURN {{kind: 'case', id: found.id, at: coalesce(found.opened_at, found.stated_at)}} AS it
}}""",
    count=f"""MATCH (parent)<-[:RESOLVES_TO]-(record:SourceRecord)
CALL (record) {{
{_all("Event", "event")}
  UNION ALL
{_all("Transaction", "transaction", "it.kind IS NOT NULL")}
  UNION ALL
{_all("ConsentRecord", "consent")}
  UNION ALL
  MATCH (record)-[:RAISED]->(it:Case)
  WHERE $kinds IS NULL OR 'case' IN $kinds
  RETURN it
}}""",
    at="it.at",
    id="it.id",
    filters=(only("kinds", list[FactKind] | None, "Only facts of these kinds; all if left out."),),
)
