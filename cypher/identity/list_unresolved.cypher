// Records whose resolution waits for the job, the longest waiting first, as the index has them: a million may wait.
//
// @mode    read
// @param   row_limit  INTEGER  how many at most
// @returns many  record_key STRING, marked_at INTEGER
MATCH (job:Job {kind: 'resolve', state: 'pending'})
WHERE job.marked_at IS NOT NULL
MATCH (job)-[:ABOUT]->(record:SourceRecord)
WITH record, job
ORDER BY job.kind, job.state, job.marked_at
LIMIT $row_limit
RETURN record.key AS record_key, job.marked_at AS marked_at
