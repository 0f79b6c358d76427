// Where records stand. A row: [key, id, id of the person that it resolves to].
//
// @mode    read
// @param   record_keys  LIST OF STRING  keys of records
// @returns one  rows LIST OF LIST
UNWIND $record_keys AS record_key
MATCH (record:SourceRecord {key: record_key})-[:RESOLVES_TO]->(person:Person)
RETURN collect([record.key, record.id, person.id]) AS rows
