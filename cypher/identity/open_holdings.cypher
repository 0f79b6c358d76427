// New intervals in which records hold identifiers.
// A row: [key, [[kind, value, first_seen_at, last_seen_at, valid_to], …]].
//
// @mode    write
// @param   records  LIST OF LIST  the new holdings of each
// @returns none
UNWIND $records AS row
MATCH (record:SourceRecord {key: row[0]})
UNWIND row[1] AS opened
MATCH (identifier:Identifier {kind: opened[0], value: opened[1]})
CREATE (record)-[:HAS_IDENTIFIER {
  first_seen_at: opened[2], last_seen_at: opened[3], valid_to: opened[4]
}]->(identifier)
