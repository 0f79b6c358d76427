// The key of a migration, before the first one runs.
//
// @mode    write
// @returns none
CREATE CONSTRAINT migration_id IF NOT EXISTS
FOR (migration:Migration) REQUIRE migration.id IS UNIQUE
