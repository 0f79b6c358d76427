// Events by their ids, each with its record. No row for an id that nothing has.
//
// @mode    read
// @param   event_ids  LIST OF STRING  opaque ids of events
// @returns many  record_id STRING, id STRING, message_id STRING, source STRING, type STRING, name STRING?, occurred_at INTEGER, received_at INTEGER
UNWIND $event_ids AS event_id
MATCH (event:Event {id: event_id})
MATCH (record:SourceRecord {key: event.record_key})
RETURN record.id AS record_id, event.id AS id, event.message_id AS message_id, event.source AS source,
       event.type AS type, event.name AS name, event.occurred_at AS occurred_at, event.received_at AS received_at
