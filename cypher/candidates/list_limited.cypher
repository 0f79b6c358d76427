// The records that do not look for others by all of their match keys.
//
// @mode    read
// @returns one  record_keys LIST OF STRING
MATCH (record:SourceRecord)-[has:HAS_MATCH_KEY]->()
WHERE has.unused = true
RETURN collect(DISTINCT record.key) AS record_keys
