// The identifiers that a batch changes the holders of, locked until its commit, made where they are new, with the
// records that hold each now. There is no row of those that are new: they have the id of the parameter, and no holder.
// A row: [kind, value, id, whether it is contested, whether it is capped,
// [key of a record that holds it, …]]; of one that is capped the holders are not read.
//
// @mode    write
// @param   identifiers  LIST OF LIST  [kind, value, id, whether it is a device], sorted by kind and value
// @param   now          INTEGER       epoch milliseconds
// @returns one  rows LIST OF LIST
UNWIND $identifiers AS row
MERGE (identifier:Identifier {kind: row[0], value: row[1]})
ON CREATE SET identifier.id = row[2], identifier.created_at = $now
REMOVE identifier._lock
FOREACH (_ IN CASE WHEN row[3] AND identifier.id = row[2] THEN [1] ELSE [] END | SET identifier:Device)
WITH identifier, row
WHERE identifier.id <> row[2]
RETURN collect([
  identifier.kind, identifier.value, identifier.id, coalesce(identifier.contested, false),
  coalesce(identifier.capped, false),
  CASE WHEN identifier.capped THEN [] ELSE
    [(identifier)<-[holding:HAS_IDENTIFIER]-(record:SourceRecord) WHERE holding.valid_to IS NULL | record.key] END
]) AS rows
