// The messages of a batch that are about nobody (a product, a store, a verdict): each by itself, with no record.
// A row: [id, source, message id, type, name, occurred_at, received_at, payload, hash of the body, flags or null].
//
// @mode    write
// @param   events  LIST OF LIST  the messages
// @returns none
UNWIND $events AS said
CREATE (event:Event {
  id: said[0], source: said[1], message_id: said[2], type: said[3], name: said[4], occurred_at: said[5],
  received_at: said[6], payload: said[7], body_hash: said[8], flags: said[9]
})
FOREACH (_ IN CASE WHEN said[9] IS NULL THEN [] ELSE [1] END | SET event:Flagged)
