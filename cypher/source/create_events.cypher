// The messages of a batch, each on the record that performed it.
//
// @mode    write
// @param   events  LIST OF MAP  {record_key, properties}
// @returns none
UNWIND $events AS row
MATCH (record:SourceRecord {key: row.record_key})
CREATE (record)-[:PERFORMED]->(event:Event)
SET event = row.properties
