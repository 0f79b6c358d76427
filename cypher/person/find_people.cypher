// The people that ids stand for now: an absorbed person's id answers with the person it was merged into.
// No row for an id that nobody has.
//
// @mode    read
// @param   person_ids  LIST OF STRING  ids of people, current or absorbed
// @returns many  requested_id STRING, person_id STRING, created_at INTEGER, known BOOLEAN, properties MAP
UNWIND $person_ids AS requested_id
MATCH (:Person {id: requested_id})-[:MERGED_INTO*0..]->(person:Person)
WHERE NOT person:Merged
RETURN requested_id, person.id AS person_id, person.created_at AS created_at, person.known AS known,
       properties(person) AS properties
