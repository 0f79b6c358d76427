// The marks of records that have been resolved are settled.
//
// @mode    write
// @param   record_keys  LIST OF STRING  keys of records
// @param   now          INTEGER         epoch milliseconds
// @returns none
UNWIND $record_keys AS record_key
MATCH (:SourceRecord {key: record_key})<-[:ABOUT]-(job:Job {kind: 'resolve', state: 'pending'})
SET job.state = 'done', job.settled_at = $now
