// The people of a component, locked until the commit, all records that resolve to each, and the absorbed people whom these
// records once founded: the ids that a split gives back, and where each leads now.
//
// Who resolves to a person changes under that person's lock only, so a row holds until the commit. The hint, since a plan
// made while the graph is empty would read all people, and be kept for a while.
// A row: [id, created_at, known, founded_by, [key of a record that resolves to it, …],
// [[id of an absorbed person, created_at, founded_by, id of whom it leads to], …]].
//
// @mode    write
// @param   person_ids  LIST OF STRING  sorted
// @returns one  rows LIST OF LIST
UNWIND $person_ids AS person_id
MATCH (person:Person {id: person_id})
REMOVE person._lock
WITH person
CALL (person) {
  MATCH (record:SourceRecord)-[:RESOLVES_TO]->(person)
  RETURN collect(record.key) AS record_keys
}
CALL (record_keys) {
  UNWIND record_keys AS record_key
  MATCH (absorbed:Person {founded_by: record_key})-[:MERGED_INTO]->(into:Person)
  USING INDEX SEEK absorbed:Person(founded_by)
  RETURN collect([absorbed.id, absorbed.created_at, absorbed.founded_by, into.id]) AS absorbed
}
RETURN collect([
  person.id, person.created_at, coalesce(person.known, false), person.founded_by, record_keys, absorbed
]) AS rows
