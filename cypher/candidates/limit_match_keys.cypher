// By which of their match keys records look for others: the rarest, as far as these lead to no more others than allowed; the rest
// is `unused`. What follows from the number of records of a key is looked at anew for whoever has one of these keys.
//
// Of all others whom a record shares a key with, by the rarest key that each shares, one more than are allowed is the first that is
// too many: keys as common as that one are unused. So nothing depends on an order among equals.
//
// @mode    write
// @param   record_keys     LIST OF STRING   keys of records whose match keys changed
// @param   hashes          LIST OF INTEGER  of the keys that they were given, or lost
// @param   candidates_max  INTEGER          others that the keys of a record may lead to
// @returns one  record_keys LIST OF STRING
CALL () {
  UNWIND $record_keys AS record_key
  MATCH (record:SourceRecord {key: record_key})
  RETURN record
  UNION
  UNWIND $hashes AS hash
  MATCH (:MatchKey {hash: hash})<-[:HAS_MATCH_KEY]-(record:SourceRecord)
  RETURN record
}
CALL (record) {
  MATCH (record)-[has:HAS_MATCH_KEY]->(match_key:MatchKey)
  RETURN sum(COUNT { (match_key)<-[:HAS_MATCH_KEY]-() } - 1) AS others, count(has.unused) AS unused
}
WITH record, others, unused
WHERE others > $candidates_max OR unused > 0
CALL (record) {
  MATCH (record)-[:HAS_MATCH_KEY]->(match_key:MatchKey)
  WITH record, match_key, COUNT { (match_key)<-[:HAS_MATCH_KEY]-() } AS records
  MATCH (match_key)<-[:HAS_MATCH_KEY]-(other:SourceRecord)
  WHERE other <> record
  WITH other, min(records) AS records
  ORDER BY records
  SKIP $candidates_max
  LIMIT 1
  RETURN collect(records) AS limits
}
CALL (record, limits) {
  MATCH (record)-[has:HAS_MATCH_KEY]->(match_key:MatchKey)
  WITH has, size(limits) > 0 AND COUNT { (match_key)<-[:HAS_MATCH_KEY]-() } >= limits[0] AS unused
  WHERE unused <> coalesce(has.unused, false)
  SET has.unused = CASE WHEN unused THEN true END
  RETURN count(*) AS changed
}
WITH record, changed
WHERE changed > 0
RETURN collect(record.key) AS record_keys
