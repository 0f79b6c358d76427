// Delete what was refused before a time, and not again since, some at once; how many these were.
//
// @mode    write
// @param   before     INTEGER  epoch milliseconds
// @param   state      STRING   'waiting', 'replayed' or 'discarded'
// @param   row_limit  INTEGER  how many at most
// @returns one  forgotten INTEGER
MATCH (letter:DeadLetter {state: $state})
WHERE letter.received_at < $before AND coalesce(letter.last_received_at, letter.received_at) < $before
WITH letter
LIMIT $row_limit
DELETE letter
RETURN count(*) AS forgotten
