// One task for each contested identifier that a human can help with; one that settled closes by itself.
//
// @mode    write
// @param   tasks  LIST OF MAP  {identifier_id, id, reason: null where it settled, person_ids}
// @param   now    INTEGER      epoch milliseconds
// @returns none
UNWIND $tasks AS row
MATCH (identifier:Identifier {id: row.identifier_id})
OPTIONAL MATCH (stored:ReviewTask {identifier_id: row.identifier_id})
FOREACH (_ IN CASE WHEN stored IS NULL AND row.reason IS NOT NULL THEN [1] ELSE [] END |
  CREATE (:ReviewTask {
    id: row.id, identifier_id: row.identifier_id, state: 'open', reason: row.reason, person_ids: row.person_ids,
    opened_at: $now
  })-[:ABOUT]->(identifier))
FOREACH (task IN CASE WHEN row.reason IS NOT NULL THEN [one IN [stored] WHERE one IS NOT NULL] ELSE [] END |
  SET task.opened_at = CASE WHEN task.state = 'open' THEN task.opened_at ELSE $now END,
      task.state = 'open', task.closed_at = null, task.reason = row.reason, task.person_ids = row.person_ids)
FOREACH (task IN [one IN [stored] WHERE row.reason IS NULL AND one.state = 'open'] |
  SET task.state = 'closed', task.closed_at = $now)
