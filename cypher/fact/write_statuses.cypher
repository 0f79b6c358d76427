// How far transactions are, as said beside or without their other values; the newest word about each wins. A transaction
// that only its status has told of so far hangs on the record of that message.
//
// @mode    write
// @param   statuses  LIST OF MAP  {key, id, record_key, kind, status, stated_at, stated_hash}, sorted by key, one a key
// @param   now       INTEGER      epoch milliseconds
// @returns none
UNWIND $statuses AS row
MERGE (transaction:Transaction {key: row.key})
ON CREATE SET transaction.id = row.id
REMOVE transaction._lock
WITH row, transaction
CALL (row, transaction) {
  WITH row, transaction
  WHERE transaction.record_key IS NULL
  MATCH (record:SourceRecord {key: row.record_key})
  CREATE (record)-[:MADE]->(transaction)
  SET transaction.record_key = row.record_key, transaction.kind = row.kind, transaction.occurred_at = row.stated_at
}
WITH row, transaction
WHERE transaction.status_at IS NULL OR transaction.status_at < row.stated_at
  OR transaction.status_at = row.stated_at AND transaction.status_hash < row.stated_hash
SET transaction.status = row.status, transaction.status_at = row.stated_at, transaction.status_hash = row.stated_hash,
    transaction.recorded_at = $now
