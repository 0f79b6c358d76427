// What became of messages that were refused: replayed, discarded, or refused again for another reason. What is stored is
// replayed, whatever somebody else said of it meanwhile.
//
// @mode    write
// @param   letters  LIST OF MAP  {id, state, code, message, rule}, sorted by id
// @param   now      INTEGER      epoch milliseconds
// @param   by       STRING       who tried: whose call it is, and its idempotency key
// @returns none
UNWIND $letters AS row
MATCH (letter:DeadLetter {id: row.id})
WHERE letter.state = 'waiting' OR row.state = 'replayed'
SET letter.state = row.state, letter.code = row.code, letter.message = row.message, letter.rule = row.rule,
    letter.tried_by = $by, letter.settled_at = CASE row.state WHEN 'waiting' THEN null ELSE $now END
