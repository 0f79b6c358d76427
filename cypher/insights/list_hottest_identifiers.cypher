// The identifiers that the most records hold: a placeholder that is not known as junk, a shop's own phone, a shared device.
//
// @mode    read
// @scan    all identifiers are compared by their holders: a report that the service makes every few minutes
// @param   row_limit  INTEGER  how many identifiers at most
// @returns many  identifier_id STRING, kind STRING, holdings INTEGER, contested BOOLEAN, capped BOOLEAN
MATCH (identifier:Identifier)
WITH identifier, count { (identifier)<-[:HAS_IDENTIFIER]-() } AS holdings
WHERE holdings > 1
ORDER BY holdings DESC, identifier.id
LIMIT $row_limit
RETURN identifier.id AS identifier_id, identifier.kind AS kind, holdings,
  coalesce(identifier.contested, false) AS contested, coalesce(identifier.capped, false) AS capped
