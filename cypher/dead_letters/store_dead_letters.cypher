// Keep messages that were refused; one that is sent again, and refused again, is kept once.
//
// @mode    write
// @param   letters  LIST OF MAP  {id, source, message_id, code, message, payload, received_at}, sorted by id
// @returns none
UNWIND $letters AS row
MERGE (letter:DeadLetter {id: row.id})
ON CREATE SET letter = row
ON MATCH SET letter.last_received_at = row.received_at
