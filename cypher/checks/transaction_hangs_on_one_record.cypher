// A transaction that does not hang on exactly the record whose key it carries.
//
// @mode    read
// @returns many  transaction_id STRING, record_count INTEGER
MATCH (transaction:Transaction)
WITH transaction,
     COUNT { (record:SourceRecord)-[:MADE]->(transaction) WHERE record.key = transaction.record_key } AS record_count
WHERE record_count <> 1
RETURN transaction.id AS transaction_id, record_count
LIMIT 100
