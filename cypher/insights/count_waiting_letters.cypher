// How many dead letters of each source wait for a human.
//
// @mode    read
// @returns many  source STRING, letters INTEGER
MATCH (letter:DeadLetter)
USING INDEX SEEK letter:DeadLetter(state, received_at)
WHERE letter.state = 'waiting' AND letter.received_at >= 0
RETURN letter.source AS source, count(*) AS letters
ORDER BY source
