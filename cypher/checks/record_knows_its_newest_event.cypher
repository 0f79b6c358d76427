// A record that says when its newest event occurred, and is wrong: first pages of timelines leave out what it did. One that says nothing
// is always looked at.
//
// @mode    read
// @returns many  record_key STRING
MATCH (record:SourceRecord)
WHERE record.last_event_at IS NOT NULL
CALL (record) {
  MATCH (record)-[:PERFORMED]->(event:Event)
  RETURN max(event.occurred_at) AS newest
}
WITH record, newest
WHERE newest IS NULL OR newest <> record.last_event_at
RETURN record.key AS record_key
LIMIT 100
