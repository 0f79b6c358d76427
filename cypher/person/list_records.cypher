// A page of the source records of each person, oldest first.
//
// @mode    read
// @param   person_ids  LIST OF STRING  ids of people
// @param   after_at    INTEGER         created_at of the last row seen, epoch ms; the smallest integer to start
// @param   after_id    STRING          its id; empty to start
// @param   row_limit   INTEGER         rows for each person
// @returns many  person_id STRING, id STRING, key STRING, source STRING, kind STRING, created_at INTEGER, updated_at INTEGER, properties MAP
UNWIND $person_ids AS person_id
CALL (person_id) {
  MATCH (:Person {id: person_id})<-[:RESOLVES_TO]-(record:SourceRecord)
  WHERE record.created_at > $after_at OR (record.created_at = $after_at AND record.id > $after_id)
  RETURN record
  ORDER BY record.created_at, record.id
  LIMIT $row_limit
}
RETURN person_id, record.id AS id, record.key AS key, record.source AS source, record.kind AS kind,
       record.created_at AS created_at, coalesce(record.updated_at, record.created_at) AS updated_at, properties(record) AS properties
ORDER BY created_at, id
