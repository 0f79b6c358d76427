// New values of records; null removes one.
//
// @mode    write
// @param   records  LIST OF MAP  {key, properties}: the names of properties come from the allow-list of traits
// @returns none
UNWIND $records AS row
MATCH (record:SourceRecord {key: row.key})
SET record += row.properties
