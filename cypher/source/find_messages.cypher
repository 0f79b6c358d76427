// Which of these messages are stored already, and the hash of what they said.
//
// @mode    read
// @param   messages  LIST OF MAP  {source, message_id}
// @returns many  source STRING, message_id STRING, body_hash STRING
UNWIND $messages AS row
MATCH (event:Event {source: row.source, message_id: row.message_id})
RETURN event.source AS source, event.message_id AS message_id, event.body_hash AS body_hash
