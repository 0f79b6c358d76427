// What matching learned, so that a weight can be explained for ever; and tasks about two records that may be one person.

CREATE CONSTRAINT match_policy_version IF NOT EXISTS FOR (n:MatchPolicy) REQUIRE n.version IS UNIQUE;
CREATE CONSTRAINT review_task_record_ids IF NOT EXISTS FOR (n:ReviewTask) REQUIRE n.record_ids IS UNIQUE;

UNWIND ['text', 'version'] AS name
CALL db.createProperty(name)
RETURN count(*);
