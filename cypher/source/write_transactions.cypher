// The transactions of a batch, each on the record that made it; the newest statement about a transaction wins.
//
// @mode    write
// @param   transactions  LIST OF MAP  {key, id, record_key, occurred_at, properties}, sorted by key
// @returns none
UNWIND $transactions AS row
MATCH (record:SourceRecord {key: row.record_key})
MERGE (transaction:Transaction {key: row.key})
ON CREATE SET transaction.id = row.id, transaction.record_key = row.record_key
FOREACH (_ IN CASE WHEN transaction.id = row.id THEN [1] ELSE [] END | CREATE (record)-[:MADE]->(transaction))
FOREACH (_ IN CASE WHEN coalesce(transaction.occurred_at, row.occurred_at) <= row.occurred_at THEN [1] ELSE [] END |
  SET transaction += row.properties, transaction.occurred_at = row.occurred_at)
