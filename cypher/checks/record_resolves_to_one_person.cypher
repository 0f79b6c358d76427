// A record that resolves to no person, or to more than one.
//
// @mode    read
// @returns many  record_id STRING, person_count INTEGER
MATCH (record:SourceRecord)
WITH record, COUNT { (record)-[:RESOLVES_TO]->(:Person) } AS person_count
WHERE person_count <> 1
RETURN record.id AS record_id, person_count
LIMIT 100
