// People, and all records that resolve to each.
//
// @mode    read
// @param   person_ids  LIST OF STRING  ids of people who are not absorbed
// @returns many  person_id STRING, created_at INTEGER, known BOOLEAN, founded_by STRING, record_keys LIST OF STRING
UNWIND $person_ids AS person_id
MATCH (person:Person {id: person_id})
RETURN person.id AS person_id, person.created_at AS created_at, coalesce(person.known, false) AS known,
       person.founded_by AS founded_by, [(record:SourceRecord)-[:RESOLVES_TO]->(person) | record.key] AS record_keys
