// How many records wait for the job that resolves them.
//
// @mode    read
// @returns one  mark_count INTEGER
MATCH (job:Job {kind: 'resolve', state: 'pending'})
WHERE job.marked_at IS NOT NULL
RETURN count(job) AS mark_count
