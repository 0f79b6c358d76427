// Records that wait to be compared.
//
// @mode    write
// @param   record_keys  LIST OF STRING  keys of records, sorted
// @returns none
UNWIND $record_keys AS record_key
MATCH (record:SourceRecord {key: record_key})
SET record:Unmatched
