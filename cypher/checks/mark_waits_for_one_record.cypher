// A pending mark that is about no record, so that the job never finds it, or about several.
//
// @mode    read
// @returns many  job_id STRING, record_count INTEGER
MATCH (job:Job {kind: 'resolve', state: 'pending'})
WITH job, COUNT { (job)-[:ABOUT]->(:SourceRecord) } AS record_count
WHERE record_count <> 1
RETURN job.id AS job_id, record_count
LIMIT 100
