// How many messages of each source were refused, by reason and rule, the most first.
//
// @mode    read
// @param   states     LIST OF STRING  of 'waiting', 'replayed', 'discarded'
// @param   source     STRING   only of this source; null: of all
// @param   code       STRING   only for this reason; null: for all
// @param   rule       STRING   only those that this business rule refused; null: all
// @param   since      INTEGER  first received then or later, epoch ms; 0: ever
// @param   until      INTEGER  first received then or earlier, epoch ms; the largest integer: ever
// @param   row_limit  INTEGER  how many rows at most
// @returns many  source STRING, code STRING, rule STRING?, letters INTEGER, newest_received_at INTEGER
UNWIND $states AS state
MATCH (letter:DeadLetter)
USING INDEX SEEK letter:DeadLetter(state, received_at)
WHERE letter.state = state AND letter.received_at >= $since AND letter.received_at <= $until
  AND ($source IS NULL OR letter.source = $source)
  AND ($code IS NULL OR letter.code = $code)
  AND ($rule IS NULL OR letter.rule = $rule)
RETURN letter.source AS source, letter.code AS code, letter.rule AS rule, count(*) AS letters,
       max(letter.received_at) AS newest_received_at
ORDER BY letters DESC, source, code, rule
LIMIT $row_limit
