// An open review task about no identifier, or about one that is not contested: a human is asked what is settled.
//
// @mode    read
// @returns many  task_id STRING, contested_count INTEGER
MATCH (task:ReviewTask)
WHERE task.state = 'open' AND task.identifier_id IS NOT NULL
WITH task, COUNT { (task)-[:ABOUT]->(identifier:Identifier) WHERE identifier.contested } AS contested_count
WHERE contested_count <> 1
RETURN task.id AS task_id, contested_count
LIMIT 100
