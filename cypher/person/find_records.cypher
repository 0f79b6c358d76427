// The people to whom source records resolve. No row for an id that nothing has.
//
// @mode    read
// @param   record_ids  LIST OF STRING  opaque ids of source records
// @returns many  id STRING, person_id STRING?
UNWIND $record_ids AS record_id
MATCH (record:SourceRecord {id: record_id})
OPTIONAL MATCH (record)-[:RESOLVES_TO]->(person:Person)
RETURN record.id AS id, person.id AS person_id
