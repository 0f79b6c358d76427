// Changed times of the open intervals in which records hold identifiers; `valid_to` closes one.
//
// The holdings of a record are walked once, and only the times that differ are written: every message about a known
// record comes by here.
//
// @mode    write
// @param   records  LIST OF MAP  {key, holdings: [[kind, value, {the properties that change}], …]}
// @returns none
UNWIND $records AS row
MATCH (record:SourceRecord {key: row.key})-[holding:HAS_IDENTIFIER]->(identifier:Identifier)
WHERE holding.valid_to IS NULL
UNWIND row.holdings AS changed
WITH holding, identifier, changed
WHERE identifier.kind = changed[0] AND identifier.value = changed[1]
SET holding += changed[2]
