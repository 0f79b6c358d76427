// An identifier that is not contested, yet held by the records of two people.
//
// @mode    read
// @returns many  identifier_id STRING, kind STRING, person_count INTEGER
MATCH (identifier:Identifier)<-[holding:HAS_IDENTIFIER]-(:SourceRecord)-[:RESOLVES_TO]->(person:Person)
WHERE holding.valid_to IS NULL AND NOT coalesce(identifier.contested, false)
WITH identifier, count(DISTINCT person) AS person_count
WHERE person_count > 1
RETURN identifier.id AS identifier_id, identifier.kind AS kind, person_count
LIMIT 100
