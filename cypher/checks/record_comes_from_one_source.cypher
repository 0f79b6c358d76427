// A record that does not come from exactly the source that its key names.
//
// @mode    read
// @returns many  record_id STRING, source_count INTEGER
MATCH (record:SourceRecord)
WITH record, COUNT { (record)-[:FROM]->(source:Source) WHERE source.name = record.source } AS source_count
WHERE source_count <> 1
RETURN record.id AS record_id, source_count
LIMIT 100
