// The match keys that are full.
//
// @mode    read
// @returns one  hashes LIST OF INTEGER
MATCH (match_key:MatchKey {full: true})
RETURN collect(match_key.hash) AS hashes
