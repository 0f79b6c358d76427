// What humans said of records.
// A row: [id, kind, at, [key of a record on the left, …], [key of a record on the right, …]].
//
// @mode    read
// @param   verdict_ids  LIST OF STRING  ids of verdicts
// @returns one  rows LIST OF LIST
UNWIND $verdict_ids AS verdict_id
MATCH (verdict:Verdict {id: verdict_id})
RETURN collect([
  verdict.id, verdict.kind, verdict.at,
  [(verdict)-[on:ON]->(record:SourceRecord) WHERE on.side = 'left' | record.key],
  [(verdict)-[on:ON]->(record:SourceRecord) WHERE on.side = 'right' | record.key]
]) AS rows
