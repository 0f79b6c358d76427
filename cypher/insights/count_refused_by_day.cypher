// How many messages of each source were refused on each day since then, whatever became of them later.
//
// @mode    read
// @param   since  INTEGER  epoch ms
// @returns many  source STRING, day INTEGER, refused INTEGER
UNWIND ['waiting', 'replayed', 'discarded'] AS state
MATCH (letter:DeadLetter)
USING INDEX SEEK letter:DeadLetter(state, received_at)
WHERE letter.state = state AND letter.received_at >= $since
RETURN letter.source AS source, letter.received_at / 86400000 AS day, count(*) AS refused
ORDER BY source, day
