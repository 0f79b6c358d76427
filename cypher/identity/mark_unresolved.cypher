// Leave the resolution of records to the job: a durable mark on each.
//
// @mode    write
// @param   record_keys  LIST OF STRING  keys of records
// @param   now          INTEGER         epoch milliseconds
// @returns none
UNWIND $record_keys AS record_key
MATCH (record:SourceRecord {key: record_key})
MERGE (job:Job {id: 'resolve ' + record.id})
ON CREATE SET job.kind = 'resolve'
SET job.state = 'pending', job.marked_at = $now
MERGE (job)-[:ABOUT]->(record)
