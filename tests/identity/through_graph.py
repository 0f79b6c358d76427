"""Messages of scenarios through the database: parsed by the doors that clients use, and what the graph says after."""

from neo4j import AsyncDriver

from graph_cdp.collect.segment import Receipt, parse_message
from graph_cdp.graph.driver import open_session
from graph_cdp.ids import RecordKey
from graph_cdp.intake.json_body import write_json
from graph_cdp.matching.normalise import normalise_trait
from graph_cdp.source.model import IdentifierKey, Message
from tests.identity.evidence import subject_of
from tests.identity.scenario import Json, Observed

RECEIVED_AT = 1_790_000_000_000
AT = 1_767_225_600_000
"""2026-01-01T00:00:00Z, the time of every message that has no other."""

OBSERVE_RECORDS = """
MATCH (record:SourceRecord)-[:RESOLVES_TO]->(person:Person)
RETURN record.key AS key, person.id AS person_id,
       [(record)-[holding:HAS_IDENTIFIER]->(i:Identifier) WHERE holding.valid_to IS NULL | [i.kind, i.value]] AS holdings,
       COUNT { (record)-[:PERFORMED]->(event:Event) WHERE event.type IN ['track', 'page', 'screen'] } AS events
"""
OBSERVE_REVIEWS = """
MATCH (task:ReviewTask {state: 'open'})-[:ABOUT]->(identifier:Identifier)
RETURN identifier.kind AS kind, task.reason AS reason, task.person_ids AS person_ids
"""


def parse(message: Json) -> Message:
    """A message of a scenario as its door hands it to the ingest flow."""
    if message["type"] != "record":
        receipt = Receipt(source=message["source"], received_at=RECEIVED_AT, region="FR")
        parsed = parse_message(
            {key: value for key, value in message.items() if key != "source"}, receipt=receipt
        )
        assert isinstance(parsed, Message), parsed
        return parsed
    record_key, identifiers = subject_of(message)
    traits = {
        name: normalise_trait(name, raw) for name, raw in message["traits"].items() if name != "loyalty_card"
    }
    payload = write_json(message, sort=True).decode()
    return Message(
        source=message["source"],
        message_id=message["messageId"],
        type="record",
        record_key=record_key,
        occurred_at=AT + (86_400_000 if "01-02" in message["timestamp"] else 0),
        received_at=RECEIVED_AT,
        payload=payload,
        body_hash=payload,
        traits={name: value for name, value in traits.items() if value},
        identifiers=tuple(identifiers),
        complete=True,
    )


async def observe(driver: AsyncDriver) -> Observed:
    """What the graph says now."""
    person_of: dict[RecordKey, object] = {}
    holders: dict[IdentifierKey, set[RecordKey]] = {}
    timeline: dict[object, int] = {}
    async with open_session(driver, database="neo4j") as session:
        async for row in await session.run(OBSERVE_RECORDS):
            person_of[row["key"]] = row["person_id"]
            timeline[row["person_id"]] = timeline.get(row["person_id"], 0) + row["events"]
            for kind, value in row["holdings"]:
                holders.setdefault(IdentifierKey(kind=kind, value=value), set()).add(row["key"])
        tasks = [row.data() async for row in await session.run(OBSERVE_REVIEWS)]
    return Observed(
        person_of=person_of,
        holders={key: frozenset(keys) for key, keys in holders.items()},
        timeline=timeline,
        reviews=[frozenset(task["person_ids"]) for task in tasks],
        outcomes={task["kind"]: task["reason"] for task in tasks},
    )
