// Dead letters are replayed, mended or discarded, and found by how they stand.

CREATE INDEX dead_letter_state_received_at IF NOT EXISTS FOR (n:DeadLetter) ON (n.state, n.received_at);

UNWIND ['door', 'place', 'is_whole', 'settled_at', 'last_received_at', 'org_unit'] AS name
CALL db.createProperty(name)
RETURN count(*);

MATCH (letter:DeadLetter)
WHERE letter.state IS NULL
SET letter.state = 'waiting', letter.door = 'http', letter.place = 0,
    letter.is_whole = size(letter.payload) < 65536
      AND NOT letter.code IN ['DUPLICATE_KEY', 'INVALID_NUMBER', 'INVALID_TEXT', 'TOO_DEEP'];
