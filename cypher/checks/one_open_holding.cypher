// A record that holds one identifier in two open intervals at once.
//
// @mode    read
// @returns many  record_id STRING, identifier_id STRING
MATCH (record:SourceRecord)-[holding:HAS_IDENTIFIER]->(identifier:Identifier)
WHERE holding.valid_to IS NULL
WITH record, identifier, count(holding) AS open_count
WHERE open_count > 1
RETURN record.id AS record_id, identifier.id AS identifier_id
LIMIT 100
