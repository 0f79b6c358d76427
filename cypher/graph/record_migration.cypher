// Note how far a migration has come; after its last statement, when it was applied.
//
// @mode    write
// @param   id                STRING   for example 'V0001__the_graph'
// @param   checksum          STRING   SHA-256 of its statements, without comments and layout
// @param   statements_done   INTEGER  how many have been applied
// @param   statements_total  INTEGER  how many it holds
// @returns none
MERGE (migration:Migration {id: $id})
SET migration.checksum = $checksum,
    migration.statements_done = $statements_done,
    migration.statements_total = $statements_total,
    migration.applied_at = CASE WHEN $statements_done = $statements_total THEN timestamp() END
