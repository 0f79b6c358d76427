// The records that have a match key in common with one of these, by which both look for others, and with which.
// A row: [key, source, {property: value}, [[kind, value] of an identifier held now, …], [key of one of these, …]].
//
// @mode    read
// @param   record_keys  LIST OF STRING  keys of records
// @param   kinds        LIST OF STRING  the kinds of identifiers that are compared
// @returns one  rows LIST OF LIST
UNWIND $record_keys AS record_key
MATCH (:SourceRecord {key: record_key})-[mine:HAS_MATCH_KEY]->(:MatchKey)<-[theirs:HAS_MATCH_KEY]-(other:SourceRecord)
WHERE mine.unused IS NULL AND theirs.unused IS NULL
WITH other, collect(DISTINCT record_key) AS record_keys
RETURN collect([
  other.key, other.source, properties(other),
  [(other)-[holding:HAS_IDENTIFIER]->(identifier:Identifier)
    WHERE holding.valid_to IS NULL AND identifier.kind IN $kinds | [identifier.kind, identifier.value]],
  record_keys
]) AS rows
