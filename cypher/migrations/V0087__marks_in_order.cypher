// Marks are read in the order in which they were made, a few of as many as there are records.

CREATE INDEX job_kind_state_marked_at IF NOT EXISTS FOR (n:Job) ON (n.kind, n.state, n.marked_at);
DROP INDEX job_kind_state IF EXISTS;
