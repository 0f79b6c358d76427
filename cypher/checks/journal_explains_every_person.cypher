// A record that resolves to a person by a change that is not in the journal, or is about another person.
//
// @mode    read
// @returns many  record_id STRING, person_id STRING
MATCH (record:SourceRecord)-[resolves:RESOLVES_TO]->(person:Person)
WHERE NOT EXISTS { (change:IdentityChange {id: resolves.change_id}) WHERE change.person_id = person.id }
RETURN record.id AS record_id, person.id AS person_id
LIMIT 100
