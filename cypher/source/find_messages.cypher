// Which of these messages are stored already, and the hash of what they said.
// A row: [source, message id, hash of the body].
//
// @mode    read
// @param   messages  LIST OF LIST  [source, message id]
// @returns one  rows LIST OF LIST
UNWIND $messages AS row
MATCH (event:Event {source: row[0], message_id: row[1]})
RETURN collect([event.source, event.message_id, event.body_hash]) AS rows
