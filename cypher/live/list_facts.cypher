// The events and transactions of the records that are a person now, by when they were written.
//
// @mode    read
// @param   person_id  STRING   an id, of an absorbed person too
// @param   after_at   INTEGER  epoch milliseconds: written then or later
// @param   after_id   STRING   of those written then, only with a greater id; '' for all
// @param   row_limit  INTEGER  how many at most
// @returns many  kind STRING, id STRING, occurred_at INTEGER, at INTEGER
MATCH (:Person {id: $person_id})-[:MERGED_INTO*0..]->(:Person)<-[:RESOLVES_TO]-(record:SourceRecord)
CALL (record) {
  MATCH (fact:Event)
  USING INDEX SEEK fact:Event(record_key, recorded_at)
  WHERE fact.record_key = record.key AND fact.recorded_at >= $after_at
    AND CASE fact.recorded_at WHEN $after_at THEN fact.id > $after_id ELSE true END
  RETURN 'event' AS kind, fact
  ORDER BY fact.record_key, fact.recorded_at, fact.id
  LIMIT $row_limit
  UNION ALL
  MATCH (fact:Transaction)
  USING INDEX SEEK fact:Transaction(record_key, recorded_at)
  WHERE fact.record_key = record.key AND fact.recorded_at >= $after_at AND fact.kind IS NOT NULL
    AND CASE fact.recorded_at WHEN $after_at THEN fact.id > $after_id ELSE true END
  RETURN 'transaction' AS kind, fact
  ORDER BY fact.record_key, fact.recorded_at, fact.id
  LIMIT $row_limit
}
RETURN kind, fact.id AS id, fact.occurred_at AS occurred_at, fact.recorded_at AS at
ORDER BY at, id
LIMIT $row_limit
