// The records that a batch is about, locked until its commit, made where they are new (their sources, too), with
// their present state.
//
// REMOVE takes the lock of a node even where the property is absent, and writes nothing.
// A row: [key, id, properties, person id or null, [[kind, value, first_seen_at, last_seen_at, valid_to], …],
// [id of a verdict about it, …]].
//
// @mode    write
// @param   records  LIST OF MAP  {key, id, source, kind}, sorted by key
// @param   now      INTEGER      epoch milliseconds
// @returns one  rows LIST OF LIST
UNWIND $records AS row
MERGE (record:SourceRecord {key: row.key})
ON CREATE SET record.id = row.id, record.source = row.source, record.kind = row.kind, record.created_at = $now
REMOVE record._lock
FOREACH (_ IN CASE WHEN record.id = row.id THEN [1] ELSE [] END |
  MERGE (source:Source {name: row.source})
  ON CREATE SET source.created_at = $now, source.trust = 0
  CREATE (record)-[:FROM]->(source))
WITH record
OPTIONAL MATCH (record)-[:RESOLVES_TO]->(person:Person)
RETURN collect([
  record.key, record.id, properties(record), person.id,
  [(record)-[holding:HAS_IDENTIFIER]->(identifier:Identifier) |
    [identifier.kind, identifier.value, holding.first_seen_at, holding.last_seen_at, holding.valid_to]],
  [(record)<-[:ON]-(verdict:Verdict) | verdict.id]
]) AS rows
