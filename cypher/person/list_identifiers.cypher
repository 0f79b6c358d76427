// A page of the identifiers that each person's records hold now, by when they were first seen.
//
// @mode    read
// @param   person_ids  LIST OF STRING  ids of people
// @param   after_at    INTEGER         first_seen_at of the last row seen, epoch ms; the smallest integer to start
// @param   after_id    STRING          its id; empty to start
// @param   row_limit   INTEGER         rows for each person
// @returns many  person_id STRING, id STRING, kind STRING, value STRING, contested BOOLEAN, first_seen_at INTEGER, last_seen_at INTEGER
UNWIND $person_ids AS person_id
CALL (person_id) {
  MATCH (:Person {id: person_id})<-[:RESOLVES_TO]-(:SourceRecord)-[holding:HAS_IDENTIFIER]->
        (identifier:Identifier)
  WHERE holding.valid_to IS NULL
  WITH identifier, min(holding.first_seen_at) AS first_seen_at, max(holding.last_seen_at) AS last_seen_at
  WHERE first_seen_at > $after_at OR (first_seen_at = $after_at AND identifier.id > $after_id)
  ORDER BY first_seen_at, identifier.id
  LIMIT $row_limit
  RETURN identifier, first_seen_at, last_seen_at
}
RETURN person_id, identifier.id AS id, identifier.kind AS kind, identifier.value AS value,
       coalesce(identifier.contested, false) AS contested, first_seen_at, last_seen_at
ORDER BY first_seen_at, id
