// Keep messages that were refused; one that is sent again, and refused again, is kept once; a row of a file is read by the mapping of its last
// import.
//
// @mode    write
// @param   letters  LIST OF MAP  {id, source, message_id, code, message, payload, received_at, import_id}, sorted by id
// @returns none
UNWIND $letters AS row
MERGE (letter:DeadLetter {id: row.id})
ON CREATE SET letter = row
ON MATCH SET letter.last_received_at = row.received_at, letter.import_id = row.import_id
