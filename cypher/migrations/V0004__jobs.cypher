// Durable marks of work that is left to a job, found by what is still pending.

CREATE CONSTRAINT job_id IF NOT EXISTS FOR (n:Job) REQUIRE n.id IS UNIQUE;
CREATE INDEX job_kind_state IF NOT EXISTS FOR (n:Job) ON (n.kind, n.state);

UNWIND ['marked_at', 'settled_at'] AS name
CALL db.createProperty(name)
RETURN count(*);
