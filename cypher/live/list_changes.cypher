// The changes of identity that concern a person, after a number: of the people that its id led to, and those that took
// records away from one of them.
//
// @mode    read
// @param   person_id  STRING   an id, of an absorbed person too
// @param   after_at   INTEGER  a change's number
// @param   after_id   STRING   and the id of the change of this number, or ''
// @param   row_limit  INTEGER  how many at most
// @returns many  at INTEGER, id STRING
MATCH (:Person {id: $person_id})-[:MERGED_INTO*0..]->(stage:Person)
CALL (stage) {
  MATCH (change:IdentityChange)
  WHERE change.person_id = stage.id AND change.sequence >= $after_at
  RETURN change
  UNION
  MATCH (change:IdentityChange)
  WHERE change.from_person_id = stage.id AND change.sequence >= $after_at
  RETURN change
}
WITH DISTINCT change.sequence AS at, change.id AS id
WHERE at > $after_at OR id > $after_id
RETURN at, id
ORDER BY at, id
LIMIT $row_limit
