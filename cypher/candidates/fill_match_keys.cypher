// Match keys that are full, as a matching of all records found them: they lead to no record.
//
// @mode    write
// @param   hashes  LIST OF INTEGER  of the keys
// @returns none
UNWIND $hashes AS hash
MERGE (match_key:MatchKey {hash: hash})
SET match_key.full = true
WITH match_key
MATCH (match_key)<-[has:HAS_MATCH_KEY]-()
DELETE has
