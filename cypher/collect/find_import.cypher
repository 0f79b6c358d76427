// How far an import is that did not end; no row where none is under way.
//
// @mode    read
// @param   id  STRING  the id of its job
// @returns one?  line INTEGER, place STRING, accepted INTEGER, duplicates INTEGER, rejected STRING, bytes_read INTEGER
MATCH (job:Job {id: $id, state: 'pending'})
RETURN job.line AS line, job.place AS place, job.accepted AS accepted, job.duplicates AS duplicates,
       job.rejected AS rejected, job.bytes_read AS bytes_read
