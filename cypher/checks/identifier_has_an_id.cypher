// An identifier without an opaque id: the journal could not name it.
//
// @mode    read
// @returns many  kind STRING
// @scan    a check of the whole graph
MATCH (identifier:Identifier)
WHERE identifier.id IS NULL
RETURN identifier.kind AS kind
LIMIT 100
