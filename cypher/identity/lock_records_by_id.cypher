// The records of these opaque ids, locked until the commit.
//
// @mode    write
// @param   record_ids  LIST OF STRING  sorted
// @returns many  record_id STRING, record_key STRING
UNWIND $record_ids AS record_id
MATCH (record:SourceRecord {id: record_id})
REMOVE record._lock
RETURN record.id AS record_id, record.key AS record_key
