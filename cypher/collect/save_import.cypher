// How far an import is, after a batch of it was committed. Running it again changes nothing.
//
// @mode    write
// @param   id    STRING   the id of its job
// @param   known MAP      {source, file_hash, mapping_hash, as_of}: what makes two runs the same import, and the text of the mapping
// @param   state STRING   pending, or done
// @param   so_far MAP     {line, place, accepted, duplicates, rejected, bytes_read}; rejected is JSON, code by code
// @param   now   INTEGER  epoch milliseconds
// @returns none
MERGE (job:Job {id: $id})
SET job += $known, job += $so_far, job.kind = 'import', job.state = $state, job.updated_at = $now
