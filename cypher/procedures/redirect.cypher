// Let the id of an absorbed person answer with another person from now on: the one that has its founding record.
//
// @mode    write
// @param   changes  LIST OF MAP  {change_id, person_id, into_person_id, at, by}
// @returns one  change_ids LIST OF STRING
UNWIND $changes AS change
MATCH (absorbed:Person {id: change.person_id})
MATCH (person:Person {id: change.into_person_id})
CALL (absorbed) {
  MATCH (absorbed)-[before:MERGED_INTO]->(:Person)
  DELETE before
}
CREATE (absorbed)-[:MERGED_INTO {since: change.at, change_id: change.change_id}]->(person)
CREATE (:IdentityChange {
  id: change.change_id, kind: 'redirect', person_id: change.into_person_id, person_ids: [change.person_id],
  record_ids: [], at: change.at, by: change.by, evidence: []
})
RETURN collect(change.change_id) AS change_ids
