// People, and all records that resolve to each.
// A row: [id, created_at, known, founded_by, [key of a record that resolves to it, …], []].
//
// @mode    read
// @param   person_ids  LIST OF STRING  ids of people who are not absorbed
// @returns one  rows LIST OF LIST
UNWIND $person_ids AS person_id
MATCH (person:Person {id: person_id})
RETURN collect([
  person.id, person.created_at, coalesce(person.known, false), person.founded_by,
  [(record:SourceRecord)-[:RESOLVES_TO]->(person) | record.key], []
]) AS rows
