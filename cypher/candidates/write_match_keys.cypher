// What records have in common with others, or no longer. A key that is full leads to no record.
// A row: [key of the record, [hash of a key that is gone, …], [hash of a key that is new, …]].
//
// @mode    write
// @param   records  LIST OF LIST  sorted by key
// @returns none
UNWIND $records AS row
MATCH (record:SourceRecord {key: row[0]})
CALL (record, row) {
  UNWIND row[1] AS hash
  MATCH (record)-[has:HAS_MATCH_KEY]->(:MatchKey {hash: hash})
  DELETE has
}
CALL (record, row) {
  UNWIND row[2] AS hash
  MERGE (match_key:MatchKey {hash: hash})
  WITH record, match_key
  WHERE match_key.full IS NULL
  CREATE (record)-[:HAS_MATCH_KEY]->(match_key)
}
