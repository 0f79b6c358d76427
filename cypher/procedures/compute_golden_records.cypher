// The golden records of people: of each field the newest value, then the most trusted source's, with where it came from.
//
// @mode    write
// @param   people  LIST OF MAP     {person_id, known: null keeps what it is}
// @param   fields  LIST OF STRING  the fields that survive
// @returns one  person_count INTEGER, field_count INTEGER
UNWIND $people AS row
MATCH (person:Person {id: row.person_id})
CALL (person) {
  MATCH (record:SourceRecord)-[:RESOLVES_TO]->(person)
  MATCH (record)-[:FROM]->(source:Source)
  UNWIND [field IN $fields WHERE record[field] IS NOT NULL] AS field
  WITH record, source, field
  ORDER BY record[field + '_at'] DESC, source.trust DESC, record.key
  WITH field, collect([record[field], record.id, record[field + '_at']])[0] AS winner
  RETURN collect([field, winner[0], winner[1], winner[2]]) AS winners
}
WITH row, person, winners, [winner IN winners | winner[0]] AS survivors
SET person.known = coalesce(row.known, person.known)
FOREACH (field IN [field IN $fields WHERE person[field] IS NOT NULL AND NOT field IN survivors] |
  SET person[field] = null, person[field + '_from'] = null, person[field + '_at'] = null)
FOREACH (winner IN winners |
  SET person[winner[0]] = winner[1], person[winner[0] + '_from'] = winner[2], person[winner[0] + '_at'] = winner[3])
RETURN count(person) AS person_count, sum(size(winners)) AS field_count
