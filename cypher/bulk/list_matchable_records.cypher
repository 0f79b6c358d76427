// A page of records, by key, with what matching compares and the matches that were found before.
// A row: [key, source, {property: value}, [[kind, value] of an identifier held now, …],
// [[key of the other record, weight, probability], …]]; each match stands at the lower of its two keys.
//
// @mode    read
// @param   after_key  STRING          key of the last record seen; empty to start
// @param   kinds      LIST OF STRING  the kinds of identifiers that are compared
// @param   row_limit  INTEGER         how many
// @returns one  rows LIST OF LIST
MATCH (record:SourceRecord)
WHERE record.key > $after_key
WITH record ORDER BY record.key LIMIT $row_limit
RETURN collect([
  record.key, record.source, properties(record),
  [(record)-[holding:HAS_IDENTIFIER]->(identifier:Identifier)
    WHERE holding.valid_to IS NULL AND identifier.kind IN $kinds | [identifier.kind, identifier.value]],
  [(record)-[match:MATCHES]->(other:SourceRecord) |
    [other.key, match.weight, match.probability]]
]) AS rows
