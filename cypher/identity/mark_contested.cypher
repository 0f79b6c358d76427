// Say on an identifier that it is contested, or no longer; and that it is capped from now on.
//
// @mode    write
// @param   identifiers  LIST OF MAP  {kind, value, contested: true or null, capped: true or null to leave it}
// @returns none
UNWIND $identifiers AS row
MATCH (identifier:Identifier {kind: row.kind, value: row.value})
SET identifier.contested = row.contested, identifier.capped = coalesce(row.capped, identifier.capped)
