// By which of their match keys records look for others: the rarest, as far as these lead to no more others than allowed; the rest
// is `unused`. What follows from the number of records of a key is looked at anew for whoever has one of these keys.
//
// All keys of as many records or fewer count together, so that nothing depends on an order among equals.
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
  MATCH (record)-[has:HAS_MATCH_KEY]->(match_key:MatchKey)
  WITH has, COUNT { (match_key)<-[:HAS_MATCH_KEY]-() } - 1 AS others
  WITH collect({has: has, others: others}) AS keys
  UNWIND keys AS one
  WITH one.has AS has,
    reduce(sum = 0, other IN keys | CASE WHEN other.others <= one.others THEN sum + other.others ELSE sum END) > $candidates_max
      AS unused
  WHERE unused <> coalesce(has.unused, false)
  SET has.unused = CASE WHEN unused THEN true END
  RETURN count(*) AS changed
}
WITH record, changed
WHERE changed > 0
RETURN collect(record.key) AS record_keys
