// Match keys that are full no longer: the records that have them are written anew.
//
// @mode    write
// @param   hashes  LIST OF INTEGER  of the keys
// @returns none
UNWIND $hashes AS hash
MATCH (match_key:MatchKey {hash: hash})
REMOVE match_key.full
