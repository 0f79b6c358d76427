// The health report counts contested identifiers, of which there are few among many.

CREATE INDEX identifier_contested IF NOT EXISTS FOR (n:Identifier) ON (n.contested);
CREATE INDEX review_task_state IF NOT EXISTS FOR (n:ReviewTask) ON (n.state);
