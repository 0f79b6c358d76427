// The golden records of people: of each field the value that survives by its rule, with where it came from.
//
// The rule ranks the records that state the field; ties go to the newest statement, then the most trusted source,
// then the smallest record key (`survive` of graph_cdp/golden_record/rules.py says the same). A person is locked
// before its records are read, so that of two writers the second sees what the first wrote. A record that no longer
// resolves where the caller saw it was moved meanwhile: the caller must start again. Of a new person with one record
// nothing has to be read: the caller knows the golden record.
//
// @mode    write
// @param   people  LIST OF MAP  {person_id, known: null keeps what it is, record_ids: records that must be the person's, or null,
//                                properties: the golden record of a new person, or null}
// @param   rules   LIST OF MAP  {field, rule: 'most_recent' and so on, verified: whether verified values come first}
// @returns one  person_count INTEGER, field_count INTEGER, moved_count INTEGER
UNWIND $people AS row
MATCH (person:Person {id: row.person_id})
REMOVE person._lock
SET person.known = coalesce(row.known, person.known), person += coalesce(row.properties, {})
WITH row, person
WHERE row.properties IS NULL
CALL (person) {
  MATCH (stated:SourceRecord)-[:RESOLVES_TO]->(person)
  MATCH (stated)-[:FROM]->(source:Source)
  WITH properties(stated) AS record, source.trust AS trust
  UNWIND [rule IN $rules WHERE record[rule.field] IS NOT NULL] AS rule
  WITH rule, CASE WHEN rule.rule = 'most_frequent' THEN record[rule.field] END AS value,
       collect([record, trust]) AS statements
  UNWIND statements AS statement
  WITH rule, rule.field AS field, statement[0] AS record, statement[1] AS trust, size(statements) AS frequency
  WITH field, record, trust, record[field + '_at'] AS at,
       rule.verified AND field IN coalesce(record.verified, []) AS verified,
       CASE rule.rule
         WHEN 'most_trusted_source' THEN trust
         WHEN 'most_frequent' THEN frequency
         WHEN 'longest' THEN size(record[field])
         ELSE 0
       END AS rank
  ORDER BY verified DESC, rank DESC, at DESC, trust DESC, record.key
  WITH field, collect([record[field], record.id, at])[0] AS winner
  RETURN collect([field, winner[0], winner[1], winner[2]]) AS winners
}
WITH row, person, winners, [winner IN winners | winner[0]] AS survivors,
     size([id IN coalesce(row.record_ids, []) WHERE NOT EXISTS { (:SourceRecord {id: id})-[:RESOLVES_TO]->(person) }]) AS moved
FOREACH (field IN [rule IN $rules WHERE person[rule.field] IS NOT NULL AND NOT rule.field IN survivors | rule.field] |
  SET person[field] = null, person[field + '_from'] = null, person[field + '_at'] = null)
FOREACH (winner IN winners |
  SET person[winner[0]] = winner[1], person[winner[0] + '_from'] = winner[2], person[winner[0] + '_at'] = winner[3])
RETURN count(person) AS person_count, sum(size(winners)) AS field_count, sum(moved) AS moved_count
