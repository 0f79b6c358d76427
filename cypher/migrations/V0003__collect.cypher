// What could not be accepted, and why.

CREATE CONSTRAINT dead_letter_id IF NOT EXISTS FOR (n:DeadLetter) REQUIRE n.id IS UNIQUE;

CREATE INDEX dead_letter_source_received_at IF NOT EXISTS FOR (n:DeadLetter) ON (n.source, n.received_at);

CALL db.createProperty('code');
CALL db.createProperty('message');
CALL db.createProperty('message_id');
