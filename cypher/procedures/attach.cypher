// Attach records that resolve to nobody yet to a person, who is made where the id is new.
//
// @mode    write
// @param   changes  LIST OF MAP  {change_id, person_id, founded_by, record_keys, at, by, evidence}
// @returns one  change_ids LIST OF STRING, record_count INTEGER
UNWIND $changes AS change
MERGE (person:Person {id: change.person_id})
ON CREATE SET person.created_at = change.at, person.founded_by = change.founded_by
WITH change, person
CALL (change, person) {
  UNWIND change.record_keys AS record_key
  MATCH (record:SourceRecord {key: record_key})
  CREATE (record)-[:RESOLVES_TO {since: change.at, change_id: change.change_id}]->(person)
  RETURN collect(record.id) AS record_ids
}
CREATE (:IdentityChange {
  id: change.change_id, kind: 'attach', person_id: person.id, record_ids: record_ids,
  at: change.at, by: change.by, evidence: change.evidence
})
RETURN collect(change.change_id) AS change_ids, sum(size(record_ids)) AS record_count
