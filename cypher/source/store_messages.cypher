// The messages of a batch, by record: each is an event that the record performed, and changes what the record says and
// when it held its identifiers. One that a business rule flagged says so.
//
// Every message comes by here, so it is one statement, its rows are lists, and a record's holdings are walked once.
// Only what differs is written: null removes a property, `valid_to` closes an interval. The identifiers of intervals that
// begin are locked by now, so MERGE finds them. When graph_cdp learned of an interval's beginning and end is kept beside the
// times at which they happened, so that it can be said what was known at a time.
// A row: [key, {the properties that change: their names come from the allow-list of traits},
// [[kind, value, {the times of this open interval that change}], …],
// [[id, source, message id, type, name, occurred_at, received_at, payload, hash of the body, flags or null], …],
// [[kind, value, first_seen_at, last_seen_at, valid_to] of an interval that begins, …], whether it waits to be compared,
// when the newest of these messages occurred, or null].
//
// @mode    write
// @param   records  LIST OF LIST  sorted by key
// @param   now      INTEGER       epoch milliseconds
// @returns none
UNWIND $records AS row
MATCH (record:SourceRecord {key: row[0]})
SET record += row[1]
FOREACH (_ IN CASE WHEN row[5] THEN [1] ELSE [] END | SET record:Unmatched)
FOREACH (_ IN CASE WHEN record.last_event_at < row[6] THEN [1] ELSE [] END | SET record.last_event_at = row[6])
FOREACH (said IN row[3] |
  CREATE (record)-[:PERFORMED]->(event:Event {
    id: said[0], source: said[1], message_id: said[2], type: said[3], name: said[4], occurred_at: said[5],
    received_at: said[6], recorded_at: $now, record_key: row[0], payload: said[7], body_hash: said[8], flags: said[9]
  })
  FOREACH (_ IN CASE WHEN said[9] IS NULL THEN [] ELSE [1] END | SET event:Flagged))
FOREACH (opened IN row[4] |
  MERGE (identifier:Identifier {kind: opened[0], value: opened[1]})
  CREATE (record)-[:HAS_IDENTIFIER {
    first_seen_at: opened[2], last_seen_at: opened[3], valid_to: opened[4],
    recorded_at: $now, ended_at: CASE WHEN opened[4] IS NOT NULL THEN $now END
  }]->(identifier))
WITH record, row[2] AS changes
WHERE size(changes) > 0
MATCH (record)-[holding:HAS_IDENTIFIER]->(identifier:Identifier)
WHERE holding.valid_to IS NULL
UNWIND changes AS changed
WITH holding, identifier, changed[0] AS kind, changed[1] AS value, changed[2] AS times
WHERE identifier.kind = kind AND identifier.value = value
SET holding += CASE WHEN times.valid_to IS NULL THEN times ELSE times {.*, ended_at: $now} END
