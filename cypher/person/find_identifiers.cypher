// Identifiers by their ids. No row for an id that nothing has.
//
// @mode    read
// @param   identifier_ids  LIST OF STRING  opaque ids of identifiers
// @returns many  id STRING, kind STRING, value STRING, contested BOOLEAN
UNWIND $identifier_ids AS identifier_id
MATCH (identifier:Identifier {id: identifier_id})
RETURN identifier.id AS id, identifier.kind AS kind, identifier.value AS value,
       coalesce(identifier.contested, false) AS contested
