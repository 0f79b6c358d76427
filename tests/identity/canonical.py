"""The state of the whole graph without what depends on arrival: ids, the journal, history, the times of writing.

Two graphs that were told the same say the same here (RELIABILITY T5).
"""

from typing import Any

from neo4j import AsyncDriver

from graph_cdp.graph.driver import open_session
from graph_cdp.source.model import TRAITS

PEOPLE = """
MATCH (person:Person) WHERE NOT person:Merged
RETURN [(record:SourceRecord)-[:RESOLVES_TO]->(person) | record.key] AS records, person.known AS known,
       properties(person) AS golden,
       [(record:SourceRecord)-[:RESOLVES_TO]->(person) | [record.id, record.key]] AS keys
"""
RECORDS = """
MATCH (record:SourceRecord)
RETURN record.key AS key, properties(record) AS traits,
       [(record)-[holding:HAS_IDENTIFIER]->(i:Identifier) WHERE holding.valid_to IS NULL |
         [i.kind, i.value, coalesce(i.contested, false)]] AS holdings,
       [(record)-[:PERFORMED]->(event:Event) | [event.source, event.message_id, event.occurred_at, event.payload]]
         AS events,
       [(record)-[:MADE]->(t:Transaction) | [t.key, t.kind, t.amount, t.quantity, t.occurred_at]] AS transactions
"""
REVIEWS = """
MATCH (task:ReviewTask {state: 'open'})-[:ABOUT]->(identifier:Identifier)
RETURN identifier.kind AS kind, identifier.value AS value, task.reason AS reason, size(task.person_ids) AS people
"""

State = dict[str, list[Any]]


async def canonical(driver: AsyncDriver) -> State:
    """People by their records with golden records; records with what they hold, did and bought; open reviews."""
    async with open_session(driver, database="neo4j") as session:
        people = [row.data() async for row in await session.run(PEOPLE)]
        records = [row.data() async for row in await session.run(RECORDS)]
        reviews = [row.data() async for row in await session.run(REVIEWS)]
    return {
        "people": sorted(map(_person, people)),
        "records": sorted(map(_record, records)),
        "reviews": sorted(sorted(row.items()) for row in reviews),
    }


def _person(row: dict[str, Any]) -> list[Any]:
    key_of = dict(row["keys"])
    golden = row["golden"]
    values = [
        [name, golden[name], golden[f"{name}_at"], key_of.get(golden[f"{name}_from"])]
        for name in TRAITS
        if name in golden
    ]
    return [sorted(row["records"]), row["known"], values]


def _record(row: dict[str, Any]) -> list[Any]:
    traits = row["traits"]
    values = [[name, traits[name], traits[f"{name}_at"]] for name in TRAITS if name in traits]
    return [row["key"], values, sorted(row["holdings"]), sorted(row["events"]), sorted(row["transactions"])]
