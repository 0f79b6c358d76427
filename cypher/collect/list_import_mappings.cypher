// What the columns of files meant, by their imports.
//
// @mode    read
// @param   ids  LIST OF STRING  the ids of the imports' jobs
// @returns many  id STRING, mapping STRING, as_of INTEGER?
UNWIND $ids AS id
MATCH (job:Job {id: id})
WHERE job.mapping IS NOT NULL
RETURN id, job.mapping AS mapping, job.as_of AS as_of
