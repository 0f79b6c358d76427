// Source records by their ids, each with the person it resolves to. No row for an id that nothing has.
//
// @mode    read
// @param   record_ids  LIST OF STRING  opaque ids of source records
// @returns many  person_id STRING?, id STRING, key STRING, source STRING, kind STRING, created_at INTEGER, updated_at INTEGER, properties MAP
UNWIND $record_ids AS record_id
MATCH (record:SourceRecord {id: record_id})
OPTIONAL MATCH (record)-[:RESOLVES_TO]->(person:Person)
RETURN person.id AS person_id, record.id AS id, record.key AS key, record.source AS source, record.kind AS kind,
       record.created_at AS created_at, coalesce(record.updated_at, record.created_at) AS updated_at, properties(record) AS properties
