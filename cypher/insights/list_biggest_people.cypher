// The people with the most records, and from how many sources those are: where too much was joined, it shows here first.
//
// @mode    read
// @scan    all people are compared by their size: a report that the service makes every few minutes
// @param   row_limit  INTEGER  how many people at most
// @returns many  person_id STRING, records INTEGER, sources INTEGER
MATCH (person:Person)
WHERE NOT person:Merged
WITH person, count { (person)<-[:RESOLVES_TO]-() } AS records
WHERE records > 1
ORDER BY records DESC, person.id
LIMIT $row_limit
RETURN person.id AS person_id, records,
  count { MATCH (person)<-[:RESOLVES_TO]-(record:SourceRecord) RETURN DISTINCT record.source } AS sources
