// What the database knows of its migrations, oldest first.
//
// @mode    read
// @scan    a few dozen nodes, read at start and by `graph-cdp migrate`
// @returns many  id STRING, checksum STRING, statements_done INTEGER, statements_total INTEGER, applied_at INTEGER?
MATCH (migration:Migration)
WHERE migration.id <> 'lock'
RETURN migration.id AS id, migration.checksum AS checksum, migration.statements_done AS statements_done,
       migration.statements_total AS statements_total, migration.applied_at AS applied_at
ORDER BY id
