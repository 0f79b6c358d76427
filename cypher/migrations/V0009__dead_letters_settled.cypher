// Dead letters are replayed, mended or discarded, and found by how they stand.

CREATE INDEX dead_letter_state_received_at IF NOT EXISTS FOR (n:DeadLetter) ON (n.state, n.received_at);

UNWIND ['door', 'place', 'is_whole', 'settled_at', 'rule'] AS name
CALL db.createProperty(name)
RETURN count(*);

MATCH (letter:DeadLetter)
WHERE letter.state IS NULL
SET letter.state = 'waiting', letter.door = 'http', letter.place = 0, letter.is_whole = size(letter.payload) < 65536;
