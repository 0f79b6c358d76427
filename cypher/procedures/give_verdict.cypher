// Say that records are the same person, or are not: it outweighs every identifier and match, and holds until a newer
// verdict. The service resolves anew within a second, because each record is marked.
//
// @mode    write
// @param   verdicts  LIST OF MAP  {id, kind: 'same' or 'not_same', left: [record id, …], right: […], at, by, reason}
// @returns one  verdict_count INTEGER
UNWIND $verdicts AS row
CREATE (verdict:Verdict {
  id: coalesce(row.id, randomUUID()), kind: row.kind, at: coalesce(row.at, timestamp()), by: row.by, reason: row.reason
})
WITH row, verdict
CALL (row, verdict) {
  UNWIND [id IN row.left | [id, 'left']] + [id IN row.right | [id, 'right']] AS side
  MATCH (record:SourceRecord {id: side[0]})
  CREATE (verdict)-[:ON {side: side[1]}]->(record)
  MERGE (job:Job {id: 'resolve ' + record.id})
  ON CREATE SET job.kind = 'resolve'
  SET job.state = 'pending', job.marked_at = timestamp()
  MERGE (job)-[:ABOUT]->(record)
}
RETURN count(verdict) AS verdict_count
