// A page of each person's timeline, newest first. Read record by record in the order of the index and merged, so
// that it costs the same for a person with 10 events and one with 100,000.
//
// @mode    read
// @param   person_ids  LIST OF STRING  ids of people
// @param   types       LIST OF STRING  only events of these types; null: of all
// @param   before_at   INTEGER         occurred_at of the last row seen, epoch ms; the largest integer to start
// @param   before_id   STRING          its id; empty to start
// @param   row_limit   INTEGER         rows for each person
// @returns many  person_id STRING, record_id STRING, id STRING, message_id STRING, source STRING, type STRING, name STRING?, occurred_at INTEGER, received_at INTEGER
UNWIND $person_ids AS person_id
CALL (person_id) {
  MATCH (:Person {id: person_id})<-[:RESOLVES_TO]-(record:SourceRecord)
  CALL (record) {
    MATCH (event:Event)
    USING INDEX SEEK event:Event(record_key, occurred_at)
    WHERE event.record_key = record.key AND event.occurred_at <= $before_at
      // CASE, since OR would become a union of two reads of all; record_key, since the index is sorted by it first.
      AND CASE event.occurred_at WHEN $before_at THEN event.id < $before_id ELSE true END
      AND ($types IS NULL OR event.type IN $types)
    RETURN event
    ORDER BY event.record_key DESC, event.occurred_at DESC, event.id DESC
    LIMIT $row_limit
  }
  RETURN record, event
  ORDER BY event.occurred_at DESC, event.id DESC
  LIMIT $row_limit
}
RETURN person_id, record.id AS record_id, event.id AS id, event.message_id AS message_id, event.source AS source,
       event.type AS type, event.name AS name, event.occurred_at AS occurred_at, event.received_at AS received_at
ORDER BY occurred_at DESC, id DESC
