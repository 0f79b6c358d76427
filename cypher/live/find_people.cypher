// The person that an id answers with now, or those who hold an identifier: two where it points at several.
//
// @mode    read
// @param   person_id  STRING  an id, of an absorbed person too; null to ask by an identifier
// @param   kind       STRING  the identifier's kind, or null
// @param   value      STRING  its normalised value, or null
// @returns many  person_id STRING
CALL () {
  MATCH (:Person {id: $person_id})-[:MERGED_INTO*0..]->(person:Person)
  WHERE NOT person:Merged
  RETURN person
  UNION
  MATCH (:Identifier {kind: $kind, value: $value})<-[holding:HAS_IDENTIFIER]-(:SourceRecord)-[:RESOLVES_TO]->(person:Person)
  WHERE holding.valid_to IS NULL
  WITH DISTINCT person LIMIT 2
  RETURN person
}
RETURN person.id AS person_id
