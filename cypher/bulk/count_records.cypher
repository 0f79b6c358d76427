// How many records there are.
//
// @mode    read
// @returns one  record_count INTEGER
MATCH (record:SourceRecord)
RETURN count(record) AS record_count
