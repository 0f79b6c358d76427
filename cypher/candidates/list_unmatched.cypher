// Records that wait to be compared.
//
// @mode    read
// @scan    a label that few records have, and only for a moment
// @param   row_limit  INTEGER  how many at most
// @returns many  record_key STRING
MATCH (record:Unmatched)
RETURN record.key AS record_key
LIMIT $row_limit
