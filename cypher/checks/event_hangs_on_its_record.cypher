// An event that does not hang on exactly the record whose key it carries.
//
// @mode    read
// @returns many  event_id STRING, record_count INTEGER
MATCH (event:Event)
WITH event, COUNT { (record:SourceRecord)-[:PERFORMED]->(event) WHERE record.key = event.record_key } AS record_count
WHERE record_count <> 1
RETURN event.id AS event_id, record_count
LIMIT 100
