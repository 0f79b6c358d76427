// Whom identifiers point at now; two people at most for each, which is enough to know that it is contested.
// No row for an identifier that nobody holds.
//
// @mode    read
// @param   identifiers  LIST OF MAP  maps of `kind` and the normalised `value`
// @returns many  kind STRING, value STRING, person_ids LIST OF STRING
UNWIND $identifiers AS wanted
MATCH (identifier:Identifier {kind: wanted.kind, value: wanted.value})
CALL (identifier) {
  MATCH (identifier)<-[holding:HAS_IDENTIFIER]-(:SourceRecord)-[:RESOLVES_TO]->(person:Person)
  WHERE holding.valid_to IS NULL
  RETURN DISTINCT person.id AS person_id
  LIMIT 2
}
RETURN wanted.kind AS kind, wanted.value AS value, collect(person_id) AS person_ids
