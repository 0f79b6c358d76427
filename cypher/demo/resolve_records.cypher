// The person to whom each of these records resolves; no row for a record that is not there.
//
// @mode    read
// @param   record_keys  LIST OF STRING  the records
// @returns many  record_key STRING, person_id STRING
UNWIND $record_keys AS record_key
MATCH (record:SourceRecord {key: record_key})-[:RESOLVES_TO]->(person:Person)
RETURN record.key AS record_key, person.id AS person_id
