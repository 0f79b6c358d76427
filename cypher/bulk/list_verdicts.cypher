// A page of what humans said of records, by id.
// A row: [id, kind, at, [key of a record on the left, …], [key of a record on the right, …]].
//
// @mode    read
// @param   after_id   STRING   id of the last verdict seen; empty to start
// @param   row_limit  INTEGER  how many
// @returns one  rows LIST OF LIST
MATCH (verdict:Verdict)
WHERE verdict.id > $after_id
WITH verdict ORDER BY verdict.id LIMIT $row_limit
RETURN collect([
  verdict.id, verdict.kind, verdict.at,
  [(verdict)-[on:ON]->(record:SourceRecord) WHERE on.side = 'left' | record.key],
  [(verdict)-[on:ON]->(record:SourceRecord) WHERE on.side = 'right' | record.key]
]) AS rows
