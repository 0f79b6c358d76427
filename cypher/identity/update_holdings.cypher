// Changed times of the open intervals in which records hold identifiers; `valid_to` closes one.
//
// @mode    write
// @param   holdings  LIST OF MAP  {record_key, kind, value, properties {first_seen_at, last_seen_at, valid_to}}
// @returns none
UNWIND $holdings AS row
MATCH (record:SourceRecord {key: row.record_key})-[holding:HAS_IDENTIFIER]->
      (:Identifier {kind: row.kind, value: row.value})
WHERE holding.valid_to IS NULL
SET holding = row.properties
