// The records that hold these identifiers now.
// A row: [kind, value, id, whether it is contested, whether it is capped,
// [key of a record that holds it, …]]; of one that is capped the holders are not read.
//
// @mode    read
// @param   identifiers  LIST OF LIST  [kind, value]
// @returns one  rows LIST OF LIST
UNWIND $identifiers AS pair
MATCH (identifier:Identifier {kind: pair[0], value: pair[1]})
RETURN collect([
  identifier.kind, identifier.value, identifier.id, coalesce(identifier.contested, false),
  coalesce(identifier.capped, false),
  CASE WHEN identifier.capped THEN [] ELSE
    [(identifier)<-[holding:HAS_IDENTIFIER]-(record:SourceRecord) WHERE holding.valid_to IS NULL | record.key] END
]) AS rows
