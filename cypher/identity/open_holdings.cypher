// New intervals in which records hold identifiers.
//
// @mode    write
// @param   holdings  LIST OF MAP  {record_key, kind, value, properties {first_seen_at, last_seen_at, valid_to}}
// @returns none
UNWIND $holdings AS row
MATCH (record:SourceRecord {key: row.record_key})
MATCH (identifier:Identifier {kind: row.kind, value: row.value})
CREATE (record)-[holding:HAS_IDENTIFIER]->(identifier)
SET holding = row.properties
