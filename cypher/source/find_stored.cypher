// Where stored messages hang: the record of each and the person that it resolves to now, both null for what is about nobody.
//
// @mode    read
// @param   messages  LIST OF MAP  {source, message_id}
// @returns many  message_id STRING, record_id STRING?, person_id STRING?
UNWIND $messages AS row
MATCH (event:Event {source: row.source, message_id: row.message_id})
OPTIONAL MATCH (event)<-[:PERFORMED]-(record:SourceRecord)
OPTIONAL MATCH (record)-[:RESOLVES_TO]->(person:Person)
RETURN event.message_id AS message_id, record.id AS record_id, person.id AS person_id
