// The transactions of a batch, each on the record that made it; the newest statement about a transaction wins, whatever
// the order in which they come.
// A row: [key, whether this statement is the newest, whether there was one before].
//
// The lock comes before the comparison, so that of two writers the second compares with what the first wrote.
//
// @mode    write
// @param   transactions  LIST OF MAP  {key, id, record_key, stated_at, stated_hash, properties}, sorted by key, one a key
// @param   now           INTEGER      epoch milliseconds
// @returns one  rows LIST OF LIST
UNWIND $transactions AS row
MERGE (transaction:Transaction {key: row.key})
ON CREATE SET transaction.id = row.id
REMOVE transaction._lock
WITH row, transaction, transaction.stated_at AS before,
     transaction.stated_at IS NULL OR transaction.stated_at < row.stated_at
     OR transaction.stated_at = row.stated_at AND transaction.stated_hash < row.stated_hash AS wins
CALL (row, transaction, wins) {
  WITH row, transaction, wins
  WHERE wins AND coalesce(transaction.record_key, '') <> row.record_key
  OPTIONAL MATCH (:SourceRecord)-[former:MADE]->(transaction)
  DELETE former
  WITH DISTINCT row, transaction
  MATCH (record:SourceRecord {key: row.record_key})
  CREATE (record)-[:MADE]->(transaction)
}
FOREACH (_ IN CASE WHEN wins THEN [1] ELSE [] END |
  SET transaction += row.properties, transaction.record_key = row.record_key, transaction.occurred_at = row.stated_at,
      transaction.stated_at = row.stated_at, transaction.stated_hash = row.stated_hash,
      transaction.recorded_at = $now)
RETURN collect([row.key, wins, before IS NOT NULL]) AS rows
