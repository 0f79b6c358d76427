// Say on an identifier that it is contested, or no longer.
//
// @mode    write
// @param   identifiers  LIST OF MAP  {kind, value, contested}: true, or null to take the mark away
// @returns none
UNWIND $identifiers AS row
MATCH (identifier:Identifier {kind: row.kind, value: row.value})
SET identifier.contested = row.contested
