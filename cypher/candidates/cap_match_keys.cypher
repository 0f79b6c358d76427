// Match keys that more records have than are worth comparing are full: they lead to no record any more, and the records
// that had them wait to be compared again, for what was found only through such a key no longer counts.
//
// @mode    write
// @param   hashes       LIST OF INTEGER  of keys that records were given
// @param   records_max  INTEGER          how many records a key may have
// @returns none
UNWIND $hashes AS hash
MATCH (match_key:MatchKey {hash: hash})
WHERE COUNT { (match_key)<-[:HAS_MATCH_KEY]-() } > $records_max
SET match_key.full = true
WITH match_key
MATCH (record:SourceRecord)-[has:HAS_MATCH_KEY]->(match_key)
SET record:Unmatched
DELETE has
