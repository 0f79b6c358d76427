// The identifiers that a batch changes the holders of, locked until its commit, made where they are new, with the
// records that hold each now.
// A row: [kind, value, id, whether it is contested, whether it is capped,
// [key of a record that holds it, …]]; of one that is capped the holders are not read.
//
// @mode    write
// @param   identifiers  LIST OF MAP  {kind, value, id, is_device}, sorted by kind and value
// @param   now          INTEGER      epoch milliseconds
// @returns one  rows LIST OF LIST
UNWIND $identifiers AS row
MERGE (identifier:Identifier {kind: row.kind, value: row.value})
ON CREATE SET identifier.id = row.id, identifier.created_at = $now
REMOVE identifier._lock
FOREACH (_ IN CASE WHEN row.is_device AND identifier.id = row.id THEN [1] ELSE [] END | SET identifier:Device)
WITH identifier
RETURN collect([
  identifier.kind, identifier.value, identifier.id, coalesce(identifier.contested, false),
  coalesce(identifier.capped, false),
  CASE WHEN identifier.capped THEN [] ELSE
    [(identifier)<-[holding:HAS_IDENTIFIER]-(record:SourceRecord) WHERE holding.valid_to IS NULL | record.key] END
]) AS rows
