// Records as matching sees them, locked until the commit.
// A row: [key, source, {property: value}, [[kind, value] of an identifier held now, …],
// [[key of a record that it matches, weight, probability], …], [hash of a match key that it has, …], whether it waits].
//
// REMOVE takes the lock of a node even where the property is absent, and writes nothing.
//
// @mode    write
// @param   record_keys  LIST OF STRING  keys of records, sorted
// @param   kinds        LIST OF STRING  the kinds of identifiers that are compared
// @returns one  rows LIST OF LIST
UNWIND $record_keys AS record_key
MATCH (record:SourceRecord {key: record_key})
REMOVE record._lock
WITH record
RETURN collect([
  record.key, record.source, properties(record),
  [(record)-[holding:HAS_IDENTIFIER]->(identifier:Identifier)
    WHERE holding.valid_to IS NULL AND identifier.kind IN $kinds | [identifier.kind, identifier.value]],
  [(record)-[match:MATCHES]-(other:SourceRecord) | [other.key, match.weight, match.probability]],
  [(record)-[:HAS_MATCH_KEY]->(match_key:MatchKey) | match_key.hash],
  record:Unmatched
]) AS rows
