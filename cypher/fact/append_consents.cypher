// Statements of consent, each on the record that gave it and about its contact point or device. A contact point that nobody
// holds yet is made: without it the statement would cover the whole person. A repetition on the same day extends a record.
//
// @mode    write
// @param   consents  LIST OF MAP  {id, record_key, about: [kind, value, id if it is new] or null, first_at, last_at, properties}, one an id, sorted by about
// @param   now       INTEGER      epoch milliseconds
// @returns none
UNWIND $consents AS row
MATCH (record:SourceRecord {key: row.record_key})
MERGE (consent:ConsentRecord {id: row.id})
WITH row, record, consent, consent.record_key IS NULL AS is_new
SET consent.occurred_at = CASE WHEN consent.occurred_at < row.first_at THEN consent.occurred_at ELSE row.first_at END,
    consent.confirmed_at = CASE WHEN consent.confirmed_at > row.last_at THEN consent.confirmed_at ELSE row.last_at END
FOREACH (_ IN CASE WHEN is_new THEN [1] ELSE [] END |
  SET consent += row.properties, consent.record_key = row.record_key, consent.recorded_at = $now
  CREATE (record)-[:GAVE]->(consent))
WITH row, consent, is_new
WHERE is_new AND row.about IS NOT NULL
MERGE (point:Identifier {kind: row.about[0], value: row.about[1]})
ON CREATE SET point.id = row.about[2], point.created_at = $now
CREATE (consent)-[:ABOUT]->(point)
