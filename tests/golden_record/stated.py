"""People and what their records state, put into the graph as it is modelled, and read back."""

from collections.abc import Mapping, Sequence
from typing import LiteralString

from neo4j import AsyncDriver

from graph_cdp.golden_record.model import StatingRecord, Survivor
from graph_cdp.graph.driver import open_session
from graph_cdp.ids import PersonId, RecordId
from graph_cdp.source.model import TRAITS

WRITE: LiteralString = """
UNWIND $records AS row
MERGE (source:Source {name: row.source})
SET source.trust = row.trust
MERGE (record:SourceRecord {key: row.key})
SET record = row.properties
MERGE (record)-[:FROM]->(source)
MERGE (person:Person {id: row.person_id})
MERGE (change:IdentityChange {id: row.person_id})
ON CREATE SET change.person_id = row.person_id
MERGE (record)-[:RESOLVES_TO {since: 0, change_id: row.person_id}]->(person)
"""
NUMBER: LiteralString = """
MERGE (counter:Counter {name: 'identity_change'})
ON CREATE SET counter.value = 0
WITH counter
MATCH (change:IdentityChange)
WHERE change.sequence IS NULL
WITH counter, collect(change) AS changes
FOREACH (number IN range(1, size(changes)) |
  FOREACH (one IN [changes[number - 1]] | SET one.sequence = counter.value + number))
SET counter.value = counter.value + size(changes)
"""
READ: LiteralString = "MATCH (person:Person {id: $id}) RETURN properties(person) AS golden"


async def put(driver: AsyncDriver, people: Mapping[PersonId, Sequence[StatingRecord]]) -> None:
    """Each person with its records, in place of what the graph said of these records."""
    rows = [
        {
            "person_id": person_id,
            "key": record.key,
            "source": record.key.split(":")[0],
            "trust": record.trust,
            "properties": _properties(record),
        }
        for person_id, records in people.items()
        for record in records
    ]
    async with open_session(driver, database="neo4j") as session:
        await (await session.run(WRITE, records=rows)).consume()
        await (await session.run(NUMBER)).consume()


async def golden_record(driver: AsyncDriver, person_id: PersonId) -> dict[str, Survivor]:
    """The golden record that is stored at a person."""
    async with open_session(driver, database="neo4j") as session:
        row = await (await session.run(READ, id=person_id)).single(strict=True)
    stored = row["golden"]
    return {
        name: Survivor(
            value=stored[name], record_id=RecordId(stored[f"{name}_from"]), at=stored[f"{name}_at"]
        )
        for name in TRAITS
        if name in stored
    }


def _properties(record: StatingRecord) -> dict[str, object]:
    properties: dict[str, object] = {
        "key": record.key,
        "id": record.id,
        "source": record.key.split(":")[0],
        "verified": sorted(name for name, said in record.traits.items() if said.verified) or None,
    }
    for name, said in record.traits.items():
        properties |= {name: said.value, f"{name}_at": said.at}
    return properties
