// Records that have been compared wait no longer.
//
// @mode    write
// @param   record_keys  LIST OF STRING  keys of records
// @returns none
UNWIND $record_keys AS record_key
MATCH (record:SourceRecord {key: record_key})
REMOVE record:Unmatched
