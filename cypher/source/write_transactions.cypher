// The transactions of a batch, each on the record that made it; the newest statement about a transaction wins, of two
// of one time the one with the greater hash, so that the order of arrival decides nothing.
//
// @mode    write
// @param   transactions  LIST OF MAP  {key, id, record_key, occurred_at, body_hash, properties}, sorted by key
// @returns none
UNWIND $transactions AS row
MATCH (record:SourceRecord {key: row.record_key})
MERGE (transaction:Transaction {key: row.key})
ON CREATE SET transaction.id = row.id, transaction.record_key = row.record_key
FOREACH (_ IN CASE WHEN transaction.id = row.id THEN [1] ELSE [] END | CREATE (record)-[:MADE]->(transaction))
FOREACH (_ IN CASE
  WHEN coalesce(transaction.occurred_at, row.occurred_at) < row.occurred_at THEN [1]
  WHEN coalesce(transaction.occurred_at, row.occurred_at) > row.occurred_at THEN []
  WHEN coalesce(transaction.body_hash, '') <= row.body_hash THEN [1]
  ELSE []
END |
  SET transaction += row.properties, transaction.occurred_at = row.occurred_at, transaction.body_hash = row.body_hash)
