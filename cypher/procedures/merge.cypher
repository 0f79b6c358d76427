// Merge people into others: their records resolve there, their ids answer with the other person for ever.
//
// Only RESOLVES_TO moves; events, transactions and consents stay on their records, so the cost does not depend on them.
//
// @mode    write
// @param   changes  LIST OF MAP  {change_id, person_id, absorbed_person_id, at, by, evidence}
// @returns one  change_ids LIST OF STRING, record_count INTEGER
UNWIND $changes AS change
MATCH (person:Person {id: change.person_id})
MATCH (absorbed:Person {id: change.absorbed_person_id})
CALL (change, person, absorbed) {
  MATCH (record:SourceRecord)-[before:RESOLVES_TO]->(absorbed)
  CREATE (record)-[:RESOLVED_TO {since: before.since, until: change.at, change_id: before.change_id}]->(absorbed)
  CREATE (record)-[:RESOLVES_TO {since: change.at, change_id: change.change_id}]->(person)
  DELETE before
  RETURN collect(record.id) AS record_ids
}
CREATE (absorbed)-[:MERGED_INTO {since: change.at, change_id: change.change_id}]->(person)
SET absorbed = {id: absorbed.id, created_at: absorbed.created_at, founded_by: absorbed.founded_by}
SET absorbed:Merged
CREATE (:IdentityChange {
  id: change.change_id, kind: 'merge', person_id: change.person_id, person_ids: [change.absorbed_person_id],
  record_ids: record_ids, at: change.at, by: change.by, evidence: change.evidence
})
RETURN collect(change.change_id) AS change_ids, sum(size(record_ids)) AS record_count
