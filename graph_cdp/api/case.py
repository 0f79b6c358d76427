"""Cases: calls, complaints, requests, answers to surveys, mentions."""

from enum import Enum

import strawberry

from graph_cdp.api.catalogue import Store
from graph_cdp.api.node import Node, Timestamp
from graph_cdp.api.selection.fields import Rows, column, one
from graph_cdp.api.source_record import OF_FACT, SourceRecord
from graph_cdp.api.timelines import only


@strawberry.enum(description="What kind of case it is.")
class CaseKind(Enum):
    """The names are GraphQL's (capitals), the values the graph's."""

    CALL = strawberry.enum_value("call", description="A call.")
    COMPLAINT = strawberry.enum_value("complaint", description="A complaint.")
    REQUEST = strawberry.enum_value("request", description="A request.")
    SURVEY = strawberry.enum_value("survey", description="An answer to a survey.")
    MENTION = strawberry.enum_value("mention", description="A mention in social media.")


@strawberry.type(
    description="What a person said to a firm or of it: a call, a complaint, an answer to a survey."
)
class Case(Node):
    """A case."""

    case_id: strawberry.ID = column("it.id", "Its own id: opaque.")
    key: str = column("it.key", "The source and its own number: `desk:4711`.")
    source: str | None = column("it.source", "The name of the source that told of it first.")
    kind: CaseKind = column("it.kind", "What kind it is.", shown=CaseKind)
    status: str | None = column("it.status", "How far it is, in the source's words: `open`.")
    channel: str | None = column("it.channel", "By what it was raised: `phone`.")
    subject: str | None = column("it.subject", "What it is about, in words: `Parcel arrived open`.")
    topic: str | None = column("it.topic", "What it is about, as a class: `delivery`.")
    satisfaction: float | None = column("it.satisfaction", "How content the person is, 0 to 1: `0.8`.")
    opened_at: Timestamp | None = column("it.opened_at", "When it was raised.")
    closed_at: Timestamp | None = column("it.closed_at", "When it was settled.")
    record: SourceRecord | None = one(OF_FACT, "The source record that it hangs on.")
    store: Store | None = one("MATCH (parent)-[:AT]->(it:Store)", "The store that it is about.")


CASES = Rows(
    name="cases",
    match="""MATCH (parent)<-[:RESOLVES_TO]-(:SourceRecord)-[:RAISED]->(it:Case)
WHERE $kinds IS NULL OR it.kind IN $kinds""",
    at="coalesce(it.opened_at, it.stated_at)",
    filters=(only("kinds", list[CaseKind] | None, "Only cases of these kinds; all if left out."),),
)
