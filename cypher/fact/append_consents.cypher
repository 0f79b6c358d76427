// Statements of consent, each on the record that gave it and about its contact point or device. A contact point that nobody
// holds yet is made: without it the statement would cover the whole person.
//
// @mode    write
// @param   consents  LIST OF MAP  {id, record_key, about: [kind, value, id if it is new] or null, properties}, sorted by about
// @param   now       INTEGER      epoch milliseconds
// @returns none
UNWIND $consents AS row
MATCH (record:SourceRecord {key: row.record_key})
CREATE (record)-[:GAVE]->(consent:ConsentRecord {id: row.id})
SET consent += row.properties, consent.record_key = row.record_key, consent.recorded_at = $now
WITH row, consent
WHERE row.about IS NOT NULL
MERGE (point:Identifier {kind: row.about[0], value: row.about[1]})
ON CREATE SET point.id = row.about[2], point.created_at = $now
CREATE (consent)-[:ABOUT]->(point)
