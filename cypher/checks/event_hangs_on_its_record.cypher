// An event that does not hang on exactly the record whose key it carries; one about nobody carries none, and hangs on none.
//
// @mode    read
// @returns many  event_id STRING, record_count INTEGER
MATCH (event:Event)
WITH event,
     COUNT { (:SourceRecord)-[:PERFORMED]->(event) } AS record_count,
     COUNT { (record:SourceRecord)-[:PERFORMED]->(event) WHERE record.key = event.record_key } AS own_count
WHERE own_count <> CASE WHEN event.record_key IS NULL THEN 0 ELSE 1 END OR record_count <> own_count
RETURN event.id AS event_id, record_count
LIMIT 100
