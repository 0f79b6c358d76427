// A page of the messages that were refused, the newest first: state by state in the order of the index, and merged.
//
// @mode    read
// @param   states     LIST OF STRING  of 'waiting', 'replayed', 'discarded'
// @param   source     STRING   only of this source; null: of all
// @param   code       STRING   only for this reason; null: for all
// @param   rule       STRING   only those that this business rule refused; null: all
// @param   since      INTEGER  first received then or later, epoch ms; 0: ever
// @param   until      INTEGER  first received then or earlier, epoch ms; the largest integer: ever
// @param   before_at  INTEGER  received_at of the last row seen, epoch ms; the largest integer to start
// @param   before_id  STRING   its id; empty to start
// @param   row_limit  INTEGER  how many at most
// @returns many  id STRING, source STRING, message_id STRING?, code STRING, message STRING, rule STRING?, payload STRING, received_at INTEGER, door STRING, place INTEGER, is_whole BOOLEAN, state STRING, org_unit STRING?, last_received_at INTEGER?, settled_at INTEGER?, tried_by STRING?, import_id STRING?
UNWIND $states AS state
CALL (state) {
  MATCH (letter:DeadLetter)
  USING INDEX SEEK letter:DeadLetter(state, received_at)
  WHERE letter.state = state AND letter.received_at <= $before_at AND letter.received_at >= $since
    // CASE, since OR would become a union of two reads of all; state, since the index is sorted by it first.
    AND CASE letter.received_at WHEN $before_at THEN letter.id < $before_id ELSE true END
    AND letter.received_at <= $until
    AND ($source IS NULL OR letter.source = $source)
    AND ($code IS NULL OR letter.code = $code)
    AND ($rule IS NULL OR letter.rule = $rule)
  RETURN letter
  ORDER BY letter.state DESC, letter.received_at DESC, letter.id DESC
  LIMIT $row_limit
}
RETURN letter.id AS id, letter.source AS source, letter.message_id AS message_id, letter.code AS code,
       letter.message AS message, letter.rule AS rule, letter.payload AS payload, letter.received_at AS received_at,
       letter.door AS door, letter.place AS place, letter.is_whole AS is_whole, letter.state AS state,
       letter.org_unit AS org_unit, letter.last_received_at AS last_received_at, letter.settled_at AS settled_at,
       letter.tried_by AS tried_by, letter.import_id AS import_id
ORDER BY received_at DESC, id DESC
LIMIT $row_limit
