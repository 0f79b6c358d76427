// Take records out of one person into another, who is made where the id is new, and called back where it was absorbed.
//
// @mode    write
// @param   changes  LIST OF MAP  {change_id, from_person_id, person_id, founded_by, record_keys, at, by, evidence}
// @returns one  change_ids LIST OF STRING, record_count INTEGER
UNWIND $changes AS change
MATCH (origin:Person {id: change.from_person_id})
MERGE (person:Person {id: change.person_id})
ON CREATE SET person.created_at = change.at, person.founded_by = change.founded_by
REMOVE person:Merged
WITH change, origin, person
CALL (person) {
  MATCH (person)-[redirect:MERGED_INTO]->(:Person)
  DELETE redirect
}
CALL (change, origin, person) {
  UNWIND change.record_keys AS record_key
  MATCH (record:SourceRecord {key: record_key})-[before:RESOLVES_TO]->(origin)
  CREATE (record)-[:RESOLVED_TO {since: before.since, until: change.at, change_id: before.change_id}]->(origin)
  CREATE (record)-[:RESOLVES_TO {since: change.at, change_id: change.change_id}]->(person)
  DELETE before
  RETURN collect(record.id) AS record_ids
}
CREATE (:IdentityChange {
  id: change.change_id, kind: 'split', person_id: change.person_id, person_ids: [change.from_person_id],
  from_person_id: change.from_person_id, record_ids: record_ids, at: change.at, by: change.by, evidence: change.evidence
})
RETURN collect(change.change_id) AS change_ids, sum(size(record_ids)) AS record_count
