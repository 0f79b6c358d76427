// One task for each match that is too weak to join two people and too strong to be chance; one that settled closes by itself.
//
// @mode    write
// @param   tasks  LIST OF MAP  {record_ids: of the lower key and of the higher, id, reason: null where it settled, person_ids}
// @param   now    INTEGER      epoch milliseconds
// @returns none
UNWIND $tasks AS row
OPTIONAL MATCH (stored:ReviewTask {record_ids: row.record_ids})
FOREACH (_ IN CASE WHEN stored IS NULL AND row.reason IS NOT NULL THEN [1] ELSE [] END |
  CREATE (made:ReviewTask {
    id: row.id, record_ids: row.record_ids, state: 'open', reason: row.reason, person_ids: row.person_ids, opened_at: $now
  })
  FOREACH (record_id IN row.record_ids |
    MERGE (record:SourceRecord {id: record_id})
    CREATE (made)-[:ABOUT]->(record)))
FOREACH (task IN CASE WHEN row.reason IS NOT NULL THEN [one IN [stored] WHERE one IS NOT NULL] ELSE [] END |
  SET task.opened_at = CASE WHEN task.state = 'open' THEN task.opened_at ELSE $now END,
      task.state = 'open', task.closed_at = null, task.reason = row.reason, task.person_ids = row.person_ids)
FOREACH (task IN [one IN [stored] WHERE row.reason IS NULL AND one.state = 'open'] |
  SET task.state = 'closed', task.closed_at = $now)
