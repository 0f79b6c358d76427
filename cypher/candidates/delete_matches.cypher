// Matches that no longer hold: nothing asks a human about them any more.
//
// @mode    write
// @param   matches  LIST OF LIST  [lower key, higher key]
// @param   now      INTEGER       epoch milliseconds
// @returns none
UNWIND $matches AS row
MATCH (left:SourceRecord {key: row[0]})-[match:MATCHES]->(right:SourceRecord {key: row[1]})
DELETE match
WITH left, right
OPTIONAL MATCH (task:ReviewTask {record_ids: [left.id, right.id]})
WHERE task.state = 'open'
SET task.state = 'closed', task.closed_at = $now
