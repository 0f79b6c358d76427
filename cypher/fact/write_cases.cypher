// Cases, each on the record that raised it (none where nobody is named) and at its store; the newest statement about each
// wins.
//
// @mode    write
// @param   cases  LIST OF MAP  {key, id, source, record_key, store, stated_at, stated_hash, properties}, sorted by key, one a key
// @param   now    INTEGER      epoch milliseconds
// @returns none
UNWIND $cases AS row
MERGE (matter:Case {key: row.key})
ON CREATE SET matter.id = row.id, matter.source = row.source, matter.created_at = $now
REMOVE matter._lock
WITH row, matter
WHERE matter.stated_at IS NULL OR matter.stated_at < row.stated_at
  OR matter.stated_at = row.stated_at AND matter.stated_hash < row.stated_hash
SET matter += row.properties, matter.record_key = row.record_key, matter.stated_at = row.stated_at,
    matter.stated_hash = row.stated_hash
WITH row, matter
OPTIONAL MATCH (matter)<-[former:RAISED]-(:SourceRecord)
DELETE former
WITH DISTINCT row, matter
OPTIONAL MATCH (matter)-[former:AT]->(:Store)
DELETE former
WITH DISTINCT row, matter
CALL (row, matter) {
  MATCH (record:SourceRecord {key: row.record_key})
  CREATE (record)-[:RAISED]->(matter)
}
WITH row, matter
WHERE row.store IS NOT NULL
MATCH (store:Store {code: row.store})
CREATE (matter)-[:AT]->(store)
