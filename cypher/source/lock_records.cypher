// The records that a batch is about, locked until its commit, made where they are new (their sources, too), with
// their present state.
//
// REMOVE takes the lock of a node even where the property is absent, and writes nothing.
//
// @mode    write
// @param   records  LIST OF MAP  {key, id, source, kind}, sorted by key
// @param   now      INTEGER      epoch milliseconds
// @returns many  key STRING, id STRING, properties MAP, person_id STRING?, holdings LIST OF LIST
UNWIND $records AS row
MERGE (source:Source {name: row.source})
ON CREATE SET source.created_at = $now, source.trust = 0
MERGE (record:SourceRecord {key: row.key})
ON CREATE SET record.id = row.id, record.source = row.source, record.kind = row.kind, record.created_at = $now
REMOVE record._lock
FOREACH (_ IN CASE WHEN record.id = row.id THEN [1] ELSE [] END | CREATE (record)-[:FROM]->(source))
WITH record
OPTIONAL MATCH (record)-[:RESOLVES_TO]->(person:Person)
RETURN record.key AS key, record.id AS id, properties(record) AS properties, person.id AS person_id,
       [(record)-[holding:HAS_IDENTIFIER]->(identifier:Identifier) |
         [identifier.kind, identifier.value, holding.first_seen_at, holding.last_seen_at, holding.valid_to]
       ] AS holdings
