// The people of a component, locked until the commit, and all records that resolve to each.
//
// Who resolves to a person changes under that person's lock only, so a row holds until the commit.
// A row: [id, created_at, known, founded_by, [key of a record that resolves to it, …]].
//
// @mode    write
// @param   person_ids  LIST OF STRING  sorted
// @returns one  rows LIST OF LIST
UNWIND $person_ids AS person_id
MATCH (person:Person {id: person_id})
REMOVE person._lock
WITH person
RETURN collect([
  person.id, person.created_at, coalesce(person.known, false), person.founded_by,
  [(record:SourceRecord)-[:RESOLVES_TO]->(person) | record.key]
]) AS rows
