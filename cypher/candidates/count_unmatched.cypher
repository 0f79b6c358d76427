// How many records wait to be compared.
//
// @mode    read
// @returns one  record_count INTEGER
MATCH (record:Unmatched)
RETURN count(record) AS record_count
