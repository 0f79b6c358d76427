// The records that hold these identifiers now.
// A row: [kind, value, id, whether it is contested, [key of a record that holds it, …]].
//
// @mode    read
// @param   identifiers  LIST OF LIST  [kind, value]
// @returns one  rows LIST OF LIST
UNWIND $identifiers AS pair
MATCH (identifier:Identifier {kind: pair[0], value: pair[1]})
RETURN collect([
  identifier.kind, identifier.value, identifier.id, coalesce(identifier.contested, false),
  [(identifier)<-[holding:HAS_IDENTIFIER]-(record:SourceRecord) WHERE holding.valid_to IS NULL | record.key]
]) AS rows
