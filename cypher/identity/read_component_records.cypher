// What decides the identity of these records: names, birth date, identifiers held now, and the person they resolve to.
// A row: [key, id, source, [first name, last name, whole name], birth date, person id, [[kind, value, first_seen_at, last_seen_at], …],
// [id of a verdict about it, …], [[key of a record that it matches, weight, probability], …]].
//
// @mode    read
// @param   record_keys  LIST OF STRING  keys of records
// @returns one  rows LIST OF LIST
UNWIND $record_keys AS record_key
MATCH (record:SourceRecord {key: record_key})
OPTIONAL MATCH (record)-[:RESOLVES_TO]->(person:Person)
RETURN collect([
  record.key, record.id, record.source, [record.first_name, record.last_name, record.name], record.birth_date, person.id,
  [(record)-[holding:HAS_IDENTIFIER]->(identifier:Identifier) WHERE holding.valid_to IS NULL |
    [identifier.kind, identifier.value, holding.first_seen_at, holding.last_seen_at]],
  [(record)<-[:ON]-(verdict:Verdict) | verdict.id],
  [(record)-[match:MATCHES]-(other:SourceRecord) | [other.key, match.weight, match.probability]]
]) AS rows
