// How many of these identifiers are contested: they touch people who may not be one, and join nobody.
//
// @mode    read
// @param   kind    STRING          the identifiers' kind, for example 'anonymous_id'
// @param   values  LIST OF STRING  their normalised values
// @returns one  contested_count INTEGER
UNWIND $values AS value
MATCH (identifier:Identifier {kind: $kind, value: value})
WHERE identifier.contested
RETURN count(identifier) AS contested_count
