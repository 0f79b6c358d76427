// The messages of a batch, each on the record that performed it; one that a business rule flagged says so.
//
// @mode    write
// @param   events  LIST OF MAP  {record_key, properties}
// @returns none
UNWIND $events AS row
MATCH (record:SourceRecord {key: row.record_key})
CREATE (record)-[:PERFORMED]->(event:Event)
SET event = row.properties
FOREACH (_ IN CASE WHEN row.properties.flags IS NULL THEN [] ELSE [1] END | SET event:Flagged)
