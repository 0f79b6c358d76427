// The original messages of events, as they were received.
//
// @mode    read
// @param   event_ids  LIST OF STRING  opaque ids of events
// @returns many  id STRING, payload STRING
UNWIND $event_ids AS event_id
MATCH (event:Event {id: event_id})
RETURN event.id AS id, event.payload AS payload
