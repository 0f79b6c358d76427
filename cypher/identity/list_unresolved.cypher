// Records whose resolution waits for the job, the longest waiting first.
//
// @mode    read
// @param   row_limit  INTEGER  how many at most
// @returns many  record_key STRING, marked_at INTEGER
MATCH (job:Job {kind: 'resolve', state: 'pending'})-[:ABOUT]->(record:SourceRecord)
RETURN record.key AS record_key, job.marked_at AS marked_at
ORDER BY marked_at
LIMIT $row_limit
