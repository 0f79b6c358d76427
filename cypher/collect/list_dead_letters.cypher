// Messages that were refused, the newest first.
//
// @mode    read
// @param   state      STRING   'waiting', 'replayed' or 'discarded'
// @param   source     STRING   only of this source; null: of all
// @param   code       STRING   only for this reason; null: for all
// @param   row_limit  INTEGER  how many at most
// @returns many  id STRING, source STRING, message_id STRING?, code STRING, message STRING, payload STRING, received_at INTEGER, door STRING, place INTEGER, is_whole BOOLEAN, state STRING, org_unit STRING?
MATCH (letter:DeadLetter)
USING INDEX letter:DeadLetter(state, received_at)
WHERE letter.state = $state AND letter.received_at > 0 AND ($source IS NULL OR letter.source = $source) AND ($code IS NULL OR letter.code = $code)
RETURN letter.id AS id, letter.source AS source, letter.message_id AS message_id, letter.code AS code,
       letter.message AS message, letter.payload AS payload, letter.received_at AS received_at, letter.door AS door,
       letter.place AS place, letter.is_whole AS is_whole, letter.state AS state,
       letter.org_unit AS org_unit
ORDER BY received_at DESC, id
LIMIT $row_limit
